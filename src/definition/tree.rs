//! Text to `serde_json::Value`, from JSON or YAML alike, with limits on depth, nodes and bytes.
//!
//! Keys keep their order and their original text (`200:` is `"200"`). Knows nothing of OpenAPI.

use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::source::{Step, SyntaxKind, YamlPath};

/// Maximum depth of a document: less than the 127 and 128 levels of the parsers' limits, so that the finding is ours.
const DEEPEST: usize = 120;
/// Maximum number of values of a document after its aliases are expanded.
const MOST_NODES: usize = 1_000_000;
/// Maximum total size of all keys and strings in bytes: an alias can repeat one long text.
const MOST_BYTES: usize = 32 << 20;

/// Maximum number of open brackets. The YAML scanner takes quadratic time over them, before our own limit applies;
/// far more than 120, because brackets in prose (`[0, 1)`) are counted as well.
const MOST_OPEN: usize = 5_000;

/// A document that was read.
#[derive(Debug)]
pub(super) struct Tree {
    /// Its root.
    pub(super) value: Value,
    /// Duplicate keys.
    pub(super) duplicates: Vec<YamlPath>,
}

/// The reason why a text cannot be read.
#[derive(Debug)]
pub(super) enum Failure {
    /// A syntax error.
    Syntax {
        /// Its range in bytes.
        range: Range<usize>,
        /// The parser's message.
        message: String,
    },
    /// The text is nested too deeply at this path.
    Deep(YamlPath),
    /// It expands to too many nodes or bytes.
    Large,
}

/// Reads JSON.
pub(super) fn json(text: &str) -> Result<Tree, Failure> {
    // serde_json does not skip a byte order mark.
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut state = State::new(false);
    let mut reader = serde_json::Deserializer::from_str(body);
    let read = Node::root(&mut state).deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    match read {
        Ok(value) => Ok(Tree { value, duplicates: state.duplicates }),
        Err(error) => {
            let start = offset(body, error.line(), |line| error.column().saturating_sub(1).min(line.len()));
            let start = start + text.len() - body.len();
            Err(state.failure(text, start, without_position(&error.to_string())))
        }
    }
}

/// Reads YAML, with merge keys applied.
pub(super) fn yaml(text: &str) -> Result<Tree, Failure> {
    if open_brackets(text) > MOST_OPEN {
        return Err(Failure::Deep(YamlPath::root()));
    }
    let mut state = State::new(true);
    let reader = serde_yaml::Deserializer::from_str(text);
    match Node::root(&mut state).deserialize(reader) {
        Ok(value) => Ok(Tree { value, duplicates: state.duplicates }),
        Err(error) => {
            let start = error.location().map_or(0, |location| {
                offset(text, location.line(), |line| {
                    let before = location.column().saturating_sub(1);
                    line.char_indices().nth(before).map_or(line.len(), |(at, _)| at)
                })
            });
            Err(state.failure(text, start, without_position(&error.to_string())))
        }
    }
}

/// The maximum number of open brackets.
fn open_brackets(text: &str) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => {
                open += 1;
                most = most.max(open);
            }
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
    }
    most
}

/// The byte of a position within a line, counted from 1.
fn offset(text: &str, line: usize, within: impl FnOnce(&str) -> usize) -> usize {
    let mut start = 0;
    for (number, content) in text.split_inclusive('\n').enumerate() {
        if number + 1 == line {
            return start + within(content.trim_end_matches(['\n', '\r']));
        }
        start += content.len();
    }
    text.len()
}

/// The parsers append a position to their messages, which the finding shows anyway.
fn without_position(message: &str) -> String {
    let end = message.find(" at line ").unwrap_or(message.len());
    message[..end].to_owned()
}

/// The state that all nodes of one document share.
struct State {
    is_yaml: bool,
    nodes: usize,
    bytes: usize,
    path: Vec<Step>,
    stopped: Option<Stop>,
    duplicates: Vec<YamlPath>,
}

#[derive(Clone, Copy)]
enum Stop {
    Deep,
    Large,
}

impl State {
    fn new(is_yaml: bool) -> Self {
        Self { is_yaml, nodes: 0, bytes: 0, path: Vec::new(), stopped: None, duplicates: Vec::new() }
    }

    fn failure(&self, text: &str, start: usize, message: String) -> Failure {
        let kind = SyntaxKind::of(&message);
        match self.stopped {
            Some(Stop::Deep) => Failure::Deep(self.path.iter().cloned().collect()),
            Some(Stop::Large) => Failure::Large,
            // The parser's own limits, reached before ours.
            None if kind == SyntaxKind::TooManyAliases => Failure::Large,
            None if kind == SyntaxKind::TooDeep => Failure::Deep(YamlPath::root()),
            None => {
                let mut start = start.min(text.len());
                while !text.is_char_boundary(start) {
                    start -= 1;
                }
                let width = text[start..].chars().next().map_or(0, char::len_utf8);
                let range = start..start + width;
                Failure::Syntax { range, message }
            }
        }
    }

    fn stop<E: Error>(&mut self, stop: Stop) -> E {
        self.stopped = Some(stop);
        E::custom("beyond a limit")
    }

    fn spend<E: Error>(&mut self, bytes: usize) -> Result<(), E> {
        self.bytes += bytes;
        if self.bytes > MOST_BYTES {
            return Err(self.stop(Stop::Large));
        }
        Ok(())
    }
}

