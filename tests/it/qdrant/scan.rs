//! Every record once and by id, although the engine sorts by other things.

use std::collections::BTreeSet;

use super::*;

/// Ids that agree in nothing, in one number of the order, in three, in all; and in all but what is no letter.
fn ids() -> BTreeSet<String> {
    let mut random = fastrand::Rng::with_seed(3);
    let mut word = |length| std::iter::repeat_with(|| random.alphanumeric()).take(length).collect::<String>();
    let mut ids: BTreeSet<_> = (0..150).map(|_| word(12)).collect();
    ids.extend((0..150).map(|i| format!("photos/{i}")));
    ids.extend((0..150).map(|_| format!("https://example.com/{}", word(30))));
    ids.extend((0..150).map(|i| format!("https://example.com/a-long-way/{i}")));
    ids.extend(
        ["a", "a\0", "a\0\0", "a\0b", "ab", "é", "e\u{301}", "\u{10ffff}", "\0", " "].map(String::from),
    );
    ids.extend((1..=40).map(|length| "z".repeat(length)));
    ids
}

async fn pages(store: &QdrantStore, limit: usize, filter: Option<Filter>) -> Vec<String> {
    let (mut ids, mut cursor) = (Vec::new(), None);
    loop {
        let mut request = ScanRequest::new(limit);
        (request.filter, request.cursor) = (filter.clone(), cursor);
        let page = store.scan(request).await.unwrap();
        assert_eq!(page.damaged, []);
        assert!(page.records.len() <= limit);
        ids.extend(page.records.into_iter().map(|record| record.id));
        cursor = page.next;
        if cursor.is_none() {
            return ids;
        }
    }
}

#[tokio::test]
async fn pages_of_any_size_give_every_record_once_and_by_id() {
    let Some(url) = server() else { return };
    let store = connect(&url, &fresh(), "").await;
    create(&store).await;
    let ids = ids();
    put(&store, ids.iter().enumerate().map(|(i, id)| record(id, i as i64 % 3)).collect()).await.unwrap();
    for limit in [1, 2, 7, 100, 1_000] {
        assert!(pages(&store, limit, None).await.iter().eq(&ids), "in pages of {limit}");
    }
    let third: Vec<_> = ids.iter().enumerate().filter(|(i, _)| i % 3 == 1).map(|(_, id)| id).collect();
    for limit in [3, 50] {
        let found = pages(&store, limit, Some(Filter::eq("version", 1_i64))).await;
        assert!(found.iter().eq(third.iter().copied()), "a third, in pages of {limit}");
    }
}

#[tokio::test]
async fn what_stays_is_given_once_while_other_records_come_and_go() {
    let Some(url) = server() else { return };
    let store = connect(&url, &fresh(), "").await;
    create(&store).await;
    let all: Vec<_> = ids().into_iter().collect();
    let (staying, passing): (Vec<_>, Vec<_>) = all.iter().enumerate().partition(|(i, _)| i % 2 == 0);
    put(&store, staying.iter().map(|(_, id)| record(id, 1)).collect()).await.unwrap();
    let mut random = fastrand::Rng::with_seed(8);
    let (mut found, mut cursor) = (Vec::new(), None);
    loop {
        let mut request = ScanRequest::new(20);
        request.cursor = cursor;
        let page = store.scan(request).await.unwrap();
        found.extend(page.records.into_iter().map(|record| record.id));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
        let some = || passing.iter().map(|(_, id)| *id);
        put(&store, some().filter(|_| random.bool()).map(|id| record(id, 2)).collect()).await.unwrap();
        let gone = some().filter(|_| random.bool()).cloned().collect();
        store.delete(DeleteRequest::new(gone)).await.unwrap();
    }
    assert!(found.is_sorted_by(|a, b| a < b), "each at most once");
    let stayed: Vec<_> = found.iter().filter(|id| staying.iter().any(|(_, stays)| stays == id)).collect();
    assert!(stayed.iter().copied().eq(staying.iter().map(|(_, id)| *id)));
}
