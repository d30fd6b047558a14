//! Queries of a schema: types, values, known and required keys. References are followed; nothing is decided.

use serde_json::{Map, Value};

/// Maximum number of references and nestings per query.
const MAX_HOPS: usize = 16;

/// A schema or a part of it, with the root for references.
#[derive(Debug, Clone, Copy)]
pub(super) struct Schema<'s> {
    root: &'s Value,
    here: &'s Value,
}

/// The types of JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Type {
    Text,
    Whole,
    Number,
    Flag,
    List,
    Object,
    Null,
}

impl Type {
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Flag,
            Value::Number(number) if is_whole(number) => Self::Whole,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::Text,
            Value::Array(_) => Self::List,
            Value::Object(_) => Self::Object,
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "string" => Self::Text,
            "integer" => Self::Whole,
            "number" => Self::Number,
            "boolean" => Self::Flag,
            "array" => Self::List,
            "object" => Self::Object,
            "null" => Self::Null,
            _ => return None,
        })
    }

    /// True if a value of this type is allowed where `wanted` is.
    fn fits(self, wanted: Self) -> bool {
        self == wanted || (self == Self::Whole && wanted == Self::Number)
    }
}

/// 1.0 is an integer to JSON Schema.
fn is_whole(number: &serde_json::Number) -> bool {
    number.is_i64() || number.is_u64() || number.as_f64().is_some_and(|number| number.fract() == 0.0)
}

impl<'s> Schema<'s> {
    pub(super) fn whole(root: &'s Value) -> Self {
        Self { root, here: root }
    }

    /// The schema that contains the keyword at a pointer.
    pub(super) fn around(self, pointer: &str) -> Self {
        let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
        self.part(self.root.pointer(parent).unwrap_or(&Value::Null))
    }

    fn part(self, here: &'s Value) -> Self {
        Self { root: self.root, here }
    }

