//! The value of a YAML or JSON document, with aliases expanded and merge keys applied. The only folder that uses `serde_yaml`,
//! and the only place with limits on what a document expands to.
//!
//! Keys keep their order and their original text (`200:` is `"200"`). Knows nothing of gateways and of OpenAPI.

mod node;

use std::ops::Range;

use serde::de::DeserializeSeed;
use serde_json::Value;

use super::tree::has_more_values;
use super::{Step, SyntaxKind, YamlPath};
use node::{Node, State};

/// Limits on a document after its aliases are expanded.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Maximum number of levels; less than the 127 and 128 levels of the parsers' own limits.
    pub levels: usize,
    /// Maximum number of values.
    pub nodes: usize,
    /// Maximum total size of all keys and strings in bytes: an alias can repeat one long string.
    pub bytes: usize,
    /// Maximum number of open brackets. The YAML scanner takes quadratic time over them before any other limit applies; far more
    /// than the levels, because brackets in prose (`[0, 1)`) are counted as well.
    pub brackets: usize,
}

/// The limits of a gateway file. Its nodes include keys, and its brackets are limited by the scanner of `tree`.
pub const GATEWAY_LIMITS: Limits = Limits { levels: 64, nodes: 200_000, bytes: 8 << 20, brackets: usize::MAX };

/// The limits of an API definition.
pub const DEFINITION_LIMITS: Limits = Limits { levels: 121, nodes: 1_000_000, bytes: 32 << 20, brackets: 5_000 };

/// The document's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// JSON, in which `<<` is a key like others.
    Json,
    /// YAML, which includes JSON.
    Yaml,
}

/// The treatment of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// Numbers are values that a schema checks: `1.0` and `1e3` become integers, and a number that JSON or 64 bits cannot hold
    /// becomes null and an [`OddNumber`].
    Checked,
    /// Numbers are copied: integers of more than 64 bits become floats, and `.inf` a string.
    Copied,
}

/// A document that was read.
#[derive(Debug)]
pub struct Document {
    /// Its value.
    pub value: Value,
    /// Duplicate keys, of which the first one counts.
    pub duplicates: Vec<YamlPath>,
    /// Objects with a `<<` that is neither an object nor a list of objects.
    pub bad_merges: Vec<YamlPath>,
    /// Values with a tag; only if numbers are checked.
    pub tagged: Vec<YamlPath>,
    /// Numbers that became null; only if numbers are checked.
    pub numbers: Vec<(YamlPath, OddNumber)>,
}

/// A number that a value cannot hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OddNumber {
    /// `.nan` or an infinity.
    Special(&'static str),
    /// A number of more than 64 bits.
    Huge,
}

/// The reason why a text cannot be read.
#[derive(Debug)]
pub enum Failure {
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

/// Reads a text.
///
/// # Errors
///
/// If it is not valid, or expands beyond a limit.
pub fn value(text: &str, language: Language, numbers: Numbers, limits: Limits) -> Result<Document, Failure> {
    let state = || State::new(language == Language::Yaml, numbers, limits);
    match language {
        Language::Json => json(text, state()),
        // YAML's flow style starts like JSON, some of whose escapes the YAML parser rejects. For invalid text the message of the
        // YAML parser is the better one for both.
        Language::Yaml if text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']) => {
            json(text, state()).or_else(|_| yaml(text, state()))
        }
        Language::Yaml => yaml(text, state()),
    }
}

/// True if YAML reads an unquoted key as a string.
pub fn is_string(key: &str) -> bool {
    let may_be_number = key.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    let may_be_word = matches!(key.to_ascii_lowercase().as_str(), "" | "~" | "null" | "true" | "false");
    if !may_be_number && !may_be_word {
        return true;
    }
    !matches!(
        serde_yaml::from_str(key),
        Ok(serde_yaml::Value::Null | serde_yaml::Value::Bool(_) | serde_yaml::Value::Number(_))
    )
}

fn json(text: &str, mut state: State) -> Result<Document, Failure> {
    // serde_json does not skip a byte order mark.
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = serde_json::Deserializer::from_str(body);
    let read = Node::root(&mut state).deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    read.map(|value| state.document(value)).map_err(|error| {
        let start = offset(body, error.line(), |line| error.column().saturating_sub(1).min(line.len()));
        let start = start + text.len() - body.len();
        state.failure(text, start, without_position(&error.to_string()))
    })
}

fn yaml(text: &str, mut state: State) -> Result<Document, Failure> {
    if open_brackets(text) > state.limits.brackets {
        return Err(Failure::Deep(YamlPath::root()));
    }
    // The parser keeps the whole document, many times as large as its text, before the first value is read.
    if separators(text) >= state.limits.nodes && has_more_values(text, state.limits.nodes) {
        return Err(Failure::Large);
    }
    let reader = serde_yaml::Deserializer::from_str(text);
    let read = Node::root(&mut state).deserialize(reader);
    read.map(|value| state.document(value)).map_err(|error| {
        let start = error.location().map_or(0, |location| {
            offset(text, location.line(), |line| {
                let before = location.column().saturating_sub(1);
                line.char_indices().nth(before).map_or(line.len(), |(at, _)| at)
            })
        });
        state.failure(text, start, without_position(&error.to_string()))
    })
}

impl State {
    fn failure(&self, text: &str, start: usize, message: String) -> Failure {
        let kind = SyntaxKind::of(&message);
        match self.stopped {
            Some(node::Stop::Deep) => Failure::Deep(self.path.iter().cloned().collect()),
            Some(node::Stop::Large) => Failure::Large,
            // The parser's own limits, reached before ours.
            None if kind == SyntaxKind::TooManyAliases => Failure::Large,
            None if kind == SyntaxKind::TooDeep => Failure::Deep(YamlPath::root()),
            None => {
                let start = text.floor_char_boundary(start);
                let width = text[start..].chars().next().map_or(0, char::len_utf8);
                Failure::Syntax { range: start..start + width, message }
            }
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

/// The number of characters that can separate values: a document has at most one value more.
fn separators(text: &str) -> usize {
    text.bytes().filter(|byte| b",:-?[{\n\r".contains(byte)).count()
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

/// The path without merge keys: what `<<` merges belongs to the object itself.
fn without_merges(path: &[Step]) -> YamlPath {
    let mut steps = path.iter().peekable();
    let mut kept = Vec::new();
    while let Some(step) = steps.next() {
        if matches!(step, Step::Key(key) if key == node::MERGE) {
            steps.next_if(|next| matches!(next, Step::Index(_)));
        } else {
            kept.push(step.clone());
        }
    }
    kept.into_iter().collect()
}

#[cfg(test)]
mod tests;
