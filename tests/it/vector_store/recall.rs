//! How much of the exact answer the index finds.

use keyvisual::{
    domain::{Embedding, FieldType, Filter, Record, Schema, Value},
    roles::{CreateRequest, SearchRequest, VectorStore},
};

use super::{put, space};

const DIMENSIONS: usize = 32;
const CENTRES: usize = 60;

struct Library {
    records: Vec<Record>,
    centres: Vec<Vec<f32>>,
    random: fastrand::Rng,
}

impl Library {
    fn new(records: usize) -> Self {
        let mut random = fastrand::Rng::with_seed(7);
        let mut point = || (0..DIMENSIONS).map(|_| random.f32() - 0.5).collect::<Vec<_>>();
        let centres = (0..CENTRES).map(|_| point()).collect();
        let mut library = Self { records: Vec::new(), centres, random };
        for i in 0..records {
            let record = Record::new(format!("{i:05}"), library.near(i % CENTRES));
            let (centre, bucket) = ((i % CENTRES) as i64, library.random.i64(0..100));
            let record = record.with_field("centre", centre).with_field("bucket", bucket);
            // Lists and truth values have no index of their own: the vectors' index meets the filter.
            let elements = vec![format!("thing {centre}"), "thing".to_owned()];
            library.records.push(record.with_field("elements", elements).with_field("tenth", bucket < 10));
        }
        library
    }

    fn near(&mut self, centre: usize) -> Embedding {
        let numbers: Vec<_> =
            self.centres[centre].iter().map(|x| x + 0.5 * (self.random.f32() - 0.5)).collect();
        Embedding::new(numbers).unwrap().unit().unwrap()
    }

    /// The ids of the nearest, by inner products in double precision.
    fn nearest(&self, query: &Embedding, passes: impl Fn(i64, i64) -> bool) -> Vec<&str> {
        let number = |record: &Record, name: &str| match record.fields[name] {
            Value::Integer(number) => number,
            _ => unreachable!(),
        };
        let passing = self.records.iter().filter(|r| passes(number(r, "centre"), number(r, "bucket")));
        let mut scored: Vec<_> = passing.map(|r| (r.vector.dot(query).unwrap(), r.id.as_str())).collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        scored.into_iter().take(10).map(|(_, id)| id).collect()
    }
}

/// Which records a filter lets through, in words and in arithmetic.
type Case = (&'static str, Option<Filter>, fn(i64, i64) -> bool);

fn cases() -> Vec<Case> {
    let things: Vec<_> = (0..6).map(|centre| format!("thing {centre}")).collect();
    vec![
        ("all", None, |_, _| true),
        ("50 % anywhere", Some(Filter::at_most("bucket", 49_i64)), |_, bucket| bucket < 50),
        ("10 % anywhere", Some(Filter::eq("tenth", true)), |_, bucket| bucket < 10),
        ("1 % anywhere", Some(Filter::eq("bucket", 3_i64)), |_, bucket| bucket == 3),
        ("10 % in six clusters", Some(Filter::any_of("elements", things)), |centre, _| centre < 6),
    ]
}

/// Recall@10 of a hundred searches in 6 000 records, without a filter and with four, at least 0.98 and printed. `loaded`
/// runs after the writes.
pub(crate) async fn check(kind: &str, store: &impl VectorStore, loaded: impl AsyncFnOnce()) {
    check_of(6_000, 100, kind, store, loaded).await;
}

/// The same with fewer records and searches, for a server that is slow.
pub(crate) async fn check_of(
    records: usize,
    searches: usize,
    kind: &str,
    store: &impl VectorStore,
    loaded: impl AsyncFnOnce(),
) {
    let schema = Schema::new()
        .with_filterable("centre", FieldType::Integer)
        .with_filterable("bucket", FieldType::Integer)
        .with_filterable("elements", FieldType::TextList)
        .with_filterable("tenth", FieldType::Bool);
    store.create(CreateRequest::new(space(DIMENSIONS), schema)).await.unwrap();
    let mut library = Library::new(records);
    put(store, library.records.clone()).await.unwrap();
    loaded().await;
    for (what, filter, passes) in cases() {
        let (mut found, mut wanted) = (0, 0);
        for i in 0..searches {
            let query = library.near(i % CENTRES);
            let mut request = SearchRequest::new(query.clone(), 10);
            request.filter = filter.clone();
            let reply = store.search(request).await.unwrap();
            assert_eq!((reply.hits.len(), reply.shortfall), (10, None), "{what}: there are ten");
            let exact = library.nearest(&query, passes);
            wanted += exact.len();
            found += reply.hits.iter().filter(|hit| exact.contains(&hit.id.as_str())).count();
        }
        let recall = found as f64 / wanted as f64;
        eprintln!("{kind}: recall@10 {recall:.3}, {what}");
        assert!(recall >= 0.98, "recall@10 of {what} is {recall}");
    }
}
