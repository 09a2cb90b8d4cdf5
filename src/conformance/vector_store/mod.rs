//! The contract of [`VectorStore`].
//!
//! One store is one collection, so every function below takes a store that has none yet, and
//! [`all`] takes a function that makes one for a name.

mod collection;
mod filters;
mod reads;
mod sample;
mod searches;
mod writes;

use uuid::Uuid;

pub use collection::*;
pub use filters::*;
pub use reads::*;
pub use searches::*;
pub use writes::*;

use crate::roles::VectorStore;

/// Everything below, each with a store of its own. `fresh` makes an empty store without a collection for a
/// name of lower-case letters, digits and `_`, at most 63, that was never used before.
///
/// Clearing up afterwards is the caller's: every name begins with `conformance_`.
///
/// ```
/// use keyvisual::{backends::local::EmbeddedStore, conformance};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> keyvisual::Result<()> {
/// # let folder = tempfile::tempdir()?;
/// conformance::vector_store::all(async |name| {
///     EmbeddedStore::open(folder.path().join(name)).await.expect("a fresh folder can be opened")
/// })
/// .await;
/// # Ok(())
/// # }
/// ```
pub async fn all<S: VectorStore>(fresh: impl AsyncFn(String) -> S) {
    macro_rules! each {
        ($($promise:ident),+ $(,)?) => {$({
            let name = format!("conformance_{}", Uuid::now_v7().simple());
            let _named = Named(stringify!($promise));
            $promise(&fresh(name).await).await;
        })+};
    }
    each!(
        needs_a_collection,
        is_created_once,
        refuses_another_collection,
        replaces_whole_records,
        keeps_the_later_of_two,
        keeps_values_exactly,
        keeps_the_good_and_names_the_bad,
        refuses_large_batches,
        takes_empty_batches,
        removes_records,
        takes_writes_at_once,
        finds_the_nearest_in_order,
        puts_ties_in_the_order_of_ids,
        says_why_there_are_fewer,
        refuses_bad_queries,
        applies_filters,
        applies_filters_inside_the_search,
        refuses_bad_filters,
        gets_in_the_order_of_the_ids,
        scans_everything_in_order,
        scans_across_changes,
        refuses_bad_scans,
    );
}

/// Says which promise was being looked at when an assertion fails.
struct Named(&'static str);

impl Drop for Named {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the vector store does not keep the promise `{}`", self.0);
        }
    }
}
