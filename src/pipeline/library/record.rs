//! How a reference becomes a record of the vector store, and back.

use crate::{
    domain::{
        CampaignId, ContentHash, CreativeId, Embedding, FieldType, Fields, ImageRef, MediaType, Origin,
        Record, Reference, ReferenceId, Schema, Timestamp, Value,
    },
    error::{Error, ErrorKind, Result},
    roles::Caption,
};

pub(super) const OBJECTIVE: &str = "objective";
pub(super) const AUDIENCE: &str = "audience";
const NAME: &str = "name";
const DESCRIPTION: &str = "description";
const ELEMENTS: &str = "elements";
const MEDIA_TYPE: &str = "media_type";
const BYTE_LEN: &str = "byte_len";
/// The results, as JSON: a list has no numbers.
const RESULTS: &str = "results";
/// `imported` or `promoted`.
const ORIGIN: &str = "origin";
const CAMPAIGN: &str = "campaign";
const CREATIVE: &str = "creative";
const ADDED_AT: &str = "added_at";
/// What somebody wrote, as JSON, so that another describer can start from it.
const CAPTION: &str = "caption";
/// Names what the description and the vector were made by and from.
const MADE_BY: &str = "made_by";

/// The fields of the library's records.
pub(super) fn schema() -> Schema {
    [NAME, DESCRIPTION, MEDIA_TYPE, RESULTS, CREATIVE, CAPTION, MADE_BY]
        .into_iter()
        .fold(Schema::new(), |schema, name| schema.with_stored(name, FieldType::Text))
        .with_stored(ELEMENTS, FieldType::TextList)
        .with_stored(BYTE_LEN, FieldType::Integer)
        .with_filterable(OBJECTIVE, FieldType::Text)
        .with_filterable(AUDIENCE, FieldType::Text)
        .with_filterable(ORIGIN, FieldType::Text)
        .with_filterable(CAMPAIGN, FieldType::Text)
        .with_filterable(ADDED_AT, FieldType::Time)
}

/// A reference as the library keeps it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Kept {
    pub(super) reference: Reference,
    pub(super) vector: Embedding,
    pub(super) caption: Option<Caption>,
    pub(super) made_by: String,
}

impl Kept {
    /// As a record; its id is the hash of the picture.
    pub(super) fn to_record(&self) -> Result<Record> {
        let Self { reference, vector, caption, made_by } = self;
        let length = i64::try_from(reference.image.byte_len)
            .map_err(|_| Error::invalid(format!("a picture of {} bytes", reference.image.byte_len)))?;
        let mut record = Record::new(reference.id.as_str(), vector.clone())
            .with_field(NAME, reference.name.as_str())
            .with_field(DESCRIPTION, reference.description.as_str())
            .with_field(ELEMENTS, reference.elements.clone())
            .with_field(MEDIA_TYPE, reference.image.media_type.as_str())
            .with_field(BYTE_LEN, length)
            .with_field(RESULTS, json(&reference.results)?)
            .with_field(ADDED_AT, reference.added_at)
            .with_field(MADE_BY, made_by.as_str());
        if let Some(objective) = &reference.objective {
            record = record.with_field(OBJECTIVE, objective.as_str());
        }
        if let Some(audience) = &reference.audience {
            record = record.with_field(AUDIENCE, audience.as_str());
        }
        if let Some(caption) = caption {
            record = record.with_field(CAPTION, json(caption)?);
        }
        Ok(match &reference.origin {
            Origin::Imported => record.with_field(ORIGIN, "imported"),
            Origin::Promoted { campaign, creative } => record
                .with_field(ORIGIN, "promoted")
                .with_field(CAMPAIGN, campaign.as_str())
                .with_field(CREATIVE, creative.as_str()),
        })
    }

    pub(super) fn from_record(record: Record) -> Result<Self> {
        let fields = &record.fields;
        Ok(Self {
            reference: reference(&record.id, fields)?,
            caption: optional(fields, CAPTION)?.map(|text| from_json(CAPTION, text)).transpose()?,
            made_by: optional(fields, MADE_BY)?.unwrap_or_default().into(),
            vector: record.vector,
        })
    }
}

/// The reference in the fields of a record.
pub(super) fn reference(id: &str, fields: &Fields) -> Result<Reference> {
    read(id, fields).map_err(|error| {
        Error::new(
            ErrorKind::Corrupt,
            format!("the record is not one of this library's: {}", error.message()),
        )
        .with_context("id", id)
        .with_source(error)
    })
}

fn read(id: &str, fields: &Fields) -> Result<Reference> {
    let hash = ContentHash::try_from(id.to_owned())?;
    let media_type = match text(fields, MEDIA_TYPE)? {
        "image/jpeg" => MediaType::Jpeg,
        "image/png" => MediaType::Png,
        "image/webp" => MediaType::WebP,
        other => return Err(Error::invalid(format!("the media type \"{other}\" is not known"))),
    };
    let byte_len = match fields.get(BYTE_LEN) {
        Some(Value::Integer(length)) => u64::try_from(*length).unwrap_or_default(),
        _ => return Err(missing(BYTE_LEN)),
    };
    let origin = match optional(fields, CAMPAIGN)?.zip(optional(fields, CREATIVE)?) {
        Some((campaign, creative)) => {
            Origin::Promoted { campaign: CampaignId::new(campaign), creative: CreativeId::new(creative) }
        }
        None => Origin::Imported,
    };
    Ok(Reference {
        id: ReferenceId::from(&hash),
        image: ImageRef { hash, media_type, byte_len },
        name: text(fields, NAME)?.into(),
        description: text(fields, DESCRIPTION)?.into(),
        elements: match fields.get(ELEMENTS) {
            Some(Value::TextList(elements)) => elements.clone(),
            // Some engines keep no empty list.
            _ => Vec::new(),
        },
        objective: optional(fields, OBJECTIVE)?.map(Into::into),
        audience: optional(fields, AUDIENCE)?.map(Into::into),
        results: from_json(RESULTS, text(fields, RESULTS)?)?,
        origin,
        added_at: time(fields)?,
    })
}

fn optional<'a>(fields: &'a Fields, name: &str) -> Result<Option<&'a str>> {
    match fields.get(name) {
        Some(Value::Text(text)) => Ok(Some(text)),
        None => Ok(None),
        Some(other) => Err(Error::invalid(format!("the field \"{name}\" holds {:?}", other.field_type()))),
    }
}

fn text<'a>(fields: &'a Fields, name: &str) -> Result<&'a str> {
    optional(fields, name)?.ok_or_else(|| missing(name))
}

fn time(fields: &Fields) -> Result<Timestamp> {
    match fields.get(ADDED_AT) {
        Some(Value::Time(time)) => Ok(*time),
        _ => Err(missing(ADDED_AT)),
    }
}

fn missing(name: &str) -> Error {
    Error::invalid(format!("the field \"{name}\" is missing"))
}

fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| {
        Error::new(ErrorKind::Internal, format!("cannot be written as JSON: {e}")).with_source(e)
    })
}

fn from_json<T: serde::de::DeserializeOwned>(name: &str, text: &str) -> Result<T> {
    serde_json::from_str(text)
        .map_err(|e| Error::invalid(format!("the field \"{name}\" cannot be read: {e}")).with_source(e))
}
