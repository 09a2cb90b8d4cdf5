//! The server is stopped in the middle of a batch and comes back with what it had.

use super::*;
use crate::{servers::Own, vector_store::restarts};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_outlives_a_server_that_is_stopped_in_a_batch() {
    if server().is_none() {
        return;
    }
    let own = Own::start("s3mock", "9590", "TERM"); // S3 Vectors is two ports on
    restarts::check(&connect("http://127.0.0.1:9592", "restart").await, own).await;
}
