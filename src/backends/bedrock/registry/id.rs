//! What a model can be called by: its id, an inference profile, an ARN.

/// A model id taken apart.
///
/// ```
/// use keyvisual::backends::bedrock::registry::{ModelId, Via};
///
/// let id = ModelId::parse("arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.amazon.nova-pro-v1:0");
/// assert_eq!(id.model.as_deref(), Some("amazon.nova-pro-v1:0"));
/// assert_eq!(id.via, Via::Profile("eu".into()));
/// assert_eq!(id.region.as_deref(), Some("eu-west-1"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ModelId {
    /// The id of the model behind it; none where only the account knows, as for an application's own profile.
    pub model: Option<String>,
    /// What is called.
    pub via: Via,
    /// The region an ARN names.
    pub region: Option<String>,
}

/// What a model is called through.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Via {
    /// The model itself, in the region of the call.
    Model,
    /// An inference profile of this geography: `us`, `eu`, `apac`, `jp`, `global`.
    Profile(String),
    /// Something of the account's own: an application inference profile, provisioned throughput, a custom model.
    Opaque,
}

/// Who makes models: what comes before is a geography, so that `us.deepseek.r1-v1:0` is a profile and
/// `amazon.nova-pro-v1:0` is none.
const LONGEST_GEOGRAPHY: usize = 6;

impl ModelId {
    /// Takes any text; what is not understood is an id of a model.
    #[must_use]
    pub fn parse(id: &str) -> Self {
        let Some(arn) = id.strip_prefix("arn:") else {
            return Self::bare(id, None);
        };
        let mut parts = arn.splitn(5, ':').skip(2);
        let region = parts.next().filter(|region| !region.is_empty()).map(str::to_owned);
        let resource = parts.nth(1).unwrap_or_default();
        match resource.split_once('/') {
            Some(("foundation-model" | "inference-profile", id)) => Self::bare(id, region),
            _ => Self { model: None, via: Via::Opaque, region },
        }
    }

    fn bare(id: &str, region: Option<String>) -> Self {
        match id.split_once('.') {
            Some((geography, model)) if is_geography(geography) && model.contains('.') => {
                Self { model: Some(model.into()), via: Via::Profile(geography.into()), region }
            }
            _ => Self { model: Some(id.into()), via: Via::Model, region },
        }
    }
}

/// Geographies are short; makers such as `amazon` are followed by the name of a model, which has no further maker.
fn is_geography(text: &str) -> bool {
    let letters = text.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    letters && (2..=LONGEST_GEOGRAPHY).contains(&text.len()) && !matches!(text, "amazon" | "meta" | "cohere")
}
