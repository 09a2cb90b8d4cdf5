//! Every backend that needs no server keeps the contracts of its roles.

use keyvisual::{
    backends::local::{FolderAssets, RedbCampaigns},
    conformance,
};
use tempfile::tempdir;

#[tokio::test]
async fn folder_assets() {
    let folder = tempdir().unwrap();
    conformance::asset_store::all(&FolderAssets::open(folder.path()).unwrap()).await;
}

#[tokio::test]
async fn redb_campaigns() {
    let folder = tempdir().unwrap();
    conformance::campaign_store::all(&RedbCampaigns::open(folder.path().join("c.redb")).unwrap()).await;
}
