//! Values true to a JSON schema, out of the words of the input.

use serde_json::{Map, Value, json};

use super::{
    Material,
    english::{self, SPANISH},
};

/// How deep answers go: a schema may contain itself.
const MAX_DEPTH: usize = 12;

/// The longest text that is written unasked, in characters.
const USUAL: usize = 320;

/// A value true to `schema`.
pub(crate) fn fill(schema: &Value, material: &Material) -> Value {
    let words = material.words();
    let filler = Filler { root: schema, material, words };
    filler.value(schema, Spot { name: "", index: 0, before: &Map::new(), depth: 0 })
}

struct Filler<'a> {
    /// The whole schema, into which references point.
    root: &'a Value,
    material: &'a Material,
    words: Vec<String>,
}

/// Where in the answer a value stands.
#[derive(Clone, Copy)]
struct Spot<'a> {
    /// The nearest property.
    name: &'a str,
    /// Which item of a list, or which list of its object.
    index: usize,
    /// What was written before it in the same object.
    before: &'a Map<String, Value>,
    depth: usize,
}

impl Filler<'_> {
    fn value(&self, schema: &Value, spot: Spot<'_>) -> Value {
        let spot = Spot { depth: spot.depth + 1, ..spot };
        if spot.depth > MAX_DEPTH {
            return Value::Null;
        }
        if let Some(place) = schema["$ref"].as_str().and_then(|name| name.strip_prefix('#')) {
            return self.root.pointer(place).map_or(Value::Null, |schema| self.value(schema, spot));
        }
        if let Some(value) = schema.get("const") {
            return value.clone();
        }
        if let Some(values) = schema["enum"].as_array().filter(|values| !values.is_empty()) {
            return values[self.hash(spot) % values.len()].clone();
        }
        let variants = ["anyOf", "oneOf"].into_iter().find_map(|key| schema[key].as_array());
        if let Some(first) = variants.and_then(|variants| variants.iter().find(|one| one["type"] != "null")) {
            return self.value(first, spot);
        }
        let kinds = schema["type"].as_array();
        let kind = kinds.map_or(&schema["type"], |kinds| {
            kinds.iter().find(|kind| *kind != "null").unwrap_or(&Value::Null)
        });
        match kind.as_str() {
            Some("object") => self.object(schema, spot),
            Some("array") => self.array(schema, spot),
            Some("string") => self.string(schema, spot).into(),
            Some("integer") => self.integer(schema, spot).into(),
            Some("number") => self.number(schema, spot).into(),
            Some("boolean") => self.hash(spot).is_multiple_of(2).into(),
            _ if schema["properties"].is_object() => self.object(schema, spot),
            _ => Value::Null,
        }
    }

    /// Required properties in their order, then the others.
    fn object(&self, schema: &Value, spot: Spot<'_>) -> Value {
        let Some(properties) = schema["properties"].as_object() else { return json!({}) };
        let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let mut names: Vec<&str> = required.filter(|name| properties.contains_key(*name)).collect();
        let others: Vec<_> =
            properties.keys().map(String::as_str).filter(|name| !names.contains(name)).collect();
        names.extend(others);
        let mut out = Map::new();
        let mut lists = 0;
        for name in names {
            let is_list = properties[name]["type"] == "array";
            let index = if is_list { lists } else { spot.index };
            let spot = Spot { name, index, before: &out, ..spot };
            let value = self.value(&properties[name], spot);
            lists += usize::from(is_list);
            out.insert(name.to_owned(), value);
        }
        out.into()
    }

    fn array(&self, schema: &Value, spot: Spot<'_>) -> Value {
        let items = &schema["items"];
        let most = schema["maxItems"].as_u64().unwrap_or(20) as usize;
        let least = schema["minItems"].as_u64().unwrap_or(0).min(1_000) as usize;
        let texts = if items["type"] == "string" && items["enum"].is_null() {
            self.phrases(spot.index)
        } else {
            None
        };
        let mut out: Vec<Value> = match texts {
            Some(texts) => texts.into_iter().map(Value::from).collect(),
            None => {
                let count = self.material.tagged("guideline").count().max(1);
                let item = |index| self.value(items, Spot { index, before: &Map::new(), ..spot });
                (0..count).map(item).collect()
            }
        };
        for index in out.len()..least {
            out.push(self.value(items, Spot { index, before: &Map::new(), ..spot }));
        }
        out.truncate(most);
        out.into()
    }

    /// Short texts for the list number `index` of an object: parts of a query, elements of a picture, or words.
    fn phrases(&self, index: usize) -> Option<Vec<String>> {
        if let Some(query) = self.material.tagged("query").next() {
            let mut parts = parts(query);
            return Some(match index {
                0 | 1 => parts.into_iter().nth(index).into_iter().collect(),
                _ => parts.split_off(parts.len().min(2)),
            });
        }
        match self.material.pictures.first() {
            Some(picture) => Some(picture.elements.clone()),
            None => Some(self.words.iter().take(8).cloned().collect()),
        }
    }

    fn string(&self, schema: &Value, spot: Spot<'_>) -> String {
        let most = schema["maxLength"].as_u64().map_or(usize::MAX, |most| most as usize);
        let least = schema["minLength"].as_u64().unwrap_or(0).min(100_000) as usize;
        let mut text = english::cut(&self.text(spot), most);
        while text.chars().count() < least {
            text.push_str(if text.is_empty() { "light" } else { " and light" });
        }
        text.chars().take(most).collect()
    }

    fn text(&self, spot: Spot<'_>) -> String {
        let rule = self.material.rule(spot.name);
        if rule.starts_with("an empty text") {
            return String::new();
        }
        if self.material.wrong_language {
            return SPANISH.into();
        }
        if let Some(text) = self.for_people(spot.name) {
            return text;
        }
        let words = &self.words;
        match spot.name {
            "correction" if !spot.before.values().any(|value| value == "fail") => String::new(),
            "correction" => format!("Show {} and {} as they really are.", self.word(0), self.word(1)),
            name if name.contains("reason") => match self.material.tagged("guideline").nth(spot.index) {
                Some(guideline) => format!("The picture was held against the guideline: {guideline}"),
                None => format!(
                    "The material speaks of {}, {} and {}, so the picture is about {} in the light of {}.",
                    self.word(0),
                    self.word(1),
                    self.word(2),
                    self.word(0),
                    self.word(1)
                ),
            },
            name if name.contains("negative") => self.negative(),
            "prompt" => {
                let (least, most) = self.length();
                english::paragraph(words, least, most)
            }
            name if name.contains("description") => match self.material.pictures.first() {
                Some(picture) => format!("{}{}", picture.text, self.known()),
                None => english::sentence(0, words),
            },
            name => english::cut(&english::sentence(name.len(), words), USUAL),
        }
    }

    /// What is asked for in the language of the people who wrote the brief: the brief's own words are in it.
    fn for_people(&self, name: &str) -> Option<String> {
        let asked = self.material.system.contains("for the people who wrote");
        let text = self.material.tagged("description").next().filter(|text| asked && !text.is_empty())?;
        (name == "reasoning" || name.ends_with("_concept")).then(|| english::cut(text, USUAL))
    }

    /// What is known of a picture beside its pixels, in English. What gives orders is no knowledge.
    fn known(&self) -> String {
        let told = self
            .material
            .tagged("caption")
            .chain(self.material.tagged("keyword"))
            .collect::<Vec<_>>()
            .join(" ");
        let words = english::words(&told);
        match &words[..] {
            [] => String::new(),
            _ if words.iter().any(|word| word == "ignore") => String::new(),
            words => format!(" It shows {}.", words[..words.len().min(12)].join(", ")),
        }
    }

    /// What is never shown, and the usual faults.
    fn negative(&self) -> String {
        let never = self.material.tagged("never_shown");
        never.chain(["poor rendering", "blurred details"]).collect::<Vec<_>>().join(", ")
    }

    /// How long a prompt is asked for: `1500 to 2000 characters` or `at most 512 characters`.
    fn length(&self) -> (usize, usize) {
        let number = |text: &str| text.split(' ').next().and_then(|number| number.parse::<usize>().ok());
        let system = &self.material.system;
        let range = system.split(" characters").find_map(|text| {
            let (before, most) = text.rsplit_once(" to ")?;
            Some((before.rsplit(' ').next()?.parse().ok()?, number(most)?))
        });
        range.unwrap_or_else(|| {
            let most = system.split("at most ").skip(1).find_map(|text| {
                let (most, _) = text.split_once(" characters")?;
                number(most)
            });
            let most = most.unwrap_or(USUAL);
            (most * 9 / 10, most)
        })
    }

    fn word(&self, index: usize) -> &str {
        self.words.get(index % self.words.len().max(1)).map_or("light", String::as_str)
    }

    fn integer(&self, schema: &Value, spot: Spot<'_>) -> i64 {
        let least = schema["minimum"].as_i64().unwrap_or(1);
        let most = schema["maximum"].as_i64().unwrap_or(i64::MAX);
        least.saturating_add(spot.index as i64).min(most)
    }

    /// Between the bounds; of none it is a share.
    fn number(&self, schema: &Value, spot: Spot<'_>) -> f64 {
        let least = schema["minimum"].as_f64().unwrap_or(0.0);
        let most = schema["maximum"].as_f64().unwrap_or(1.0).max(least);
        let share = 0.3 + (self.hash(spot) % 40) as f64 / 100.0;
        ((least + (most - least) * share) * 1_000.0).round() / 1_000.0
    }

    fn hash(&self, spot: Spot<'_>) -> usize {
        let texts = self.words.iter().map(String::as_str).chain([spot.name]);
        let hash = texts.flat_map(str::bytes).fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        ((hash >> 17) as usize).wrapping_add(spot.index)
    }
}

/// A query at its prepositions and commas.
fn parts(query: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for word in query.split_whitespace() {
        let (bare, comma) = word.strip_suffix(',').map_or((word, false), |bare| (bare, true));
        if ["on", "in", "at", "with", "under", "before", "beside", "and", "for"].contains(&bare) {
            parts.push(String::new());
            continue;
        }
        if let Some(part) = parts.last_mut().filter(|_| !["a", "an", "the"].contains(&bare)) {
            part.push_str(if part.is_empty() { "" } else { " " });
            part.push_str(bare);
        }
        if comma {
            parts.push(String::new());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}
