//! Names that generated source declares. A `Symbol` may be printed as it is; only this module makes one.

use std::collections::BTreeSet;

/// Words that Bicep refuses as names, that start a loop where they are the first of a list (`for`), or that would hide a type in the
/// whole file.
const BICEP_RESERVED: [&str; 12] =
    ["true", "false", "null", "sys", "az", "this", "for", "string", "int", "bool", "object", "array"];

/// The longest name Bicep takes (BCP024).
const LONGEST: usize = 255;

/// A name that is an identifier of the target: ASCII, no reserved word, never quoted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(String);

impl Symbol {
    /// The name as source.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A name that our own templates declare.
    pub fn fixed(name: &'static str) -> Self {
        Self(name.to_owned())
    }

    /// The Terraform name of a kebab-case name: `east-gpt-4o` → `east_gpt_4o`, `4o` → `_4o`. Different kebab-case names (no
    /// underscores, no dots, no capitals) get different symbols; who allows more than that must look for collisions.
    pub fn terraform(name: &str) -> Self {
        let mut symbol: String =
            name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
        if !symbol.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            symbol.insert(0, '_');
        }
        Self(symbol)
    }
}

impl AsRef<Self> for Symbol {
    fn as_ref(&self) -> &Self {
        self
    }
}

/// The names of one Bicep file. Two of them differ in more than case (BCP353).
#[derive(Debug, Clone)]
pub struct Symbols {
    /// In lower case.
    taken: BTreeSet<String>,
}

impl Symbols {
    /// The names of a file whose templates themselves declare `reserved`.
    pub fn reserving(reserved: &[&'static str]) -> Self {
        Self { taken: BICEP_RESERVED.iter().chain(reserved).map(|name| name.to_ascii_lowercase()).collect() }
    }

    /// Keeps a symbol of another file from being given again.
    pub fn take(&mut self, symbol: &Symbol) {
        self.taken.insert(symbol.as_str().to_ascii_lowercase());
    }

    /// Takes a name: `east-gpt-4o` → `eastGpt4o`; if that is gone, the kind is appended (`eastGpt4oBackend`), then a number from 2.
    /// The same calls in the same order give the same symbols.
    pub fn add(&mut self, name: &str, kind: &str) -> Symbol {
        let kind = camel(kind, true);
        let mut plain = camel(name, false);
        if !plain.starts_with(|c: char| c.is_ascii_alphabetic()) {
            // "4o" as a backend: backend4o.
            plain = format!("{}{plain}", camel(&kind, false));
        }
        if !plain.starts_with(|c: char| c.is_ascii_alphabetic()) {
            plain.insert(0, 'n');
        }
        let candidates =
            [String::new(), kind.clone()].into_iter().chain((2..).map(|number: u64| format!("{kind}{number}")));
        for suffix in candidates {
            let room = LONGEST.saturating_sub(suffix.len());
            let candidate = format!("{}{suffix}", &plain[..plain.len().min(room)]);
            if self.taken.insert(candidate.to_ascii_lowercase()) {
                return Symbol(candidate);
            }
        }
        unreachable!("symbols: there are more numbers than names")
    }
}

/// ASCII words joined, each but the first with a capital; `is_upper` gives the first one too.
fn camel(name: &str, is_upper: bool) -> String {
    let mut out = String::with_capacity(name.len());
    for word in name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        let (first, rest) = word.split_at(1);
        if out.is_empty() && !is_upper {
            out.push_str(&first.to_ascii_lowercase());
        } else {
            out.push_str(&first.to_ascii_uppercase());
        }
        out.push_str(rest);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn camel_case_then_kind_then_number() {
        let mut symbols = Symbols::reserving(&["service"]);
        let mut add = |name, kind| symbols.add(name, kind).0;
        assert_eq!(add("east-gpt-4o", "Backend"), "eastGpt4o");
        assert_eq!(add("east-gpt4o", "Backend"), "eastGpt4oBackend");
        assert_eq!(add("east.gpt.4o", "Backend"), "eastGpt4oBackend2");
        assert_eq!(add("EAST-GPT-4O", "Backend"), "eASTGPT4OBackend3");
        assert_eq!(add("service", "api"), "serviceApi");
        assert_eq!(add("string", "api"), "stringApi");
        assert_eq!(add("this", "Api"), "thisApi");
        assert_eq!(add("for", "Api"), "forApi");
        assert_eq!(add("4o", "Backend"), "backend4o");
        assert_eq!(add("", "Api"), "api");
        assert_eq!(add("é", "4"), "n4");
        assert_eq!(add("gpt-4.1", "Backend"), "gpt41");
    }

    #[test]
    fn long_names_stay_unique() {
        let mut symbols = Symbols::reserving(&[]);
        let name = "a".repeat(300);
        let made: BTreeSet<_> = (0..20).map(|_| symbols.add(&name, "Api").0.to_ascii_lowercase()).collect();
        assert_eq!(made.len(), 20);
        assert!(made.iter().all(|symbol| symbol.len() <= LONGEST));
    }

    #[test]
    fn terraform_names() {
        for (name, expected) in
            [("east-gpt-4o", "east_gpt_4o"), ("gpt-4.1", "gpt_4_1"), ("4o", "_4o"), ("Weather", "weather"), ("", "_")]
        {
            assert_eq!(Symbol::terraform(name).as_str(), expected);
        }
    }
}
