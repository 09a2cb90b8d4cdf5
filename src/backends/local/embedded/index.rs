//! Which rows of a run or a block have which value, as bitmaps, and filters on them.

use std::{collections::BTreeMap, sync::Arc};

use roaring::RoaringBitmap;

use super::bytes::{Reader, Writer};
use crate::domain::{Bounds, Fields, Filter, Schema, Value};

/// The values of the filterable fields of one run or block.
#[derive(Clone, Default)]
pub(super) struct Index(BTreeMap<Arc<str>, FieldIndex>);

#[derive(Clone, Default)]
struct FieldIndex {
    present: RoaringBitmap,
    values: BTreeMap<Key, RoaringBitmap>,
}

/// A value in the order of its type. The schema gives a field one type, so types never meet.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(i64),
    Text(Arc<str>),
}

impl FieldIndex {
    fn insert(&mut self, row: u32, value: &Value) {
        self.present.insert(row);
        for key in keys(value) {
            self.values.entry(key).or_default().insert(row);
        }
    }
}

impl Index {
    /// Notes the fields of `row`.
    pub(super) fn insert(&mut self, row: u32, fields: &Fields, schema: &Schema) {
        for (name, value) in fields {
            if !schema.get(name).is_some_and(|spec| spec.filterable) {
                continue;
            }
            if let Some(field) = self.0.get_mut(&**name) {
                field.insert(row, value);
            } else {
                self.0.entry(Arc::from(&**name)).or_default().insert(row, value);
            }
        }
    }

    /// Adds the rows of `other`, each under the number that `row` gives it.
    pub(super) fn merge(&mut self, other: &Self, row: impl Fn(u32) -> Option<u32>) {
        for (name, field) in &other.0 {
            let target = self.0.entry(Arc::clone(name)).or_default();
            target.present.extend(field.present.iter().filter_map(&row));
            for (key, rows) in &field.values {
                let mut rows = rows.iter().filter_map(&row).peekable();
                if rows.peek().is_some() {
                    target.values.entry(key.clone()).or_default().extend(rows);
                }
            }
        }
    }

    /// Makes bitmaps as small as they can be.
    pub(super) fn optimise(&mut self) {
        for field in self.0.values_mut() {
            field.present.optimize();
            field.values.values_mut().for_each(|rows| {
                rows.optimize();
            });
        }
    }

    pub(super) fn write(&self, bytes: &mut Writer) {
        bytes.count(self.0.len());
        for (name, field) in &self.0 {
            bytes.bytes(name.as_bytes());
            bytes.bitmap(&field.present);
            bytes.count(field.values.len());
            for (key, rows) in &field.values {
                match key {
                    Key::Number(number) => {
                        bytes.u32(0);
                        bytes.u64(number.cast_unsigned());
                    }
                    Key::Text(text) => {
                        bytes.u32(1);
                        bytes.bytes(text.as_bytes());
                    }
                }
                bytes.bitmap(rows);
            }
        }
    }

    pub(super) fn read(bytes: &mut Reader<'_>) -> Option<Self> {
        let mut index = Self::default();
        for _ in 0..bytes.count()? {
            let name = Arc::from(bytes.text()?);
            let mut field = FieldIndex { present: bytes.bitmap()?, values: BTreeMap::new() };
            for _ in 0..bytes.count()? {
                let key = match bytes.u32()? {
                    0 => Key::Number(bytes.u64()?.cast_signed()),
                    _ => Key::Text(Arc::from(bytes.text()?)),
                };
                field.values.insert(key, bytes.bitmap()?);
            }
            index.0.insert(name, field);
        }
        Some(index)
    }

    /// The rows among `live` that pass `filter`, as [`Filter::matches`] would say.
    pub(super) fn select(&self, filter: &Filter, live: &RoaringBitmap) -> RoaringBitmap {
        match filter {
            Filter::Eq(name, value) => self.any_of(name, std::slice::from_ref(value)) & live,
            Filter::In(name, values) => self.any_of(name, values) & live,
            Filter::Range(name, bounds) => self.within(name, bounds) & live,
            Filter::Exists(name) => {
                self.0.get(&**name).map_or_else(RoaringBitmap::new, |f| &f.present & live)
            }
            Filter::And(all) => all.iter().fold(live.clone(), |rows, filter| self.select(filter, &rows)),
            Filter::Or(any) => {
                any.iter().fold(RoaringBitmap::new(), |rows, filter| rows | self.select(filter, live))
            }
            Filter::Not(filter) => live - self.select(filter, live),
        }
    }

    /// The bitmap that has all rows that pass, dead ones among them, if there is one.
    pub(super) fn kept(&self, filter: &Filter) -> Option<&RoaringBitmap> {
        match filter {
            Filter::Eq(name, value) => {
                let (mut keys, field) = (keys(value), self.0.get(&**name)?);
                let key = keys.next().filter(|_| keys.next().is_none())?;
                field.values.get(&key)
            }
            Filter::Exists(name) => Some(&self.0.get(&**name)?.present),
            _ => None,
        }
    }

    fn any_of(&self, name: &str, values: &[Value]) -> RoaringBitmap {
        let Some(field) = self.0.get(name) else { return RoaringBitmap::new() };
        let keys = values.iter().flat_map(keys);
        keys.filter_map(|key| field.values.get(&key)).fold(RoaringBitmap::new(), |rows, found| rows | found)
    }

    fn within(&self, name: &str, bounds: &Bounds) -> RoaringBitmap {
        let Some((field, (low, high))) = self.0.get(name).zip(limits(bounds)) else {
            return RoaringBitmap::new();
        };
        let found = field.values.range(Key::Number(low)..=Key::Number(high));
        found.fold(RoaringBitmap::new(), |rows, (_, found)| rows | found)
    }
}

/// The smallest and the largest number within the bounds; none when there is none between them.
fn limits(bounds: &Bounds) -> Option<(i64, i64)> {
    let (mut low, mut high) = (i64::MIN, i64::MAX);
    if let Some(value) = &bounds.gte {
        low = low.max(number(value)?);
    }
    if let Some(value) = &bounds.gt {
        low = low.max(number(value)?.checked_add(1)?);
    }
    if let Some(value) = &bounds.lte {
        high = high.min(number(value)?);
    }
    if let Some(value) = &bounds.lt {
        high = high.min(number(value)?.checked_sub(1)?);
    }
    (low <= high).then_some((low, high))
}

/// What a value is found by; a list by each of its texts.
fn keys(value: &Value) -> impl Iterator<Item = Key> {
    let texts = match value {
        Value::Text(text) => std::slice::from_ref(text),
        Value::TextList(texts) => texts,
        _ => &[],
    };
    let number = number(value).map(Key::Number);
    number.into_iter().chain(texts.iter().map(|text| Key::Text(Arc::from(&**text))))
}

/// A number that is ordered as the value is; neighbours among floats are neighbours among numbers.
fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(n) => Some(*n),
        Value::Time(time) => Some(time.as_millis()),
        Value::Bool(yes) => Some(i64::from(*yes)),
        Value::Float(x) => {
            // Adding 0.0 turns -0.0 into 0.0; negative floats order backwards by their bits.
            let bits = (x + 0.0).to_bits().cast_signed();
            Some(if bits < 0 { bits ^ i64::MAX } else { bits })
        }
        Value::Text(_) | Value::TextList(_) => None,
    }
}
