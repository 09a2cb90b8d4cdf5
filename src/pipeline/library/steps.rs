//! What becomes of one picture: looked up, described, embedded, written.

use std::{
    collections::HashSet,
    path::Path,
    sync::{Arc, Mutex, OnceLock},
};

use futures_util::{StreamExt, future::ready};
use tokio::{
    sync::{Semaphore, mpsc},
    task::yield_now,
};

use super::{
    IndexEvent, IndexProgress, Library,
    batch::Batcher,
    item::LibraryItem,
    kept::Step,
    makers::{MadeFrom, Makers},
    read::{ReadItem, read},
    record::Kept,
    source::Items,
};
use crate::{
    domain::{Embedding, Image, Record, Reference, ReferenceId, Spend},
    error::{Error, ErrorKind, Result},
    pipeline::pictures,
    roles::{
        CallContext, Caption, DescribeReply, DescribeRequest, EmbedInput, EmbedRequest, GetRequest, Purpose,
        Tab, UpsertRequest,
    },
    sync::lock,
};

/// How many pictures a run begins before others get a turn on the thread, where nothing makes it wait.
const PICTURES_A_TURN: usize = 16;

/// The steps of one run, with what its pictures share.
#[derive(Debug)]
pub(super) struct Steps {
    library: Library,
    context: CallContext,
    makers: Makers,
    describes: Semaphore,
    lookups: Batcher<ReferenceId, Option<Record>>,
    embeds: Batcher<EmbedInput, Embedding>,
    upserts: Batcher<Record, ()>,
    /// The pictures that came up, by half of their hash: a million of them take few bytes.
    seen: Mutex<HashSet<u128>>,
    stopped: OnceLock<Error>,
    events: mpsc::UnboundedSender<IndexEvent>,
}

/// The picture that is worked on.
#[derive(Clone, Copy)]
struct Subject<'a> {
    name: &'a str,
    id: &'a ReferenceId,
    image: &'a Image,
    /// It never came up before.
    first_time: bool,
}

/// What became of a picture that did not fail.
pub(super) struct Done {
    pub(super) reference: Reference,
    progress: IndexProgress,
}

impl Steps {
    pub(super) fn new(library: Library, events: mpsc::UnboundedSender<IndexEvent>) -> Self {
        let (settings, shared) = (library.settings, &library.shared);
        let max_records = shared.vector_store.capabilities().max_batch;
        let max_inputs = shared.embedder.capabilities().max_batch;
        let space = &shared.embedder.capabilities().space;
        let makers = Makers::new(shared.describer.card(), shared.embedder.card(), space);
        Self {
            context: CallContext::new().with_tab(Arc::new(Tab::new())),
            makers,
            describes: Semaphore::new(settings.describe),
            lookups: Batcher::new(settings.upsert, max_records),
            embeds: Batcher::new(settings.embed, max_inputs),
            upserts: Batcher::new(settings.upsert, max_records),
            seen: Mutex::default(),
            stopped: OnceLock::new(),
            events,
            library,
        }
    }

    /// Sets on whose behalf the calls are made.
    pub(super) fn with_context(mut self, context: CallContext) -> Self {
        self.context = context;
        self
    }

    /// Indexes everything that comes, as long as nothing stops the run.
    pub(super) async fn run(self: Arc<Self>, open: impl Future<Output = Result<Items>>) {
        let opened = async {
            let items = open.await?;
            self.library.ensure(self.context.clone()).await?;
            Ok(items)
        };
        let items = match opened.await {
            Ok(items) => items,
            Err(error) => return self.stop(error),
        };
        let settings = self.library.settings;
        items
            .take_while(|_| ready(self.stopped().is_none()))
            .filter_map(|item| ready(self.found(item)))
            .enumerate()
            .then(|(place, item)| async move {
                if place % PICTURES_A_TURN == PICTURES_A_TURN - 1 {
                    yield_now().await;
                }
                item
            })
            .map(|item| read(item, settings.limits))
            .buffered(settings.read)
            .for_each_concurrent(settings.in_memory(), |read| self.one(read))
            .await;
    }

    /// Why the run ended early.
    pub(super) fn stopped(&self) -> Option<&Error> {
        self.stopped.get()
    }

