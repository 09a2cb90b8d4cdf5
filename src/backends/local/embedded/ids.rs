//! Ids one behind the other: a few bytes each, where a `String` would take sixty.

/// Ids by their position.
#[derive(Clone, Debug, Default)]
pub(super) struct Ids {
    text: String,
    ends: Vec<u32>,
}

impl Ids {
    pub(super) fn push(&mut self, id: &str) {
        self.text.push_str(id);
        #[expect(clippy::cast_possible_truncation, reason = "a million ids of 512 bytes are less than 2^32")]
        self.ends.push(self.text.len() as u32);
    }

    /// The id at a position; empty when there is none.
    pub(super) fn get(&self, position: usize) -> &str {
        let end = self.ends.get(position).map(|end| *end as usize);
        let start =
            position.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end as usize);
        end.and_then(|end| self.text.get(start..end)).unwrap_or_default()
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn position(&self, id: &str) -> impl Iterator<Item = usize> {
        (0..self.len()).filter(move |at| self.get(*at) == id)
    }

    pub(super) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}
