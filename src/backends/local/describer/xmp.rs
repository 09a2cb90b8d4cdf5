//! XMP: dc:description, dc:title, dc:subject, and the alternative text of IPTC Core.

use quick_xml::{
    NsReader,
    escape::resolve_predefined_entity,
    events::{BytesStart, Event},
    name::{Namespace, ResolveResult},
};

use super::{text::MAX_KEYWORDS, told::Words};

const DC: Namespace = Namespace("http://purl.org/dc/elements/1.1/");
const IPTC_CORE: Namespace = Namespace("http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/");

/// The longest packet that is read: what an APP1 segment holds, with room for other containers.
const MAX_BYTES: usize = 1 << 20;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Property {
    Description,
    Title,
    Subject,
    AltText,
}

/// Alternatives of one text in several languages: the English one wins, then the default, then the first.
#[derive(Default)]
struct Alternatives {
    best: Option<(u8, String)>,
}

impl Alternatives {
    fn offer(&mut self, language: &str, text: &str) {
        let language = language.to_ascii_lowercase();
        let rank = match language.as_str() {
            "en" => 0,
            _ if language.starts_with("en-") => 1,
            "x-default" | "" => 2,
            _ => 3,
        };
        if !text.trim().is_empty() && self.best.as_ref().is_none_or(|(best, _)| rank < *best) {
            self.best = Some((rank, text.to_owned()));
        }
    }

    fn take(self) -> String {
        self.best.map(|(_, text)| text).unwrap_or_default()
    }
}

/// Reads a packet; none if it is not well-formed UTF-8 XML.
pub(super) fn read(packet: &[u8]) -> Option<Words> {
    let xml = str::from_utf8(packet.get(..packet.len().min(MAX_BYTES))?).ok()?;
    let mut reader = NsReader::from_str(xml.trim_end_matches('\0'));
    let (mut description, mut alt_text, mut title) =
        (Alternatives::default(), Alternatives::default(), Alternatives::default());
    let mut keywords = Vec::new();
    let mut property = None;
    let mut language = String::new();
    let mut text = String::new();
    loop {
        let (namespace, event) = reader.read_resolved_event().ok()?;
        match event {
            Event::Start(start) => {
                if let Some(found) = property_of(&namespace, start.local_name().as_ref()) {
                    property = Some(found);
                }
                language = language_of(&start);
                text.clear();
            }
            Event::Text(piece) if property.is_some() => text.push_str(&piece.xml10_content()),
            Event::CData(piece) if property.is_some() => text.push_str(&piece.xml10_content()),
            Event::GeneralRef(entity) if property.is_some() => match entity.resolve_char_ref().ok()? {
                Some(c) => text.push(c),
                None => text.push_str(resolve_predefined_entity(&entity)?),
            },
            Event::End(end) => {
                match property {
                    Some(Property::Description) => description.offer(&language, &text),
                    Some(Property::Title) => title.offer(&language, &text),
                    Some(Property::AltText) => alt_text.offer(&language, &text),
                    Some(Property::Subject) if keywords.len() < MAX_KEYWORDS && !text.trim().is_empty() => {
                        keywords.push(text.clone());
                    }
                    _ => {}
                }
                text.clear();
                if property_of(&namespace, end.local_name().as_ref()).is_some() {
                    property = None;
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let alt_text = alt_text.take();
    let caption = Some(description.take()).filter(|text| !text.is_empty()).unwrap_or(alt_text);
    Some(Words { caption, title: title.take(), keywords })
}

fn property_of(namespace: &ResolveResult<'_>, local: &str) -> Option<Property> {
    match (namespace, local) {
        (ResolveResult::Bound(DC), "description") => Some(Property::Description),
        (ResolveResult::Bound(DC), "title") => Some(Property::Title),
        (ResolveResult::Bound(DC), "subject") => Some(Property::Subject),
        (ResolveResult::Bound(IPTC_CORE), "AltTextAccessibility") => Some(Property::AltText),
        _ => None,
    }
}

fn language_of(start: &BytesStart<'_>) -> String {
    start
        .try_get_attribute("xml:lang")
        .ok()
        .flatten()
        .map(|attribute| attribute.value.as_ref().to_owned())
        .unwrap_or_default()
}
