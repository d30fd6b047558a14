//! Names and texts that were checked. `parse` is the only constructor, so they need no second check.

use std::fmt;

macro_rules! text_newtypes {
    ($( $(#[$doc:meta])* $name:ident )*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(String);

            impl $name {
                /// The text.
                pub fn as_str(&self) -> &str {
                    &self.0
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(&self.0)
                }
            }

        )*
    };
}

text_newtypes! {
    /// A name of the file: `[a-z][a-z0-9-]*`, at most 50 characters.
    Name
    /// The name of a deployment or model, as the account has it.
    DeploymentName
    /// The name of a resource in the service, with prefix: `[a-z0-9-]`, at most 80 characters (reference arm-and-terraform §1.3, §1.4).
    ResourceName
    /// One line of text without control characters.
    Line
    /// The name of an HTTP header.
    HeaderName
}

/// The longest name of a backend or API that every API version takes.
pub const LONGEST_RESOURCE_NAME: usize = 80;

impl Name {
    /// A name, if the text is one.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() <= 50
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        fits.then(|| Self(text.to_owned()))
    }
}

impl DeploymentName {
    /// A name, if the text is one.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=64).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
        fits.then(|| Self(text.to_owned()))
    }

    /// The name of a model as callers write it, which may hold signs that no deployment has, if the text is one.
    pub fn requested(text: &str) -> Option<Self> {
        let is_sign = |c: char| c.is_ascii_alphanumeric() || "._-/:@+".contains(c);
        let fits = (1..=128).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text.chars().all(is_sign);
        fits.then(|| Self(text.to_owned()))
    }

    /// True if it can be one segment of a path.
    pub fn is_segment(&self) -> bool {
        Self::parse(&self.0).is_some()
    }

    /// Letters, digits, `.`, `_` and `-` of it, as part of an id: other signs become `-`.
    pub fn as_id(&self) -> String {
        self.0.replace(['/', ':', '@', '+'], "-")
    }
}

impl ResourceName {
    /// Joins parts with hyphens: lower case, every other run of characters one hyphen. `None` if it gets too long or empty.
    pub fn join(prefix: &str, parts: &[&str]) -> Option<Self> {
        let mut name = prefix.to_owned();
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                name.push('-');
            }
            push_kebab(&mut name, part);
        }
        (1..=LONGEST_RESOURCE_NAME).contains(&name.len()).then_some(Self(name))
    }

    /// The name of a named value, which may have 256 characters: more than any prefix, name and suffix together.
    pub fn named_value(prefix: &str, key: &str) -> Self {
        let mut name = prefix.to_owned();
        push_kebab(&mut name, key);
        Self(name)
    }

    /// The name of the named value with a secret of a key vault. Key Vault compares names without regard to case. No vault has two
    /// hyphens in a row in its name, or one at its end, so two secrets never share a name.
    pub fn secret(prefix: &str, vault: &str, secret: &str) -> Self {
        Self(format!("{prefix}{}--{}", vault.to_ascii_lowercase(), secret.to_ascii_lowercase()))
    }
}

/// The part in lower case, with every run of other characters as one hyphen, none at its ends.
fn push_kebab(name: &mut String, part: &str) {
    let start = name.len();
    let mut gap = false;
    for c in part.chars() {
        if c.is_ascii_alphanumeric() {
            if gap && name.len() > start {
                name.push('-');
            }
            gap = false;
            name.push(c.to_ascii_lowercase());
        } else {
            gap = true;
        }
    }
}

/// A text as lower-case letters, digits and single hyphens.
pub fn kebab(text: &str) -> String {
    let mut name = String::with_capacity(text.len());
    push_kebab(&mut name, text);
    name
}

impl Line {
    /// The text, if every target can hold it and people can read it in one line.
    pub fn parse(text: &str) -> Option<Self> {
        text.chars().all(Self::takes).then(|| Self(text.to_owned()))
    }

    /// True if a name may contain the character.
    pub fn takes(c: char) -> bool {
        !(c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}'))
    }
}

impl HeaderName {
    /// The name, if it is a token of HTTP.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+.^_`|~-".contains(c));
        fits.then(|| Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resource_names_are_sanitised_and_bounded() {
        let join = |prefix, parts: &[&str]| ResourceName::join(prefix, parts).map(|name| name.to_string());
        assert_eq!(join("aigw-", &["east", "gpt-4o"]), Some("aigw-east-gpt-4o".into()));
        assert_eq!(join("", &["east", "GPT_4.1"]), Some("east-gpt-4-1".into()));
        assert_eq!(join("", &["east", "a__b--"]), Some("east-a-b".into()));
        assert_eq!(join("", &[&"x".repeat(81)]), None);
        assert_eq!(join("", &[]), None);
    }

    #[test]
    fn lines_hold_no_control_characters() {
        assert!(Line::parse("O'Brien ${x} {{y}} 🦀 \u{202e}rtl").is_some());
        for text in ["a\nb", "a\0", "\u{85}", "\u{2028}", "\t"] {
            assert!(Line::parse(text).is_none(), "{text:?}");
        }
    }
}
