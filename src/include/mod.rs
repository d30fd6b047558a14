//! Policy text of the team's own: XML with the names of the catalogue, and where each element stands in its file. Whether it may
//! stand where the gateway file wants it is asked when the whole policy is put together.

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
    /// Its path as the gateway file has it.
    pub named: String,
    /// Its policies, at least one.
    pub statements: Vec<Statement>,
}

/// An element that the catalogue knows.
#[derive(Debug, Clone)]
pub struct Statement {
    /// The tag.
    pub name: &'static str,
    /// The policy that it is; `None`: a part of one.
    pub policy: Option<&'static Policy>,
    /// Attributes by name.
    pub attributes: Vec<(&'static str, Words)>,
    /// Text between the tags.
    pub text: Option<Words>,
    /// Elements inside.
    pub children: Vec<Self>,
    /// The tag's name in the file.
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

/// What the team wrote in an attribute or between tags. Nothing reads the code in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// As the XML has it, entities and all; line breaks are LF.
    source: String,
    /// What it means.
    value: String,
    /// Where it stands in the file.
    at: Range<usize>,
    /// Whether it is a Liquid template, whose double braces are its own (page "set-body").
    is_liquid: bool,
}

impl Words {
    /// As the XML has it: well-formed in a double-quoted attribute or between tags, whichever it comes from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What it means.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Where it stands in the file.
    pub fn at(&self) -> Range<usize> {
        self.at.clone()
    }

    /// Whether the service runs it.
    pub fn is_code(&self) -> bool {
        let text = self.value.trim_start();
        text.starts_with("@(") || text.starts_with("@{")
    }

    /// Whether it looks like code behind something that is none (reference apim-policies §1.6).
    pub fn is_mixed(&self) -> bool {
        let mut starts = self.value.match_indices("@(").chain(self.value.match_indices("@{"));
        let is_code = |at: usize| {
            let code = &self.value[at..];
            !code.starts_with("@{{") && code.contains([')', '}'])
        };
        !self.is_code() && !self.is_liquid && starts.any(|(at, _)| is_code(at))
    }

    /// What it says by itself: without named values, and of code the strings, if it is made of nothing else. `None`: nothing, or only
    /// the service knows.
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

    /// Code without blanks and question marks, so that `Response?.Body` is `Response.Body`.
    pub fn compact(&self) -> String {
        let is_sign = |c: &char| !c.is_whitespace() && *c != '?';
        self.value.chars().filter(is_sign).collect()
    }

    /// Whether it is code that reads the body of the answer.
    pub fn reads_answer(&self) -> bool {
        if !self.is_code() {
            return false;
        }
        let code = self.compact();
        code.contains("Response.Body") || code.contains("=context.Response;") && code.contains(".Body")
    }

    /// Whether it is code that reads the body of the request and leaves none.
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

    /// What is wrong with the ends of it, if it is code.
    pub fn fault(&self) -> Option<code::Fault> {
        self.is_code().then(|| code::fault(&self.code())).flatten()
    }

    /// What it means, with the line breaks that XML takes out of attributes: one of them ends a comment.
    fn code(&self) -> Cow<'_, str> {
        let inside = format!("<a>{}</a>", self.source.replace(']', "&#93;"));
        let document = roxmltree::Document::parse(&inside).ok();
        let text = document.and_then(|document| document.root_element().text().map(str::to_owned));
        text.map_or(Cow::Borrowed(&self.value), Cow::Owned)
    }

    /// The named values in it, which the service puts in before it looks at the text (reference apim-policies §1.7).
    pub fn named_values(&self) -> impl Iterator<Item = &str> {
        self.braces().filter(|name| can_be_named(name))
    }

    /// What stands in double braces and cannot be the name of a value.
    pub fn odd_braces(&self) -> impl Iterator<Item = &str> {
        self.braces().filter(|name| !can_be_named(name))
    }

    fn braces(&self) -> impl Iterator<Item = &str> {
        let value = if self.is_liquid { "" } else { &self.value };
        let parts = value.split("{{").skip(1);
        parts.filter_map(|part| part.split_once("}}").map(|(name, _)| name.trim()))
    }
}

/// Whether a named value may have this name (reference arm-and-terraform §1.7).
fn can_be_named(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    !name.is_empty() && name.bytes().all(fits)
}
