//! The checksum of a store.

use keyvisual::{
    adapt::{Checksum, Tally},
    domain::{Embedding, Record, Value},
};
use proptest::prelude::*;

use super::record;

#[test]
fn no_two_ways_to_cut_a_text_have_one_tally() {
    let vector = || Embedding::new(vec![1.0]).unwrap();
    let with = |value: Value| Tally::of(&Record::new("a", vector()).with_field("b", value)).unwrap();
    let list = |texts: &[&str]| with(Value::TextList(texts.iter().map(ToString::to_string).collect()));
    let mut all = vec![
        Tally::of(&Record::new("ab", vector())).unwrap(),
        with("".into()),
        with("ab".into()),
        with(0.into()),
        with(0.0.into()),
        with(false.into()),
        list(&[]),
        list(&[""]),
        list(&["ab"]),
        list(&["a", "b"]),
    ];
    assert_eq!(with((-0.0).into()), with(0.0.into()));
    let count = all.len();
    all.sort_by_key(|tally| tally.contents.to_string());
    all.dedup();
    assert_eq!(all.len(), count);
}

proptest! {
    #[test]
    fn tallies_add_up_in_any_order(mut order in Just((0..40).collect::<Vec<_>>()).prop_shuffle(), cut in 0_usize..40) {
        let sum = |places: &[usize]| {
            places.iter().fold(Tally::default(), |sum, i| sum.plus(Tally::of(&record(*i)).unwrap()))
        };
        let parts = sum(&order[..cut]).plus(sum(&order[cut..]));
        order.sort_unstable();
        prop_assert_eq!(parts, sum(&order));
        let kept: Tally = serde_json::from_str(&serde_json::to_string(&parts).unwrap()).unwrap();
        prop_assert_eq!(kept, parts);
    }
}

#[test]
fn a_checksum_that_is_none_is_refused() {
    for text in ["", "00", &"g".repeat(64), &"ü".repeat(32)] {
        assert!(Checksum::try_from(text.to_owned()).is_err(), "{text}");
    }
}
