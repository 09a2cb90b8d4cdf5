//! Pictures that are near a text, a picture or a vector.

use super::{Library, record};
use crate::{
    domain::{Audience, Embedding, Filter, Image, Objective, Reference, Shortfall},
    error::{Error, Result},
    roles::{CallContext, EmbedInput, EmbedRequest, Purpose, SearchRequest},
};

/// What to look for in the library.
///
/// ```
/// use keyvisual::Search;
///
/// let search = Search::text("a cup of coffee at the window", 5).with_objective("clicks").with_audience("customers");
/// assert_eq!(search.count, 5);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Search {
    /// How many pictures.
    pub count: usize,
    /// Only pictures of this objective; none for all.
    pub objective: Option<Objective>,
    /// Only pictures for this audience; none for all.
    pub audience: Option<Audience>,
    near: Near,
}

#[derive(Clone, Debug, PartialEq)]
enum Near {
    Input(EmbedInput),
    Vector(Embedding),
}

/// What a search found, the most similar first, equal ones by id.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FoundReferences {
    /// The pictures.
    pub hits: Vec<FoundReference>,
    /// Why there are fewer than asked for; none when there are as many.
    pub shortfall: Option<Shortfall>,
}

/// A picture that was found.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FoundReference {
    /// The picture and what is known of it.
    pub reference: Reference,
    /// Its cosine similarity to what was looked for, -1 to 1.
    pub similarity: f64,
}

impl Search {
    /// The `count` pictures nearest to a text.
    pub fn text(text: impl Into<String>, count: usize) -> Self {
        Self::near(Near::Input(EmbedInput::Text(text.into())), count)
    }

    /// The `count` pictures nearest to a picture.
    #[must_use]
    pub fn image(image: Image, count: usize) -> Self {
        Self::near(Near::Input(EmbedInput::Image(image)), count)
    }

    /// The `count` pictures nearest to a vector of the embedder's space.
    #[must_use]
    pub fn vector(vector: Embedding, count: usize) -> Self {
        Self::near(Near::Vector(vector), count)
    }

    fn near(near: Near, count: usize) -> Self {
        Self { count, objective: None, audience: None, near }
    }

    /// Looks only at pictures of an objective.
    #[must_use]
    pub fn with_objective(mut self, objective: impl Into<Objective>) -> Self {
        self.objective = Some(objective.into());
        self
    }

    /// Looks only at pictures for an audience.
    #[must_use]
    pub fn with_audience(mut self, audience: impl Into<Audience>) -> Self {
        self.audience = Some(audience.into());
        self
    }

    fn filter(&self) -> Option<Filter> {
        let objective = self.objective.as_ref().map(|word| Filter::eq(record::OBJECTIVE, word.as_str()));
        let audience = self.audience.as_ref().map(|word| Filter::eq(record::AUDIENCE, word.as_str()));
        match (objective, audience) {
            (Some(objective), Some(audience)) => Some(objective & audience),
            (objective, audience) => objective.or(audience),
        }
    }
}

impl Library {
    /// Finds the pictures nearest to a text, a picture or a vector, of an objective and for an audience
    /// where they are named. The conditions hold inside the search: when enough pictures meet them, as many are
    /// found as were asked for.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for an empty text; [`Unsupported`](crate::ErrorKind::Unsupported) for a
    /// kind of input the embedder does not take; errors of the embedder and the vector store.
    pub async fn search(&self, search: Search) -> Result<FoundReferences> {
        let (hits, shortfall) = self.find_near(search, CallContext::new()).await?;
        let hits = hits.into_iter().map(|(reference, similarity)| FoundReference { reference, similarity });
        Ok(FoundReferences { hits: hits.collect(), shortfall })
    }

    /// As [`search`](Self::search), for a campaign.
    pub(crate) async fn find(
        &self,
        text: &str,
        objective: Option<&Objective>,
        audience: Option<&Audience>,
        count: usize,
        context: CallContext,
    ) -> Result<(Vec<(Reference, f64)>, Option<Shortfall>)> {
        let mut search = Search::text(text, count);
        search.objective = objective.cloned();
        search.audience = audience.cloned();
        self.find_near(search, context).await
    }

    async fn find_near(
        &self,
        search: Search,
        context: CallContext,
    ) -> Result<(Vec<(Reference, f64)>, Option<Shortfall>)> {
        let filter = search.filter();
        let store = &self.shared.vector_store;
        let vector = match search.near {
            Near::Vector(vector) => vector,
            Near::Input(input) => self.query_vector(input, context.clone()).await?,
        };
        self.ensure(context.clone()).await?;
        let most = store.capabilities().max_k;
        let mut request = SearchRequest::new(vector, search.count.min(most)).with_context(context);
        request.filter = filter;
        let reply = store.search(request).await?;
        let hits =
            reply.hits.into_iter().map(|hit| Ok((record::reference(&hit.id, &hit.fields)?, hit.score)));
        let cut = (search.count > most).then_some(Shortfall::StoreLimit { most: most as u64 });
        Ok((hits.collect::<Result<_>>()?, reply.shortfall.or(cut)))
    }

    async fn query_vector(&self, input: EmbedInput, context: CallContext) -> Result<Embedding> {
        if input.text().is_some_and(|text| text.trim().is_empty()) {
            return Err(Error::invalid("there is nothing to search for: the text is empty"));
        }
        let request = EmbedRequest::new(vec![input], Purpose::Query).with_context(context);
        let results = self.shared.embedder.embed(request).await?.results;
        results.into_iter().next().unwrap_or_else(|| {
            Err(Error::new(crate::ErrorKind::InvalidReply, "the embedder gave no vector for the query"))
        })
    }
}
