//! The nouns: plain serde data, no I/O, no async.

mod brand;
mod brief;
mod campaign;
mod card;
mod comp;
mod concept;
mod creative;
mod embedding;
mod filter;
mod id;
mod image;
mod kpi;
mod ranking;
mod record;
mod reference;
mod time;
mod usage;
mod vocabulary;

pub use brand::{Brand, Color, Palette};
pub use brief::{Brief, Channel, Product};
pub use campaign::{Campaign, CampaignHead, Entry, LogEntry, Step, Unfinished, Version};
pub use card::{Card, Lifecycle, Prices};
pub use comp::{Archetype, Area, CompFacts, Extended, PhotoSource, PlacedPhoto, PlacedProduct, Side};
pub use concept::{Concept, Prompt, PromptAuthor};
pub use creative::{CopySpace, Creative, GenerationRecord, Scrim, Verdict};
pub use embedding::{Embedding, EmbeddingSpace};
pub use filter::{Bounds, Filter};
pub use id::{CampaignId, CreativeId, ReferenceId};
pub use image::{ContentHash, Image, ImageRef, MediaType, PixelSize};
pub use kpi::{Exposure, Kpi, KpiOrigin, Window};
pub use ranking::{RankedReference, RankingPolicy, References, Shortfall};
pub use record::{FieldSpec, FieldType, Fields, MAX_INTEGER, Record, Schema, Value};
pub use reference::{Origin, Reference};
pub use time::Timestamp;
pub use usage::{Money, Spend, Usage};
pub use vocabulary::{Audience, Metric, Objective};
