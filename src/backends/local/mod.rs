//! Everything in this process: no key, no server, no model file.

mod blocking;
mod campaigns;
mod folder;

pub use campaigns::RedbCampaigns;
pub use folder::FolderAssets;
