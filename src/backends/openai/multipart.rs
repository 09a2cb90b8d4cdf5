//! A form with files (RFC 7578), written into one buffer.

use crate::domain::{ContentHash, Image};

/// The parts of a form.
#[derive(Debug, Default)]
pub(super) struct Form<'a> {
    texts: Vec<(&'static str, String)>,
    files: Vec<(&'static str, &'a Image)>,
}

impl<'a> Form<'a> {
    pub(super) fn put(&mut self, name: &'static str, text: impl Into<String>) {
        self.texts.push((name, text.into()));
    }

    pub(super) fn put_some(&mut self, name: &'static str, text: Option<impl Into<String>>) {
        self.texts.extend(text.map(|text| (name, text.into())));
    }

    pub(super) fn put_file(&mut self, name: &'static str, file: &'a Image) {
        self.files.push((name, file));
    }

    /// The content type, which names the boundary, and the body.
    ///
    /// The boundary is the hash of all texts: the same form gives the same bytes, and no text of it holds its own hash.
    pub(super) fn to_bytes(&self) -> (String, Vec<u8>) {
        let texts: String = self.texts.iter().flat_map(|(name, text)| [*name, text.as_str()]).collect();
        let boundary = ContentHash::of(texts.as_bytes());
        let files: usize = self.files.iter().map(|(_, file)| file.bytes().len() + 256).sum();
        let mut body = Vec::with_capacity(files + texts.len() + 256 * self.texts.len());
        for (name, text) in &self.texts {
            let head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(text.as_bytes());
            body.extend_from_slice(b"\r\n");
        }
        for (name, file) in &self.files {
            let (format, ending) = (file.media_type(), file.media_type().extension());
            let file_name = name.trim_end_matches("[]");
            let head = format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}.{ending}\"\r\n\
                 Content-Type: {format}\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(file.bytes());
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        (format!("multipart/form-data; boundary={boundary}"), body)
    }
}
