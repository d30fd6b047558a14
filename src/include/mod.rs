//! Custom policies: XML with the names of the catalogue, and the location of each element in its file. Whether an element is
//! allowed at its position is checked when the whole policy is assembled.

mod code;
mod named;
mod read;
mod xml;

pub use named::read_all;
pub use read::read;

use std::borrow::Cow;
use std::ops::Range;

use crate::catalogue::Policy;
use crate::source::FileId;

/// The elements of a file.
#[derive(Debug, Clone)]
pub struct Included {
    /// The file.
    pub file: FileId,
    /// Its path as in the gateway file.
    pub named: String,
    /// Its policies, at least one.
    pub statements: Vec<Statement>,
}

/// An element that the catalogue knows.
#[derive(Debug, Clone)]
pub struct Statement {
    /// The tag.
    pub name: &'static str,
    /// The policy; `None` for a part of one.
    pub policy: Option<&'static Policy>,
    /// Attributes by name.
    pub attributes: Vec<(&'static str, PolicyText)>,
    /// Text between the tags.
    pub text: Option<PolicyText>,
    /// Child elements.
    pub children: Vec<Self>,
    /// The location of the tag's name in the file.
    pub at: Range<usize>,
}

/// An attribute as plain text.
pub(crate) fn attribute<'a>(statement: &'a Statement, name: &str) -> Option<&'a str> {
    let mut all = statement.attributes.iter();
    let (_, words) = all.find(|(other, _)| *other == name)?;
    Some(words.value().trim())
}

/// Whether a statement is about this header.
pub(crate) fn is_header(statement: &Statement, header: &str) -> bool {
    attribute(statement, "name").is_some_and(|name| name.eq_ignore_ascii_case(header))
}

/// The text of an attribute or between tags in a custom policy. Code in it is not parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyText {
    /// The raw XML, with entities; line breaks are LF.
    source: String,
    /// The decoded text.
    value: String,
    /// Its location in the file.
    at: Range<usize>,
    /// True if it is a Liquid template, whose double braces are its own (page "set-body").
    is_liquid: bool,
}

impl PolicyText {
    /// The raw XML: well-formed in a double-quoted attribute or between tags, whichever it comes from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The decoded text.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Its location in the file.
    pub fn at(&self) -> Range<usize> {
        self.at.clone()
    }

    /// True if the service evaluates it as code.
    pub fn is_code(&self) -> bool {
        let text = self.value.trim_start();
        text.starts_with("@(") || text.starts_with("@{")
    }

    /// True if it looks like code after plain text (reference apim-policies §1.6).
    pub fn is_mixed(&self) -> bool {
        let mut starts = self.value.match_indices("@(").chain(self.value.match_indices("@{"));
        let is_code = |at: usize| {
            let code = &self.value[at..];
            !code.starts_with("@{{") && code.contains([')', '}'])
        };
        !self.is_code() && !self.is_liquid && starts.any(|(at, _)| is_code(at))
    }

    /// The constant value: a text without named values, or the strings of code that consists of nothing else. `None` if it is not
    /// constant.
    pub fn literal(&self) -> Option<String> {
        if self.is_mixed() {
            return None;
        }
        let text = match self.is_code() {
            true => code::strings(&self.value)?,
            false => self.value.clone(),
        };
        let mut rest = text.as_str();
        let mut said = String::new();
        while let Some((before, behind)) = rest.split_once("{{") {
            let Some((_, behind)) = behind.split_once("}}") else {
                break;
            };
            said.push_str(before);
            rest = behind;
        }
        said.push_str(rest);
        (!said.trim().is_empty()).then_some(said)
    }

    /// Code without whitespace and question marks, so that `Response?.Body` is `Response.Body`.
    pub fn compact(&self) -> String {
        let is_sign = |c: &char| !c.is_whitespace() && *c != '?';
        self.value.chars().filter(is_sign).collect()
    }

    /// True if it is code that reads the response body.
    pub fn reads_answer(&self) -> bool {
        if !self.is_code() {
            return false;
        }
        let code = self.compact();
        code.contains("Response.Body") || code.contains("=context.Response;") && code.contains(".Body")
    }

    /// True if it is code that consumes the request body.
    pub fn empties_request(&self) -> bool {
        if !self.is_code() {
            return false;
        }
        let code = self.compact();
        let mut reads = code.match_indices("Request.Body.As<");
        reads.any(|(at, _)| {
            let arguments = code[at..].split_once(">(").map(|(_, rest)| rest);
            let arguments = arguments.and_then(|rest| rest.split(')').next());
            !matches!(arguments, Some("true" | "preserveContent:true"))
        })
    }

    /// The problem with its delimiters, if it is code.
    pub fn fault(&self) -> Option<code::DelimiterError> {
        self.is_code().then(|| code::fault(&self.code())).flatten()
    }

    /// The decoded text, with the line breaks that XML removes from attributes: one of them ends a comment.
    fn code(&self) -> Cow<'_, str> {
        let inside = format!("<a>{}</a>", self.source.replace(']', "&#93;"));
        let document = roxmltree::Document::parse(&inside).ok();
        let text = document.and_then(|document| document.root_element().text().map(str::to_owned));
        text.map_or(Cow::Borrowed(&self.value), Cow::Owned)
    }

    /// Its named values, which the service replaces before it parses the text (reference apim-policies §1.7).
    pub fn named_values(&self) -> impl Iterator<Item = &str> {
        self.braces().filter(|name| can_be_named(name))
    }

    /// Texts in double braces that cannot be the name of a named value.
    pub fn odd_braces(&self) -> impl Iterator<Item = &str> {
        self.braces().filter(|name| !can_be_named(name))
    }

    fn braces(&self) -> impl Iterator<Item = &str> {
        let value = if self.is_liquid { "" } else { &self.value };
        let parts = value.split("{{").skip(1);
        parts.filter_map(|part| part.split_once("}}").map(|(name, _)| name.trim()))
    }
}

/// True if a named value may have this name (reference arm-and-terraform §1.7).
fn can_be_named(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    !name.is_empty() && name.bytes().all(fits)
}
