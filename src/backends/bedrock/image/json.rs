//! JSON that is written in one go: pictures become base64 on their way into the body, without a copy between.

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::settings::Value;
use crate::{
    backends::bedrock::json::{self, Base64},
    domain::Image,
    error::{Error, Result},
};

/// An object with its fields in the order they were put in.
#[derive(Default)]
pub(super) struct Object<'a>(Vec<(&'a str, Field<'a>)>);

/// What stands in a field.
pub(super) enum Field<'a> {
    Text(&'a str),
    Owned(String),
    Whole(u64),
    Number(f64),
    Setting(&'a Value),
    Picture(&'a Image),
    List(Vec<Self>),
    Object(Object<'a>),
}

impl<'a> Object<'a> {
    /// Puts in a field.
    pub(super) fn put(&mut self, name: &'a str, value: impl Into<Field<'a>>) {
        self.0.push((name, value.into()));
    }

    /// Puts in a field if there is something for it.
    pub(super) fn put_some(&mut self, name: &'a str, value: Option<impl Into<Field<'a>>>) {
        self.0.extend(value.map(|value| (name, value.into())));
    }

    /// Puts in a text unless it is empty.
    pub(super) fn put_text(&mut self, name: &'a str, text: Option<&'a str>) {
        self.put_some(name, text.filter(|text| !text.trim().is_empty()));
    }

    /// The bytes to send, at most `most` of them where that is known.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for more bytes than that, before they are written.
    pub(super) fn to_bytes(&self, most: Option<u64>) -> Result<Vec<u8>> {
        let room = self.room();
        if let Some(most) = most.filter(|most| room as u64 > *most) {
            return Err(Error::invalid(format!(
                "the request has about {room} bytes, its pictures as base64; it may have {most}: send smaller pictures"
            )));
        }
        json::write(self, room)
    }

    /// The bytes it takes, rather too many.
    fn room(&self) -> usize {
        2 + self.0.iter().map(|(name, field)| name.len() + field.room() + 4).sum::<usize>()
    }
}

impl Field<'_> {
    fn room(&self) -> usize {
        match self {
            Self::Picture(image) => json::image_len(image) + 2,
            Self::Text(text) => json::text_len(text) + 2,
            Self::Owned(text) => json::text_len(text) + 2,
            Self::List(fields) => 2 + fields.iter().map(|field| field.room() + 1).sum::<usize>(),
            Self::Object(object) => object.room(),
            Self::Whole(_) | Self::Number(_) | Self::Setting(_) => 32,
        }
    }
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, field) in &self.0 {
            map.serialize_entry(name, field)?;
        }
        map.end()
    }
}

impl Serialize for Field<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Owned(text) => serializer.serialize_str(text),
            Self::Whole(number) => serializer.serialize_u64(*number),
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Setting(value) => value.serialize(serializer),
            Self::Picture(image) => Base64(image).serialize(serializer),
            Self::List(fields) => serializer.collect_seq(fields),
            Self::Object(object) => object.serialize(serializer),
        }
    }
}

impl<'a> From<&'a str> for Field<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl From<String> for Field<'_> {
    fn from(text: String) -> Self {
        Self::Owned(text)
    }
}

impl From<u64> for Field<'_> {
    fn from(number: u64) -> Self {
        Self::Whole(number)
    }
}

impl From<u32> for Field<'_> {
    fn from(number: u32) -> Self {
        Self::Whole(number.into())
    }
}

impl From<f64> for Field<'_> {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl<'a> From<&'a Value> for Field<'a> {
    fn from(value: &'a Value) -> Self {
        Self::Setting(value)
    }
}

impl<'a> From<&'a Image> for Field<'a> {
    fn from(image: &'a Image) -> Self {
        Self::Picture(image)
    }
}

impl<'a> From<Object<'a>> for Field<'a> {
    fn from(object: Object<'a>) -> Self {
        Self::Object(object)
    }
}
