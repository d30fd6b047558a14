//! Names of operations, in the form on which the service's documentation and its behaviour agree.

use std::fmt;

/// Maximum length of an operation id in the service, in characters.
const LONGEST: usize = 76;

/// The name of an operation in the service: `[a-z0-9]` and single hyphens between them, at most 76 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperationId(String);

/// The reason why a text cannot become an [`OperationId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusable {
    /// It contains no letter or digit.
    Empty,
    /// It has more than 76 characters: this many.
    Long(usize),
}

impl OperationId {
    /// The name that the service derives from an `operationId`: `getForecast` → `getforecast`, `Users_List` → `users-list`.
    pub fn parse(text: &str) -> Result<Self, Unusable> {
        let name = normalise(text);
        match name.len() {
            0 => Err(Unusable::Empty),
            length if length > LONGEST => Err(Unusable::Long(length)),
            _ => Ok(Self(name)),
        }
    }

    /// The suggested name of an operation without an id, as the service would derive it: `get-users-id`.
    pub(super) fn proposed(method: &str, path: &str) -> String {
        let mut name = normalise(&format!("{method} {path}"));
        name.truncate(LONGEST); // ASCII only, so every position is the end of a character
        name.trim_end_matches('-').to_owned()
    }

    /// A suggested name with a number appended, from the second on.
    pub(super) fn numbered(proposal: &str, number: usize) -> Self {
        if number < 2 {
            return Self(proposal.to_owned());
        }
        let end = format!("-{number}");
        let room = proposal.len().min(LONGEST - end.len());
        Self(format!("{}{end}", proposal[..room].trim_end_matches('-')))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OperationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Only ASCII counts as alphanumeric: the documentation does not say what the service does with other letters.
fn normalise(text: &str) -> String {
    let mut name = String::with_capacity(text.len());
    for part in text.split(|c: char| !c.is_ascii_alphanumeric()) {
        if part.is_empty() {
            continue;
        }
        if !name.is_empty() {
            name.push('-');
        }
        name.push_str(&part.to_ascii_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::{OperationId, Unusable};

    #[test]
    fn ids_are_lower_case_with_single_dashes() {
        let table = [
            ("getForecast", "getforecast"),
            ("Users_List", "users-list"),
            ("--a..b__c--", "a-b-c"),
            ("a/b {c}", "a-b-c"),
            ("grüße", "gr-e"),
            ("1", "1"),
        ];
        for (text, name) in table {
            let id = OperationId::parse(text).unwrap();
            assert_eq!(id.as_str(), name);
            assert_eq!(OperationId::parse(id.as_str()).unwrap(), id);
        }
        assert_eq!(OperationId::parse("").unwrap_err(), Unusable::Empty);
        assert_eq!(OperationId::parse("名前").unwrap_err(), Unusable::Empty);
        assert!(OperationId::parse(&"a".repeat(76)).is_ok());
        let long = OperationId::parse(&"a".repeat(77));
        assert_eq!(long.unwrap_err(), Unusable::Long(77));
    }

    #[test]
    fn proposals_are_ids() {
        assert_eq!(OperationId::proposed("get", "/users/{id}"), "get-users-id");
        let long = OperationId::proposed("delete", &"/a".repeat(80));
        assert!(OperationId::parse(&long).is_ok());
    }
}
