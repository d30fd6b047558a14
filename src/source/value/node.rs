//! From a parser's values to JSON values, within limits.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::{Document, Limits, Numbers, OddNumber, without_merges};
use crate::source::{Step, YamlPath};

/// YAML's merge key.
pub(super) const MERGE: &str = "<<";

/// The state that all nodes of one document share.
pub(super) struct State {
    pub(super) limits: Limits,
    pub(super) path: Vec<Step>,
    pub(super) stopped: Option<Stop>,
    numbers: Numbers,
    merges: bool,
    nodes: usize,
    bytes: usize,
    duplicates: Vec<YamlPath>,
    bad_merges: Vec<YamlPath>,
    tagged: Vec<YamlPath>,
    odd: Vec<(YamlPath, OddNumber)>,
}

/// The limit that ended the reading.
#[derive(Clone, Copy)]
pub(super) enum Stop {
    Deep,
    Large,
}

impl State {
    /// `merges`: whether `<<` is a merge key.
    pub(super) fn new(merges: bool, numbers: Numbers, limits: Limits) -> Self {
        Self {
            limits,
            path: Vec::new(),
            stopped: None,
            numbers,
            merges,
            nodes: 0,
            bytes: 0,
            duplicates: Vec::new(),
            bad_merges: Vec::new(),
            tagged: Vec::new(),
            odd: Vec::new(),
        }
    }

    /// The document with this value.
    pub(super) fn document(&mut self, value: Value) -> Document {
        Document {
            value,
            duplicates: std::mem::take(&mut self.duplicates),
            bad_merges: std::mem::take(&mut self.bad_merges),
            tagged: std::mem::take(&mut self.tagged),
            numbers: std::mem::take(&mut self.odd),
        }
    }

    fn here(&self) -> YamlPath {
        match self.merges {
            true => without_merges(&self.path),
            false => self.path.iter().cloned().collect(),
        }
    }

    fn stop<E: Error>(&mut self, stop: Stop) -> E {
        self.stopped = Some(stop);
        E::custom("beyond a limit")
    }

    fn spend<E: Error>(&mut self, bytes: usize) -> Result<(), E> {
        self.bytes += bytes;
        if self.bytes > self.limits.bytes {
            return Err(self.stop(Stop::Large));
        }
        Ok(())
    }

    fn odd(&mut self, number: OddNumber) -> Value {
        self.odd.push((self.here(), number));
        Value::Null
    }

    fn checked(&mut self, number: f64) -> Value {
        /// 2^64. Smaller numbers without a fraction come as integers, unless they are written like `1e3`.
        const TOO_LARGE: f64 = 18_446_744_073_709_551_616.0;
        /// 2^53, up to which every integer is exact.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        // `1.0` and `1e3` are integers to people and to JSON Schema, but not to serde.
        if number.fract() == 0.0 && number.abs() <= EXACT {
            return (number as i64).into();
        }
        match Number::from_f64(number) {
            Some(_) if number.abs() >= TOO_LARGE => self.odd(OddNumber::Huge),
            Some(number) => number.into(),
            None if number.is_nan() => self.odd(OddNumber::Special(".nan")),
            None if number < 0.0 => self.odd(OddNumber::Special("-.inf")),
            None => self.odd(OddNumber::Special(".inf")),
        }
    }
}

/// One value to be read.
pub(super) struct Node<'s> {
    state: &'s mut State,
    /// The number of lists and objects around it.
    depth: usize,
}

impl<'s> Node<'s> {
    pub(super) fn root(state: &'s mut State) -> Self {
        Self { state, depth: 0 }
    }

    fn child(&mut self) -> Node<'_> {
        Node { state: self.state, depth: self.depth + 1 }
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        self.state.nodes += 1;
        if self.state.nodes > self.state.limits.nodes {
            return Err(self.state.stop(Stop::Large));
        }
        if self.depth >= self.state.limits.levels {
            return Err(self.state.stop(Stop::Deep));
        }
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    // Where numbers are copied, wider integers become floats, as in every JSON reader.
    fn visit_i128<E: Error>(self, value: i128) -> Result<Value, E> {
        Ok(match self.state.numbers {
            Numbers::Checked => self.state.odd(OddNumber::Huge),
            Numbers::Copied => Value::from(value as f64),
        })
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Value, E> {
        Ok(match self.state.numbers {
            Numbers::Checked => self.state.odd(OddNumber::Huge),
            Numbers::Copied => Value::from(value as f64),
        })
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(match self.state.numbers {
            Numbers::Checked => self.state.checked(value),
            // `.inf` and `.nan` are numbers in YAML, but not in JSON.
            Numbers::Copied => Number::from_f64(value).map_or_else(|| value.to_string().into(), Value::Number),
        })
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.state.spend(value.len())?;
        Ok(value.into())
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }

    /// A YAML value with a tag, which has no meaning in JSON. Both together are one value.
    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Value, A::Error> {
        let (_, value) = tagged.variant::<String>()?;
        if self.state.numbers == Numbers::Checked {
            let here = self.state.here();
            self.state.tagged.push(here);
        }
        self.state.nodes -= 1;
        value.newtype_variant_seed(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        loop {
            self.state.path.push(Step::Index(list.len()));
            // After a failure the path is kept, because it is the location.
            let item = items.next_element_seed(self.child())?;
            self.state.path.pop();
            match item {
                Some(item) => list.push(item),
                None => return Ok(Value::Array(list)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        let mut merged: Vec<Value> = Vec::new();
        while let Some(key) = entries.next_key::<String>()? {
            self.state.spend(key.len())?;
            self.state.path.push(Step::Key(key.clone()));
            let is_merge = self.state.merges && key == MERGE;
            let notes = (self.state.tagged.len(), self.state.odd.len());
            let value = entries.next_value_seed(self.child())?;
            if map.contains_key(&key) || is_merge && !merged.is_empty() {
                let again = self.state.here();
                self.state.duplicates.push(again);
            }
            if is_merge {
                merged.push(value);
            } else if map.contains_key(&key) {
                // The path leads to the first one.
                self.state.tagged.truncate(notes.0);
                self.state.odd.truncate(notes.1);
            } else {
                map.insert(key, value);
            }
            self.state.path.pop();
        }
        if !merge(&mut map, merged) {
            let here = self.state.here();
            self.state.bad_merges.push(here);
        }
        Ok(Value::Object(map))
    }
}

/// Adds the missing keys of other objects: keys of the object itself take precedence, then the first of the others. Returns false
/// if some of them are not objects, which are left out.
fn merge(map: &mut Map<String, Value>, merged: Vec<Value>) -> bool {
    let mut are_objects = true;
    let parts = merged.into_iter().flat_map(|value| match value {
        Value::Array(parts) => parts,
        part => vec![part],
    });
    for part in parts {
        let Value::Object(part) = part else {
            are_objects = false;
            continue;
        };
        for (key, value) in part {
            map.entry(key).or_insert(value);
        }
    }
    are_objects
}
