//! A picture to index, with what is known of it.

use std::path::PathBuf;

use crate::{
    domain::{Audience, Image, Kpi, Objective, Origin, Reference},
    roles::Caption,
};

/// A picture to index, with what is known of it.
///
/// ```
/// use keyvisual::LibraryItem;
/// use keyvisual::domain::Kpi;
///
/// let item = LibraryItem::file("espresso.jpg", "photos/espresso.jpg")
///     .with_objective("clicks")
///     .with_audience("customers")
///     .with_result(Kpi::rate_of("clicks", 130.0, "impressions", 20_000.0)?);
/// assert_eq!(item.name, "espresso.jpg");
/// # Ok::<(), keyvisual::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LibraryItem {
    /// A name for people; never part of the identity.
    pub name: String,
    /// What its campaign was for; none leaves what the library knows.
    pub objective: Option<Objective>,
    /// Whom it spoke to; none leaves what the library knows.
    pub audience: Option<Audience>,
    /// What somebody wrote about it; none leaves what the library knows.
    pub caption: Option<Caption>,
    /// Its results, taken in beside those that the library knows.
    pub results: Vec<Kpi>,
    pub(super) picture: PictureSource,
    pub(super) origin: Option<Origin>,
    /// Look for files with metadata beside the picture.
    pub(super) sidecars: bool,
}

/// Where the bytes are.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum PictureSource {
    /// Here.
    Image(Image),
    /// In a file, read when it is its turn.
    File(PathBuf),
}

impl LibraryItem {
    /// A picture in memory.
    pub fn new(name: impl Into<String>, image: Image) -> Self {
        Self::from_source(name.into(), PictureSource::Image(image))
    }

    /// A picture in a file, which is read when it is its turn.
    pub fn file(name: impl Into<String>, path: impl Into<PathBuf>) -> Self {
        Self::from_source(name.into(), PictureSource::File(path.into()))
    }

    fn from_source(name: String, picture: PictureSource) -> Self {
        Self {
            name,
            objective: None,
            audience: None,
            caption: None,
            results: Vec::new(),
            picture,
            origin: None,
            sidecars: false,
        }
    }

    /// Sets what its campaign was for.
    #[must_use]
    pub fn with_objective(mut self, objective: impl Into<Objective>) -> Self {
        self.objective = Some(objective.into());
        self
    }

    /// Sets whom it spoke to.
    #[must_use]
    pub fn with_audience(mut self, audience: impl Into<Audience>) -> Self {
        self.audience = Some(audience.into());
        self
    }

    /// Sets what somebody wrote about it.
    #[must_use]
    pub fn with_caption(mut self, caption: Caption) -> Self {
        self.caption = Some(caption);
        self
    }

    /// Adds a result.
    #[must_use]
    pub fn with_result(mut self, result: Kpi) -> Self {
        self.results.push(result);
        self
    }

    /// Writes what this item knows over what the library knows.
    pub(super) fn write_to(&self, reference: &mut Reference) {
        reference.name.clone_from(&self.name);
        if let Some(objective) = &self.objective {
            reference.objective = Some(objective.clone());
        }
        if let Some(audience) = &self.audience {
            reference.audience = Some(audience.clone());
        }
        for result in &self.results {
            reference.record_result(result.clone());
        }
        if let Some(origin) = &self.origin {
            reference.origin = origin.clone();
        }
    }
}
