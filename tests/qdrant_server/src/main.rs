//! Qdrant's own engine (`qdrant-edge`, in process) behind Qdrant's gRPC interface: a server for tests.
//!
//! Every answer about points is the engine's. What a filter means, which points pass, in which order a scroll goes,
//! what a search finds: nothing is evaluated here, requests are only written in the engine's own types.
//!
//! What the engine lacks, and how it is here:
//! - no shards and replicas: settings for them are kept and ignored, as are write ordering and read consistency;
//! - no background work: one task per collection runs its optimisers after writes, which wait meanwhile;
//! - no replay of its log: each write is flushed before it is acknowledged, so that a killed server loses nothing;
//! - no metadata of collections: it is kept beside the engine's files.
//!
//! Only what a store of plain vectors needs is served; everything else answers `UNIMPLEMENTED`.
//!
//! usage: qdrant-edge-server --data FOLDER [--port PORT] [--api-key KEY] [--release VERSION] [--tls CA_FILE]
//! [--fault METHOD=FAULT]...

mod collection;
mod collections;
mod convert;
mod fault;
mod options;
mod points;
mod server;
mod tls;

use std::io::Write as _;

use qdrant_client::qdrant::{
    collections_server::CollectionsServer, points_server::PointsServer, qdrant_server::QdrantServer,
};
use tokio::net::TcpListener;
use tonic::transport::{Server as Grpc, server::TcpIncoming};

use crate::{options::Options, server::Server};

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let options = Options::read(std::env::args().skip(1))?;
    let listener = TcpListener::bind(("127.0.0.1", options.port)).await?;
    let address = listener.local_addr()?;
    let mut grpc = Grpc::builder();
    if let Some(path) = &options.tls {
        grpc = grpc.tls_config(tls::config(path)?)?;
    }
    let server = Server::open(options)?;
    writeln!(std::io::stdout(), "listening on {address}")?; // what started it may read the port from here
    grpc.add_service(CollectionsServer::new(server.clone()))
        .add_service(PointsServer::new(server.clone()).max_decoding_message_size(usize::MAX))
        .add_service(QdrantServer::new(server))
        .serve_with_incoming_shutdown(TcpIncoming::from(listener).with_nodelay(Some(true)), terminated())
        .await?;
    Ok(())
}

async fn terminated() {
    if let Ok(mut signal) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        signal.recv().await;
    }
}
