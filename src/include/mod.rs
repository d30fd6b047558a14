//! Policy text of the team's own: XML with the names of the catalogue, and where each element stands in its file. Whether it may
//! stand where the gateway file wants it is asked when the whole policy is put together.

mod read;

pub use read::read;

use std::ops::Range;

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
    /// Attributes by name.
    pub attributes: Vec<(&'static str, Words)>,
    /// Text between the tags.
    pub text: Option<Words>,
    /// Elements inside.
    pub children: Vec<Self>,
    /// The tag's name in the file.
    pub at: Range<usize>,
}

/// What the team wrote in an attribute or between tags. Nothing reads the code in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// As the XML has it, entities and all; line breaks are LF.
    source: String,
    /// What it means.
    value: String,
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

    /// Whether the service runs it.
    pub fn is_code(&self) -> bool {
        let text = self.value.trim_start();
        text.starts_with("@(") || text.starts_with("@{")
    }

    /// The named values in it, which the service puts in before it looks at the text (reference apim-policies §1.7).
    pub fn named_values(&self) -> impl Iterator<Item = &str> {
        let parts = self.value.split("{{").skip(1);
        parts.filter_map(|part| part.split_once("}}").map(|(name, _)| name.trim()))
    }
}