    pub(super) fn spent(&self) -> Spend {
        self.context.tab.as_ref().map_or_else(Spend::default, |tab| tab.spent())
    }

    fn stop(&self, error: Error) {
        // The first reason counts.
        let _ = self.stopped.set(error);
    }

    fn tell(&self, name: &str, id: Option<&ReferenceId>, progress: IndexProgress) {
        let event = IndexEvent { name: name.into(), id: id.cloned(), progress };
        // Nobody listens to a picture that is indexed for its own sake.
        let _ = self.events.send(event);
    }

    fn found(&self, item: Result<LibraryItem>) -> Option<LibraryItem> {
        match item {
            Ok(item) => {
                self.tell(&item.name, None, IndexProgress::Found);
                Some(item)
            }
            Err(error) => {
                let name = name_of(&error);
                self.tell(&name, None, IndexProgress::Found);
                self.tell(&name, None, IndexProgress::Failed { error });
                None
            }
        }
    }

    async fn one(&self, read: ReadItem) {
        let ReadItem { item, image } = &read;
        let image = match image {
            Ok(image) => image,
            Err(error) => {
                return self.tell(&item.name, None, IndexProgress::Failed { error: error.clone() });
            }
        };
        let id = ReferenceId::from(image.hash());
        let progress = if !lock(&self.seen).insert(half(image)) {
            IndexProgress::Unchanged { duplicate: true }
        } else {
            match self.index(item, image).await {
                Ok(done) => done.progress,
                Err(error) => {
                    if !may_be_the_pictures_fault(error.kind()) {
                        self.stop(error.clone());
                    }
                    IndexProgress::Failed { error }
                }
            }
        };
        self.tell(&item.name, Some(&id), progress);
    }

    /// Takes one picture through all steps. Each result is kept before the next step begins.
    pub(super) async fn index(&self, item: &LibraryItem, image: &Image) -> Result<Done> {
        let id = ReferenceId::from(image.hash());
        let _held = self.library.shared.library.busy.hold(&id).await;
        let stored = self.look_up(&id).await?;
        let caption = item.caption.clone().or_else(|| stored.as_ref()?.caption.clone());
        let made_from = self.makers.made_from(caption.as_ref());
        let (mut kept, progress) = match stored.clone().filter(|stored| stored.made_by == made_from.record) {
            Some(kept) => (kept, IndexProgress::Updated),
            None => {
                let reference = match &stored {
                    Some(stored) => stored.reference.clone(),
                    None => Reference::new(image.reference().clone(), &item.name),
                };
                // A picture that is in the library already needs no room for these steps.
                let made = Box::pin(self.make(&item.name, reference, image, caption, &made_from));
                (made.await?, IndexProgress::Indexed)
            }
        };
        item.write_to(&mut kept.reference);
        if stored.as_ref() == Some(&kept) {
            let progress = IndexProgress::Unchanged { duplicate: false };
            return Ok(Done { reference: kept.reference, progress });
        }
        self.write(&kept).await?;
        Ok(Done { reference: kept.reference, progress })
    }

    /// Keeps the picture, describes it and embeds it.
    async fn make(
        &self,
        name: &str,
        mut reference: Reference,
        image: &Image,
        caption: Option<Caption>,
        made_from: &MadeFrom,
    ) -> Result<Kept> {
        let key = pictures::key(image.reference());
        // The picture is kept before the first of its results.
        let first_time = self.library.shared.put(key, image, self.context.clone()).await?;
        let subject = Subject { name, id: &reference.id, image, first_time };
        let described = self.describe(&subject, caption.clone(), made_from).await?;
        let vector = self.embed(&subject, &described).await?;
        reference.description = described.description;
        reference.elements = described.elements;
        Ok(Kept { reference, vector, caption, made_by: made_from.record.clone() })
    }

