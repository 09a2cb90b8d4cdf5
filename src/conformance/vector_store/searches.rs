use super::sample::{at, create, filled, ids, record, refused, search, vector};
use crate::{
    domain::{Embedding, Filter, Record, Shortfall},
    error::ErrorKind,
    roles::{SearchRequest, VectorStore},
};

/// Hits come by cosine from high to low, with it as their score, whatever the length of the query.
pub async fn finds_the_nearest_in_order(store: &dyn VectorStore) {
    let angles = [0.0_f32, 15.0, 40.0, 75.0, 90.0, 120.0, 180.0];
    let records = angles.iter().map(|degrees| {
        let long = at(*degrees).as_slice().iter().map(|x| x * (1.0 + degrees)).collect::<Vec<_>>();
        Record::new(format!("{degrees:03}"), Embedding::new(long).expect("finite"))
            .with_field("rate", f64::from(*degrees))
    });
    filled(store, records.collect()).await;
    for length in [1.0, 1e-3, 250.0] {
        let query = vector([length, 0.0, 0.0, 0.0]);
        let reply = search(store, SearchRequest::new(query.clone(), angles.len())).await;
        assert_eq!(reply.shortfall, None, "there are as many hits as were asked for");
        assert_eq!(reply.hits.len(), angles.len(), "there are as many hits as were asked for");
        for (hit, degrees) in reply.hits.iter().zip(angles) {
            let wanted = f64::from(degrees).to_radians().cos();
            assert_eq!(hit.id, format!("{degrees:03}"), "hits come from the nearest to the farthest");
            assert!(
                (hit.score - wanted).abs() < 1e-5,
                "the score of {} is the cosine {wanted}, not {}",
                hit.id,
                hit.score
            );
            assert!((-1.0..=1.0).contains(&hit.score), "a score is from -1 to 1, not {}", hit.score);
            assert_eq!(hit.fields.len(), 1, "a hit has its fields");
        }
        let first = search(store, SearchRequest::new(query, 3)).await;
        assert_eq!(first.hits, reply.hits[..3], "fewer hits are the first of more");
    }
}

/// Records with equal vectors come in the order of their ids, byte by byte, also where `k` cuts through them.
pub async fn puts_ties_in_the_order_of_ids(store: &dyn VectorStore) {
    let order = ["A", "B", "a", "a-", "a.", "aa", "b", "ä"];
    let mut records: Vec<_> = order.iter().rev().map(|id| record(id)).collect();
    records.push(Record::new("nearest", at(0.0)));
    records.swap(1, 5);
    filled(store, records).await;
    for k in 1..=order.len() {
        let reply = search(store, SearchRequest::new(at(0.0), k + 1)).await;
        assert_eq!(ids(&reply)[0], "nearest");
        assert_eq!(
            ids(&reply)[1..],
            order[..k],
            "equal scores come in the order of their ids, k = {}",
            k + 1
        );
    }
}

/// `k` = 0 gives nothing; fewer hits than `k` come with the reason.
pub async fn says_why_there_are_fewer(store: &dyn VectorStore) {
    create(store).await;
    let query = |k| SearchRequest::new(at(0.0), k);
    let reply = search(store, query(3)).await;
    assert_eq!(
        (reply.hits.len(), reply.shortfall),
        (0, Some(Shortfall::EmptyStore)),
        "an empty store says so"
    );

    let seasons = ["autumn", "autumn", "winter"];
    let records =
        seasons.iter().enumerate().map(|(i, season)| record(&i.to_string()).with_field("season", *season));
    super::sample::put(store, records.collect()).await;
    super::sample::settle(store, 3).await;
    let none = search(store, query(0)).await;
    assert_eq!((none.hits.len(), none.shortfall), (0, None), "k = 0 gives no hits and misses none");
    let exact = search(store, query(3)).await;
    assert_eq!((exact.hits.len(), exact.shortfall), (3, None), "as many as were asked for need no reason");
    let fewer = [(None, 3), (Some("autumn"), 2), (Some("summer"), 0)];
    for (season, matching) in fewer {
        let mut request = query(store.capabilities().max_k.min(10));
        request.filter = season.map(|season| Filter::eq("season", season));
        let reply = search(store, request).await;
        assert_eq!(reply.hits.len() as u64, matching, "every record that passes is a hit");
        let allowed = match reply.shortfall {
            Some(Shortfall::FewerMatch { matching: said }) => said == matching,
            Some(Shortfall::Approximate) => !store.capabilities().exact,
            _ => false,
        };
        assert!(allowed, "{matching} hits of 10 come with the reason, not {:?}", reply.shortfall);
    }
}

/// A query of another length, a zero query and too large a `k` are refused.
pub async fn refuses_bad_queries(store: &dyn VectorStore) {
    filled(store, vec![record("a")]).await;
    for length in [1, 3, 5] {
        let query = Embedding::new(vec![1.0; length]).expect("finite");
        let what = format!("a query of {length} dimensions");
        refused(store.search(SearchRequest::new(query, 1)).await, ErrorKind::SpaceMismatch, &what);
    }
    let zero = SearchRequest::new(vector([0.0; 4]), 1);
    refused(store.search(zero).await, ErrorKind::InvalidInput, "a zero query");
    if let Some(k) = store.capabilities().max_k.checked_add(1) {
        let many = SearchRequest::new(at(0.0), k);
        refused(store.search(many).await, ErrorKind::InvalidInput, "k above max_k");
    }
}
