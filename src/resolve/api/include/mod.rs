//! Custom policies: their positions, and what an author should know about them. The catalogue's rules are checked when the
//! whole policy is put together.

mod secret;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Resolver;
use crate::catalogue::{OWN_VARIABLES, Section, TOKEN_POLICY_ID};
use crate::diag::{Code, Diagnostic, Location, Report};
use crate::include::{Included, Statement, attribute};

/// A custom policy at a place of a policy.
#[derive(Debug, Clone)]
pub struct Inclusion {
    /// The section.
    pub section: Section,
    /// The end of it.
    pub end: End,
    /// The text.
    pub text: Arc<Included>,
}

/// An end of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Before the generated policies, but after `base` and `cors`.
    First,
    /// After all generated policies.
    Last,
}

impl End {
    /// The key in the file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Last => "last",
        }
    }
}

impl Resolver<'_> {
    pub(super) fn includes(&self, read: &BTreeMap<String, Arc<Included>>, report: &mut Report) -> Vec<Inclusion> {
        let Some(include) = &self.api.include else {
            return Vec::new();
        };
        let sections = [(Section::Inbound, &include.inbound), (Section::Outbound, &include.outbound)];
        let mut inclusions = Vec::new();
        for (section, at) in sections {
            let ends = at.iter().flat_map(|at| [(End::First, &at.first), (End::Last, &at.last)]);
            for (end, files) in ends {
                for file in files {
                    // What could not be read is reported.
                    let Some(text) = read.get(&file.file) else {
                        continue;
                    };
                    for statement in &text.statements {
                        self.look_at(statement, text, report);
                    }
                    inclusions.push(Inclusion { section, end, text: Arc::clone(text) });
                }
            }
        }
        inclusions
    }

    /// Problems that are refused in every custom policy.
    fn look_at(&self, statement: &Statement, text: &Included, report: &mut Report) {
        let place = |code: Code| code.at(Location::range(text.file, statement.at.clone()));
        let included = |found: Diagnostic| found.also(self.at(&["include"]), "included here");
        if let Some((what, name)) = own(statement) {
            report.push(included(
                place(Code::PolicyReservedName)
                    .says(format!("`{name}` is {what} reserved by Gatewright"))
                    .because("the generated policy around this text sets and reads it, and would behave differently")
                    .help("use another name"),
            ));
        }
        for secret in secret::secrets(statement) {
            report.push(included(
                Code::PolicySecret
                    .at(Location::range(text.file, secret.words.at()))
                    .says(format!("this contains {} in plain text", secret.what))
                    .because("it would be part of the output and of every deployment")
                    .help(format!(
                        "store it in a Key Vault, and use the name of a named value: `{{{{{}}}}}`",
                        secret.name
                    ))
                    .hides(Location::range(text.file, secret.words.at())),
            ));
        }
        let words = statement.attributes.iter().map(|(_, words)| words).chain(&statement.text);
        for words in words {
            let at = || Location::range(text.file, words.at());
            if let Some(fault) = words.fault() {
                report.push(included(
                    Code::PolicyExpression
                        .at(at())
                        .says(fault.to_string())
                        .because("this does not compile as C#")
                        .help("an expression is `@(…)` or `@{…}`, with no text beside it"),
                ));
            }
        }
        for child in &statement.children {
            self.look_at(child, text, report);
        }
    }
}

/// A name reserved by Gatewright that a statement uses for something else.
fn own(statement: &Statement) -> Option<(&'static str, &str)> {
    if attribute(statement, "id") == Some(TOKEN_POLICY_ID) {
        return Some(("a policy id", TOKEN_POLICY_ID));
    }
    let names = statement
        .attributes
        .iter()
        .filter(|(name, _)| name.ends_with("variable-name") || (*name == "name" && statement.name == "set-variable"));
    let mut names = names.map(|(_, words)| words.value().trim());
    let name = names.find(|name| OWN_VARIABLES.contains(name))?;
    Some(("a variable name", name))
}