    /// The schema after references: the first with a format.
    pub(super) fn resolved(self) -> &'s Value {
        let says = |schema: &Self| schema.get("pattern").or_else(|| schema.get("format")).is_some();
        self.all().into_iter().find(says).unwrap_or(self).here
    }

    pub(super) fn get(self, keyword: &str) -> Option<&'s Value> {
        self.here.get(keyword)
    }

    /// The text of a keyword, here or in a reference.
    pub(super) fn text(self, keyword: &str) -> Option<&'s str> {
        self.all().into_iter().find_map(|schema| schema.get(keyword)?.as_str())
    }

    /// Alternatives under `anyOf` or `oneOf`.
    pub(super) fn branches(self) -> Vec<Self> {
        let branches = ["anyOf", "oneOf"].iter().find_map(|keyword| self.get(keyword)?.as_array());
        branches.into_iter().flatten().map(|branch| self.part(branch)).collect()
    }

    /// This schema and all that apply together with it: references and `allOf`.
    fn all(self) -> Vec<Self> {
        let mut all = Vec::new();
        let mut next = vec![self];
        while let Some(schema) = next.pop().filter(|_| all.len() < MAX_HOPS) {
            all.push(schema);
            let reference = schema.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix('#'));
            next.extend(reference.and_then(|pointer| self.root.pointer(pointer)).map(|part| self.part(part)));
            let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
            next.extend(parts.map(|part| self.part(part)));
        }
        all
    }

    /// The allowed types; empty if all are.
    pub(super) fn types(self) -> Vec<Type> {
        self.types_within(MAX_HOPS)
    }

    fn types_within(self, hops: usize) -> Vec<Type> {
        for schema in self.all() {
            let mut types = match schema.get("type") {
                Some(Value::String(word)) => Type::parse(word).into_iter().collect(),
                Some(Value::Array(words)) => {
                    words.iter().filter_map(|word| Type::parse(word.as_str()?)).collect::<Vec<_>>()
                }
                _ => schema.own_words().iter().map(|word| Type::of(word)).collect(),
            };
            if let (true, Some(hops)) = (types.is_empty(), hops.checked_sub(1)) {
                let branches = schema.branches();
                let each: Vec<_> = branches.iter().map(|branch| branch.types_within(hops)).collect();
                // A branch that allows anything allows anything here too.
                if each.iter().all(|types| !types.is_empty()) {
                    types = each.concat();
                }
            }
            if types.is_empty() && schema.get("properties").is_some() {
                types.push(Type::Object);
            }
            if !types.is_empty() {
                let mut unique = Vec::new();
                types.into_iter().for_each(|one| {
                    if !unique.contains(&one) {
                        unique.push(one);
                    }
                });
                return unique;
            }
        }
        Vec::new()
    }

    /// True if any string is allowed, here or in an alternative.
    pub(super) fn takes_any_text(self) -> bool {
        let branches = self.branches();
        let has_form = self.resolved().get("pattern").is_some() || self.resolved().get("format").is_some();
        if branches.is_empty() {
            !has_form && self.types().contains(&Type::Text) && self.words().is_empty()
        } else {
            branches.iter().any(|branch| branch.branches().is_empty() && branch.takes_any_text())
        }
    }

    /// True if a value has an allowed type.
    pub(super) fn takes(self, value: &Value) -> bool {
        let types = self.types();
        types.is_empty() || types.iter().any(|wanted| Type::of(value).fits(*wanted))
    }

    fn own_words(self) -> Vec<&'s Value> {
        let list = self.get("enum").and_then(Value::as_array).into_iter().flatten();
        list.chain(self.get("const")).collect()
    }

    /// The values of an `enum` or `const`, including alternatives of nothing else.
    pub(super) fn words(self) -> Vec<&'s Value> {
        self.words_within(MAX_HOPS)
    }

    fn words_within(self, hops: usize) -> Vec<&'s Value> {
        for schema in self.all() {
            let mut words = schema.own_words();
            if let (true, Some(hops)) = (words.is_empty(), hops.checked_sub(1)) {
                let branches = schema.branches();
                let real = branches.iter().filter(|branch| branch.get("type") != Some(&"null".into()));
                let each: Vec<_> = real.map(|branch| branch.words_within(hops)).collect();
                // If anything else is allowed too, the list would be incomplete.
                if each.iter().all(|words| !words.is_empty()) {
                    words = each.concat();
                }
            }
            if !words.is_empty() {
                return words;
            }
        }
        Vec::new()
    }

    /// The allowed keys of an object, in the schema's order, followed by those of alternatives.
    pub(super) fn keys(self) -> Vec<&'s str> {
        let mut keys = Vec::new();
        self.keys_within(MAX_HOPS, &mut keys);
        keys
    }

    fn keys_within(self, hops: usize, keys: &mut Vec<&'s str>) {
        for schema in self.all() {
            for key in schema.properties().into_iter().flat_map(Map::keys) {
                if !keys.contains(&key.as_str()) {
                    keys.push(key);
                }
            }
            if let Some(hops) = hops.checked_sub(1) {
                schema.branches().iter().for_each(|branch| branch.keys_within(hops, keys));
            }
        }
    }

    fn properties(self) -> Option<&'s Map<String, Value>> {
        self.get("properties")?.as_object()
    }

    /// The schema of a key.
    pub(super) fn property(self, key: &str) -> Option<Self> {
        self.all().into_iter().find_map(|schema| Some(self.part(schema.properties()?.get(key)?)))
    }

    /// This schema and all that it may stand for: references, what applies together with it, and alternatives.
    pub(super) fn expanded(self) -> Vec<Self> {
        let mut found = Vec::new();
        self.expand(MAX_HOPS, &mut found);
        found
    }

    fn expand(self, hops: usize, found: &mut Vec<Self>) {
        for schema in self.all() {
            found.push(schema);
            if let Some(hops) = hops.checked_sub(1) {
                schema.branches().iter().for_each(|branch| branch.expand(hops, found));
            }
        }
    }

    /// The schemas of a key of this object; empty if it cannot have the key.
    pub(super) fn children(self, key: &str) -> Vec<Self> {
        if let Some(own) = self.properties().and_then(|known| known.get(key)) {
            return vec![self.part(own)];
        }
        let patterns = self.get("patternProperties").and_then(Value::as_object);
        let others = self.get("additionalProperties").filter(|others| others.is_object());
        patterns.into_iter().flat_map(Map::values).chain(others).map(|schema| self.part(schema)).collect()
    }

    /// The schema of the items of this list.
    pub(super) fn items(self) -> Vec<Self> {
        self.get("items").into_iter().map(|items| self.part(items)).collect()
    }

    /// The required keys of an object.
    pub(super) fn required(self) -> Vec<&'s str> {
        let lists = self.all().into_iter().filter_map(|schema| schema.get("required")?.as_array());
        lists.flatten().filter_map(Value::as_str).collect()
    }

    /// The patterns of keys, if any.
    pub(super) fn key_patterns(self) -> Vec<&'s str> {
        let lists = self.all().into_iter().filter_map(|schema| schema.get("patternProperties")?.as_object());
        lists.flat_map(Map::keys).map(String::as_str).collect()
    }

    /// The first of the `examples`.
    pub(super) fn example(self) -> Option<&'s Value> {
        self.all().into_iter().find_map(|schema| schema.get("examples")?.as_array()?.first())
    }
}