/// One value to be read.
struct Node<'s> {
    state: &'s mut State,
    depth: usize,
}

impl<'s> Node<'s> {
    fn root(state: &'s mut State) -> Self {
        Self { state, depth: 0 }
    }

    fn child(&mut self) -> Node<'_> {
        Node { state: self.state, depth: self.depth + 1 }
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        self.state.nodes += 1;
        if self.state.nodes > MOST_NODES {
            return Err(self.state.stop(Stop::Large));
        }
        if self.depth > DEEPEST {
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

    // Wider integers become floats, as in every JSON reader; `size::write` writes them without an exponent.
    fn visit_i128<E: Error>(self, value: i128) -> Result<Value, E> {
        Ok(Value::from(value as f64))
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Value, E> {
        Ok(Value::from(value as f64))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        // `.inf` and `.nan` are numbers in YAML, but not in JSON.
        Ok(Number::from_f64(value).map_or_else(|| value.to_string().into(), Value::Number))
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

    fn visit_some<D: serde::Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }

    /// A YAML value with a tag, which has no meaning in JSON.
    fn visit_enum<A: EnumAccess<'de>>(mut self, tagged: A) -> Result<Value, A::Error> {
        let (_, value) = tagged.variant::<String>()?;
        value.newtype_variant_seed(self.child())
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
        while let Some(key) = entries.next_key::<String>()? {
            self.state.spend(key.len())?;
            self.state.path.push(Step::Key(key.clone()));
            let value = entries.next_value_seed(self.child())?;
            if map.insert(key, value).is_some() {
                let path = self.state.path.iter().cloned().collect();
                self.state.duplicates.push(path);
            }
            self.state.path.pop();
        }
        if self.state.is_yaml {
            merge(&mut map);
        }
        Ok(Value::Object(map))
    }
}

/// Applies YAML's merge key: `<<` adds the missing keys of one or several other objects.
fn merge(map: &mut Map<String, Value>) {
    let sources = match map.get("<<") {
        Some(Value::Object(_)) => map.shift_remove("<<").into_iter().collect(),
        Some(Value::Array(items)) if items.iter().all(Value::is_object) => match map.shift_remove("<<") {
            Some(Value::Array(items)) => items,
            _ => Vec::new(),
        },
        _ => return,
    };
    for source in sources {
        if let Value::Object(source) = source {
            for (key, value) in source {
                map.entry(key).or_insert(value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Failure, json, yaml};

    #[test]
    fn yaml_becomes_the_json_it_means() {
        let table = [
            ("200: a\n'404': b\n~: c\n1.10: d", r#"{"200":"a","404":"b","~":"c","1.10":"d"}"#),
            ("z: 1\na: 2\nm: 3", r#"{"z":1,"a":2,"m":3}"#),
            ("when: 2024-01-01\nyes: on", r#"{"when":"2024-01-01","yes":"on"}"#),
            ("a: &x {b: 1}\nc: *x", r#"{"a":{"b":1},"c":{"b":1}}"#),
            ("a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}", r#"{"a":{"b":1,"c":2},"d":{"c":3,"b":1}}"#),
            ("a: !tag text\nb: !!str 1", r#"{"a":"text","b":"1"}"#),
            ("a: .inf\nb:\nc: 1.0", r#"{"a":"inf","b":null,"c":1.0}"#),
        ];
        for (text, expected) in table {
            let tree = yaml(text).unwrap();
            assert_eq!(tree.value.to_string(), expected);
            assert!(tree.duplicates.is_empty());
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_found() {
        for read in [json, yaml] {
            let tree = read(r#"{"a": {"b": 1, "c": 2, "b": 3}}"#).unwrap();
            assert_eq!(tree.duplicates[0].to_string(), "a.b");
        }
    }

    #[test]
    fn syntax_is_located() {
        let table = [
            (json as fn(&str) -> _, "\u{feff}{\"a\": ü}", "ü"),
            (json, "{\n  \"a\": 1,\n}", "}"),
            (json, "{} x", "x"),
            (json, "{", "{"),
            (yaml, "a: 1\nü: [", ""),
            (yaml, "a: 1\n\tb: 2", "\t"),
        ];
        for (read, text, at) in table {
            let Err(Failure::Syntax { range, message }) = read(text) else {
                panic!("{text:?} is no syntax error");
            };
            assert_eq!(&text[range], at, "{text:?}: {message}");
        }
    }

    #[test]
    fn bombs_are_refused() {
        let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..9 {
            let item = format!("*a{}", level - 1);
            laughs += &format!("a{level}: &a{level} [{}]\n", [item.as_str(); 10].join(", "));
        }
        assert!(yaml(&laughs).is_err());

        let text = format!("a: &a {}\nb: [{}]", "x".repeat(1 << 20), "*a, ".repeat(50));
        assert!(matches!(yaml(&text), Err(Failure::Large)));

        for (read, text) in [
            (json as fn(&str) -> _, "[".repeat(100_000)),
            (json, "{\"a\":".repeat(125)),
            (yaml, "{a: ".repeat(500_000)),
            (yaml, format!("{}1{}", "[".repeat(125), "]".repeat(125))),
        ] {
            assert!(matches!(read(&text), Err(Failure::Deep(_))));
        }
        let fine = format!("{}1{}", "[".repeat(119), "]".repeat(119));
        assert!(json(&fine).is_ok() && yaml(&fine).is_ok());
    }
}
