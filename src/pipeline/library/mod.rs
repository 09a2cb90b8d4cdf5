//! The library: past pictures with what they show, what they were for and how they did.

mod batch;
mod busy;
mod edit;
mod find;
mod item;
mod kept;
mod makers;
mod promote;
mod read;
mod record;
mod report;
mod run;
mod settings;
mod source;
mod steps;

use std::{path::PathBuf, sync::Arc};

use futures_util::{Stream, StreamExt, future};
use tokio::sync::OnceCell;

pub use find::{FoundReference, FoundReferences, Search};
pub use item::LibraryItem;
pub use report::{IndexEvent, IndexFailure, IndexNote, IndexProgress, IndexReport};
pub use run::IndexRun;
pub use settings::IndexSettings;

use super::{CampaignPipeline, Shared};
use crate::{
    error::Result,
    roles::{CallContext, CreateRequest},
};
use busy::Busy;
use source::Items;

/// The past pictures of a team. See [`CampaignPipeline::library`].
///
/// Every picture is described, embedded and written to the vector store; its bytes are kept in the asset
/// store. Its id is the hash of its bytes, so a picture is in the library once, whatever its name.
///
/// ```
/// # use keyvisual::{CampaignPipeline, Result};
/// # async fn example(pipeline: CampaignPipeline) -> Result<()> {
/// let report = pipeline.library().index_folder("photos").await?;
/// println!("{report}"); // 24 pictures: 23 new, 1 failed
/// for failure in &report.failed {
///     eprintln!("{}: {}", failure.name, failure.error);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Library {
    shared: Arc<Shared>,
    settings: IndexSettings,
}

/// What all handles on a library share.
#[derive(Debug, Default)]
pub(crate) struct State {
    created: OnceCell<()>,
    busy: Busy,
}

impl CampaignPipeline {
    /// The library of past pictures.
    #[must_use]
    pub fn library(&self) -> Library {
        Library { shared: Arc::clone(&self.shared), settings: IndexSettings::default() }
    }
}

impl Library {
    /// Sets how many pictures are worked on at once, and the limits of their size.
    #[must_use]
    pub fn with_settings(mut self, settings: IndexSettings) -> Self {
        self.settings = settings;
        self
    }

    /// Indexes every picture below a folder: JPEG, PNG and WebP, by path, folders included.
    ///
    /// What is known of a picture comes from the files beside it: `captions.json`, a list as for
    /// [`index_json`](Self::index_json), in the folder or above it up to `path`; `photo.json`, one entry of such a
    /// list; `photo.txt`, a caption. Hidden files are passed over and links to folders are not followed;
    /// pictures of other kinds, such as HEIC, are reported as failed.
    ///
    /// A missing folder is an error; a folder without pictures gives a report of none. The names in one
    /// folder are held in memory, pictures are not.
    pub fn index_folder(&self, path: impl Into<PathBuf>) -> IndexRun {
        let path = path.into();
        self.run(source::folder::open(path))
    }

    /// Indexes the pictures named in a CSV file with a header, one row per picture and figure.
    ///
    /// | column | also called | what it holds |
    /// |---|---|---|
    /// | `file` | `path`, `image` | the picture, relative to the CSV file; the only column that must be there |
    /// | `name` | | a name for people; the file otherwise |
    /// | `objective` | | what its campaign was for |
    /// | `audience` | `node` | whom it spoke to |
    /// | `caption` | `description` | what it shows |
    /// | `keywords` | `elements` | the things in it, separated by `;` or `,` |
    /// | `metric` | | what was counted; the objective otherwise |
    /// | `count` | `numerator`, `value`, `results` | how many of it |
    /// | `exposure` | `denominator`, `impressions` | out of how many |
    /// | `out_of` | | of what; impressions otherwise |
    /// | `from`, `to` | | when: `2026-09-01` or RFC 3339, both or none |
    /// | `synthetic` | | `true` for figures made up for a demonstration |
    ///
    /// Rows of one file that follow each other are one picture with several figures. Columns are separated by
    /// commas, semicolons or tabs; other columns are passed over. A row that cannot be read is reported as
    /// failed, with its line.
    pub fn index_csv(&self, path: impl Into<PathBuf>) -> IndexRun {
        let path = path.into();
        self.run(source::csv::open(path))
    }

    /// Indexes the pictures named in a JSON file: a list of objects with the names of
    /// [`index_csv`](Self::index_csv), where `keywords` may be a list and `results` a list of objects with `metric`, `count`,
    /// `exposure`, `out_of`, `from`, `to` and `synthetic`. The file is read as a whole.
    pub fn index_json(&self, path: impl Into<PathBuf>) -> IndexRun {
        let path = path.into();
        self.run(source::json::open(path))
    }

    /// Indexes the items of a list.
    pub fn index_list(&self, items: Vec<LibraryItem>) -> IndexRun {
        self.index(futures_util::stream::iter(items.into_iter().map(Ok)))
    }

    /// Indexes the items of a stream, as far ahead as there is room for. An item that is an error is
    /// reported as failed.
    ///
    /// Nothing happens until the run is polled or awaited; dropping it stops the work. What was paid for is kept
    /// before the next step begins, so a run that was stopped or killed goes on when it is begun
    /// again. Pictures that are in the library already, made by the same describer and embedder, are
    /// read and hashed and cost nothing else; changed metadata is written without asking a model, unless
    /// the caption changed. What an item leaves out stays as it was, and results are taken in beside the
    /// old ones. Results of describers and embedders that run in this process are not kept step by step: making
    /// them again is cheaper.
    ///
    /// A picture that fails never ends the run. An error that no picture can be blamed for does: bad
    /// credentials, a full disk, another embedding space, a feature that the backend does not have.
    pub fn index(&self, items: impl Stream<Item = Result<LibraryItem>> + Send + 'static) -> IndexRun {
        let items: Items = items.boxed();
        self.run(future::ready(Ok(items)))
    }

    fn run(&self, open: impl Future<Output = Result<Items>> + Send + 'static) -> IndexRun {
        IndexRun::new(self.clone(), open)
    }

    /// What the library's vector store is created with: the embedder's space and the fields of a reference.
    ///
    /// [`adapt::copy`](crate::adapt::copy) takes it to move a library to another store.
    #[must_use]
    pub fn collection(&self) -> CreateRequest {
        CreateRequest::new(self.shared.embedder.capabilities().space.clone(), record::schema())
    }

    /// Makes the collection, or finds it made, once per pipeline.
    async fn ensure(&self, context: CallContext) -> Result<()> {
        let shared = &self.shared;
        let create = || async {
            let request = self.collection().with_context(context);
            shared.vector_store.create(request).await.map(|_| ())
        };
        shared.library.created.get_or_try_init(create).await.copied()
    }
}