    async fn look_up(&self, id: &ReferenceId) -> Result<Option<Kept>> {
        let shared = &self.library.shared;
        let record = self.lookups.submit(id.clone(), |ids| async {
            let ids = ids.into_iter().map(|id| id.as_str().to_owned()).collect();
            let request = GetRequest::new(ids).with_context(self.context.clone());
            Ok(shared.vector_store.get(request).await?.results)
        });
        match record.await {
            Ok(record) => Ok(record.and_then(|record| Kept::from_record(record).ok())),
            // A damaged record is written anew.
            Err(error) if error.kind() == ErrorKind::Corrupt => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn describe(
        &self,
        subject: &Subject<'_>,
        caption: Option<Caption>,
        made_from: &MadeFrom,
    ) -> Result<DescribeReply> {
        let (shared, card) = (&self.library.shared, self.library.shared.describer.card());
        let Subject { name, id, image, first_time } = *subject;
        let step = Step::new(id, "describe", &made_from.description, card).first_time(first_time);
        let describe = async {
            let _permit = self.describes.acquire().await;
            self.go_on()?;
            let context = self.context.clone().with_idempotency_key(step.key());
            let mut request = DescribeRequest::new(image.clone()).with_context(context);
            request.caption = caption;
            shared.describer.describe(request).await
        };
        let (reply, kept) = shared.kept_or(&step, &self.context, describe).await?;
        self.tell(name, Some(id), IndexProgress::Described { kept });
        for note in &reply.notes {
            self.tell(name, Some(id), IndexProgress::Noted { note: note.clone() });
        }
        Ok(reply)
    }

    async fn embed(&self, subject: &Subject<'_>, described: &DescribeReply) -> Result<Embedding> {
        let (shared, card) = (&self.library.shared, self.library.shared.embedder.card());
        let Subject { name, id, image, first_time } = *subject;
        let capabilities = shared.embedder.capabilities();
        let text = [&described.description, &described.elements.join(", ")].map(String::as_str).join("\n");
        let made_from = self.makers.vector_from(&text);
        let input = match (text.trim().is_empty(), capabilities.both, capabilities.image) {
            (false, true, _) => EmbedInput::Both { text, image: image.clone() },
            (_, _, true) => EmbedInput::Image(image.clone()),
            (false, ..) => EmbedInput::Text(text),
            (true, _, false) => {
                return Err(Error::invalid(
                    "the picture has no description, and the embedder takes no pictures: give it a caption",
                )
                .with_operation("embed"));
            }
        };
        let step = Step::new(id, "embed", &made_from, card).first_time(first_time);
        let call = |inputs| async {
            self.go_on()?;
            let request = EmbedRequest::new(inputs, Purpose::Index).with_context(self.context.clone());
            Ok(shared.embedder.embed(request).await?.results)
        };
        let embed = self.embeds.submit(input, call);
        let (vector, kept) = shared.kept_or(&step, &self.context, embed).await?;
        self.tell(name, Some(id), IndexProgress::Embedded { kept });
        Ok(vector)
    }

    pub(super) async fn write(&self, kept: &Kept) -> Result<()> {
        let shared = &self.library.shared;
        let write = self.upserts.submit(kept.to_record()?, |records| async {
            let request = UpsertRequest::new(records).with_context(self.context.clone());
            Ok(shared.vector_store.upsert(request).await?.results)
        });
        write.await.map_err(|error| error.with_operation("upsert"))
    }

    /// Refuses to spend more once something stopped the run.
    fn go_on(&self) -> Result<()> {
        self.stopped().map_or(Ok(()), |error| Err(error.clone()))
    }
}

/// Half of the hash of a picture, as a number.
fn half(image: &Image) -> u128 {
    u128::from_str_radix(&image.hash().as_str()[..32], 16).unwrap_or_default()
}

/// What an item that is an error goes by: the file it comes from and its place there.
fn name_of(error: &Error) -> String {
    let path = error.context("path").map(Path::new).and_then(Path::file_name);
    let file = path.map_or_else(|| "an item".into(), |name| name.to_string_lossy().into_owned());
    let place = ["line", "entry"].into_iter().find_map(|place| Some((place, error.context(place)?)));
    place.map_or(file.clone(), |(place, number)| format!("{file} {place} {number}"))
}

/// Whether another picture may fare better; if not, the run is better stopped.
fn may_be_the_pictures_fault(kind: ErrorKind) -> bool {
    use ErrorKind::{
        Locked, NotFound, PermissionDenied, SpaceMismatch, StorageFull, Unauthenticated, Unsupported,
    };
    !matches!(
        kind,
        Locked | NotFound | PermissionDenied | SpaceMismatch | StorageFull | Unauthenticated | Unsupported
    )
}
