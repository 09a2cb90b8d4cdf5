use super::sample::{create, delete, filled, put, record, refused, scan};
use crate::{
    domain::Filter,
    error::ErrorKind,
    roles::{GetRequest, ScanRequest, VectorStore},
};

/// One place per id, in their order, also for ids named twice; none for an id that is not there.
pub async fn gets_in_the_order_of_the_ids(store: &dyn VectorStore) {
    filled(store, ["a", "b", "c"].map(record).to_vec()).await;
    let asked = ["c", "missing", "a", "c", "", "b"];
    let reply =
        store.get(GetRequest::new(asked.map(String::from).to_vec())).await.expect("a get is answered");
    let found: Vec<_> =
        reply.results.into_iter().map(|place| place.expect("every id can be looked up")).collect();
    let found: Vec<_> = found.iter().map(|place| place.as_ref().map(|record| record.id.as_str())).collect();
    assert_eq!(found, [Some("c"), None, Some("a"), Some("c"), None, Some("b")], "one place per id, in order");
}

/// Every record comes once, by id, whatever the size of a page.
pub async fn scans_everything_in_order(store: &dyn VectorStore) {
    create(store).await;
    assert_eq!(scan(store, None, 3).await, Vec::<String>::new(), "an empty store has one empty page");
    let mut names: Vec<String> = ["b", "B", "a/b", "a.b", "ä", "☕", " "].map(String::from).to_vec();
    names.extend((0..50).map(|i| format!("{i}")));
    let odd = |id: &str| id.len() % 2 == 1;
    put(store, names.iter().map(|id| record(id).with_field("approved", odd(id))).collect()).await;
    super::sample::settle(store, names.len() as u64).await;
    names.sort_unstable();
    let odd: Vec<_> = names.iter().filter(|id| odd(id)).cloned().collect();
    for limit in [1, 2, 7, names.len() - 1, names.len(), names.len() + 1, 100_000] {
        assert_eq!(scan(store, None, limit).await, names, "a scan by pages of {limit}");
        let some = scan(store, Some(Filter::eq("approved", true)), limit).await;
        assert_eq!(some, odd, "a filtered scan by pages of {limit}");
    }
}

/// What is there all the time comes exactly once, whatever is written and removed between two pages; a
/// cursor can be used again.
pub async fn scans_across_changes(store: &dyn VectorStore) {
    filled(store, (0..20).map(|i| record(&format!("{i:02}"))).collect()).await;
    let first = store.scan(ScanRequest::new(8)).await.expect("a page can be read");
    let cursor = first.next.expect("there is a second page");
    let seen = first.records.len();
    delete(store, &["00", "07", "19"]).await;
    put(store, vec![record("00x"), record("05"), record("19x")]).await;
    super::sample::settle(store, 19).await;
    for _ in 0..2 {
        let mut ids: Vec<_> = first.records.iter().map(|record| record.id.clone()).collect();
        let mut request = ScanRequest::new(8).with_cursor(cursor.clone());
        loop {
            let page = store.scan(request.clone()).await.expect("a page can be read");
            ids.extend(page.records.into_iter().map(|record| record.id));
            let Some(next) = page.next else { break };
            request = request.with_cursor(next);
        }
        if !store.capabilities().ordered_scan {
            ids.sort_unstable();
        }
        assert!(
            ids.is_sorted() && ids.windows(2).all(|pair| pair[0] != pair[1]),
            "by id, each once: {ids:?}"
        );
        for stayed in (0..19).map(|i| format!("{i:02}")).filter(|id| id != "00" && id != "07") {
            assert!(
                ids.contains(&stayed),
                "{stayed} was there all the time and comes, after {seen} in the first page"
            );
        }
    }
}

/// A page of 0 and a cursor of another origin are refused.
pub async fn refuses_bad_scans(store: &dyn VectorStore) {
    filled(store, ["a", "b"].map(record).to_vec()).await;
    refused(store.scan(ScanRequest::new(0)).await, ErrorKind::InvalidInput, "a page of 0");
    for cursor in ["", "a", "not a cursor ☕"] {
        let request = ScanRequest::new(1).with_cursor(cursor);
        refused(store.scan(request).await, ErrorKind::InvalidInput, &format!("the cursor {cursor:?}"));
    }
}
