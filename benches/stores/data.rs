//! The same records and queries for every store.

use keyvisual::domain::{Embedding, EmbeddingSpace, FieldType, Filter, Record, Schema};

pub(crate) const DIMENSIONS: usize = 256;
pub(crate) const QUERIES: usize = 200;
pub(crate) const BATCH: usize = 100;
pub(crate) const K: usize = 10;

const CLUSTERS: usize = 40;

/// Records around centres, as pictures of a library are, and queries beside them.
pub(crate) struct Data {
    pub(crate) records: Vec<Record>,
    pub(crate) queries: Vec<Embedding>,
}

impl Data {
    pub(crate) fn new(records: usize) -> Self {
        let mut random = fastrand::Rng::with_seed(11);
        let mut point = || (0..DIMENSIONS).map(|_| random.f32() - 0.5).collect::<Vec<_>>();
        let centres: Vec<_> = (0..CLUSTERS).map(|_| point()).collect();
        let mut near = |i: usize| {
            let numbers = centres[i % CLUSTERS].iter().map(|x| x + 0.6 * (random.f32() - 0.5));
            Embedding::new(numbers.collect::<Vec<_>>()).and_then(Embedding::unit).expect("finite numbers")
        };
        let record = |i: usize| Record::new(format!("{i:07}"), near(i)).with_field("tenth", (i % 10) as i64);
        let records = (0..records).map(record).collect();
        Self { records, queries: (0..QUERIES).map(|i| near(i * 7)).collect() }
    }
}

pub(crate) fn space() -> EmbeddingSpace {
    EmbeddingSpace::new("bench/stores", "1", DIMENSIONS)
}

pub(crate) fn schema() -> Schema {
    Schema::new().with_filterable("tenth", FieldType::Integer)
}

/// What a tenth of the records passes.
pub(crate) fn tenth() -> Filter {
    Filter::eq("tenth", 3_i64)
}
