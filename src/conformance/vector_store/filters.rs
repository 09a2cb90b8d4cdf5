use super::sample::{at, count, filled, ids, record, refused, scan, search};
use crate::{
    domain::{Bounds, Filter, MAX_INTEGER, Record, Timestamp, Value},
    error::ErrorKind,
    roles::{CountRequest, ScanRequest, SearchRequest, VectorStore},
};

fn time(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis).expect("a time")
}

fn list(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// `a` and `b` have every field, `c` some, `d` only an empty list, `e` nothing.
fn records() -> Vec<Record> {
    vec![
        record("a")
            .with_field("season", "autumn")
            .with_field("clicks", 10_i64)
            .with_field("rate", 0.5)
            .with_field("approved", true)
            .with_field("shot", time(1_000))
            .with_field("elements", list(&["cup", "table"])),
        record("b")
            .with_field("season", "Autumn")
            .with_field("clicks", -3_i64)
            .with_field("rate", -0.0)
            .with_field("approved", false)
            .with_field("shot", time(1_001))
            .with_field("elements", list(&["cup"])),
        record("c").with_field("season", "winter").with_field("clicks", MAX_INTEGER).with_field("rate", -2.5),
        record("d").with_field("elements", list(&[])),
        record("e"),
    ]
}

fn range(name: &str, bounds: Bounds) -> Filter {
    Filter::Range(name.into(), bounds)
}

fn gt(value: impl Into<Value>) -> Bounds {
    Bounds { gt: Some(value.into()), ..Bounds::default() }
}

fn lt(value: impl Into<Value>) -> Bounds {
    Bounds { lt: Some(value.into()), ..Bounds::default() }
}

/// Filters with the ids that pass.
fn cases() -> Vec<(Filter, &'static str)> {
    let autumn = || Filter::eq("season", "autumn");
    let cup = || Filter::eq("elements", "cup");
    let both = Bounds { gt: Some((-3_i64).into()), lte: Some(10_i64.into()), ..Bounds::default() };
    let between = Bounds { gte: Some((-3_i64).into()), lt: Some(10_i64.into()), ..Bounds::default() };
    let nothing = Bounds { gt: Some(11_i64.into()), lt: Some(3_i64.into()), ..Bounds::default() };
    let point = Bounds { gte: Some(10_i64.into()), lte: Some(10_i64.into()), ..Bounds::default() };
    let beside = Bounds { gt: Some(10_i64.into()), lte: Some(10_i64.into()), ..Bounds::default() };
    vec![
        (autumn(), "a"),
        (Filter::eq("season", "autum"), ""),
        (Filter::eq("clicks", -3_i64), "b"),
        (Filter::eq("rate", 0.0), "b"),
        (Filter::eq("rate", -0.0), "b"),
        (Filter::eq("approved", false), "b"),
        (Filter::eq("shot", time(1_000)), "a"),
        (cup(), "ab"),
        (Filter::eq("elements", "table"), "a"),
        (Filter::eq("elements", ""), ""),
        (Filter::any_of("season", ["winter", "autumn", "autumn"]), "ac"),
        (Filter::any_of("elements", ["table", "cup"]), "ab"),
        (Filter::any_of("clicks", [10_i64, MAX_INTEGER]), "ac"),
        (Filter::any_of::<&str>("season", []), ""),
        (Filter::at_least("clicks", 10_i64), "ac"),
        (Filter::at_most("clicks", 10_i64), "ab"),
        (range("clicks", gt(10_i64)), "c"),
        (range("clicks", lt(-3_i64)), ""),
        (range("clicks", gt(MAX_INTEGER)), ""),
        (range("clicks", both), "a"),
        (range("clicks", between), "b"),
        (range("clicks", nothing), ""),
        (range("clicks", point), "a"),
        (range("clicks", beside), ""),
        (Filter::at_least("rate", 0.0), "ab"),
        (range("rate", gt(-0.0)), "a"),
        (range("rate", lt(0.0)), "c"),
        (Filter::at_most("rate", -0.0), "bc"),
        (Filter::at_least("shot", time(1_001)), "b"),
        (range("shot", lt(time(1_001))), "a"),
        (Filter::exists("season"), "abc"),
        (Filter::exists("elements"), "abd"),
        (autumn() & cup(), "a"),
        (autumn() | Filter::eq("season", "winter"), "ac"),
        (Filter::And(Vec::new()), "abcde"),
        (Filter::Or(Vec::new()), ""),
        (!Filter::And(Vec::new()), ""),
        (!Filter::Or(Vec::new()), "abcde"),
        (!autumn(), "bcde"),
        (!!autumn(), "a"),
        (!cup(), "cde"),
        (!Filter::any_of::<&str>("season", []), "abcde"),
        (!Filter::at_least("clicks", 0_i64), "bde"),
        (!Filter::exists("elements"), "ce"),
        ((!autumn()) & Filter::exists("season"), "bc"),
        (!(autumn() | cup()), "cde"),
        (!(autumn() & cup()) & !Filter::eq("approved", true) & Filter::exists("rate"), "bc"),
    ]
}

/// Every kind of filter means in search, scan and count what [`Filter`] says.
pub async fn applies_filters(store: &dyn VectorStore) {
    let records = records();
    filled(store, records.clone()).await;
    for (filter, wanted) in cases() {
        let wanted: Vec<_> = wanted.chars().map(String::from).collect();
        let meant = records.iter().filter(|record| filter.matches(&record.fields)).map(|record| &record.id);
        assert!(meant.eq(&wanted), "`Filter::matches` agrees about {filter:?}");
        let request = SearchRequest::new(at(10.0), 5).with_filter(filter.clone());
        assert_eq!(ids(&search(store, request).await), wanted, "a search with {filter:?}");
        assert_eq!(scan(store, Some(filter.clone()), 2).await, wanted, "a scan with {filter:?}");
        assert_eq!(count(store, Some(filter.clone())).await, wanted.len() as u64, "a count with {filter:?}");
    }
}

/// A filter is part of the search: one record among many nearer ones is found with `k` = 1.
pub async fn applies_filters_inside_the_search(store: &dyn VectorStore) {
    let near = (0..300).map(|i| record(&format!("near {i}")).with_field("season", "autumn"));
    let far = Record::new("far", at(170.0)).with_field("season", "winter");
    filled(store, near.chain([far]).collect()).await;
    let request = SearchRequest::new(at(10.0), 1).with_filter(Filter::eq("season", "winter"));
    assert_eq!(ids(&search(store, request).await), ["far"], "the only record that passes is found");
}

/// A filter that no record could be meant by is `InvalidInput` everywhere.
pub async fn refuses_bad_filters(store: &dyn VectorStore) {
    filled(store, records()).await;
    let mut deep = Filter::exists("season");
    for _ in 0..40 {
        deep = !deep;
    }
    let bad = [
        (Filter::eq("seasons", "autumn"), "an undeclared field"),
        (!Filter::exists("seasons"), "an undeclared field below a not"),
        (Filter::eq("note", "x"), "a field that is not filterable"),
        (Filter::any_of::<&str>("seasons", []), "an undeclared field with no values"),
        (Filter::eq("season", 3_i64), "a number for a text"),
        (Filter::eq("clicks", 3.0), "a float for an integer"),
        (Filter::eq("rate", 3_i64), "an integer for a float"),
        (Filter::eq("elements", list(&["cup"])), "a list for an element"),
        (Filter::at_least("season", "a"), "a range on text"),
        (Filter::at_least("approved", true), "a range on yes or no"),
        (range("clicks", Bounds::default()), "a range without bounds"),
        (Filter::eq("clicks", MAX_INTEGER + 1), "an integer above 2^53"),
        (Filter::at_least("rate", f64::NAN), "a bound that is not a number"),
        (deep, "forty levels"),
    ];
    for (filter, what) in bad {
        let kind = ErrorKind::InvalidInput;
        refused(store.search(SearchRequest::new(at(0.0), 1).with_filter(filter.clone())).await, kind, what);
        refused(store.scan(ScanRequest::new(1).with_filter(filter.clone())).await, kind, what);
        refused(store.count(CountRequest::new().with_filter(filter)).await, kind, what);
    }
}
