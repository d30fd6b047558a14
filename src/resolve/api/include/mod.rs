//! Policy text of the team's: at which places, and what of it an author should know. What the catalogue says is asked when the
//! whole policy is put together.

mod secret;
mod undo;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Resolver;
use crate::catalogue::{OWN_VARIABLES, Section, TOKEN_POLICY_ID};
use crate::diag::{Code, Diagnostic, Place, Report, Severity};
use crate::include::{Included, Statement, Words};

/// Policy text of the team's at a place of a policy.
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
    /// Before what Gatewright writes, though behind `base` and `cors`.
    First,
    /// Behind all that Gatewright writes.
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
    pub(super) fn includes(
        &self,
        read: &BTreeMap<String, Arc<Included>>,
        around: Around,
        report: &mut Report,
    ) -> Vec<Inclusion> {
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
                    let look = Look { section, end, around, text, is_top: true };
                    for statement in &text.statements {
                        self.look_at(statement, &look, report);
                    }
                    inclusions.push(Inclusion { section, end, text: Arc::clone(text) });
                }
            }
        }
        inclusions
    }

    /// What is allowed and has consequences.
    fn look_at(&self, statement: &Statement, look: &Look<'_>, report: &mut Report) {
        let Look { section, text, .. } = *look;
        let place = |code: Code| code.at(Place::range(text.file, statement.at.clone()));
        let included = |found: Diagnostic| found.also(self.at(&["include"]), "included here");
        if let Some((what, name)) = own(statement) {
            report.push(included(
                place(Code::TeamTakesName)
                    .says(format!("`{name}` is {what} reserved by Gatewright"))
                    .because("the generated policy around this text sets and reads it, and would behave differently")
                    .help("use another name"),
            ));
        }
        for secret in secret::secrets(statement) {
            report.push(included(
                Code::TeamSecret
                    .at(Place::range(text.file, secret.words.at()))
                    .says(format!("this contains {} in plain text", secret.what))
                    .because("it would be part of the output and of every deployment")
                    .help(format!(
                        "store it in a Key Vault, and use the name of a named value: `{{{{{}}}}}`",
                        secret.name
                    ))
                    .hides(Place::range(text.file, secret.words.at())),
            ));
        }
        if let Some(effect) = undo::undoes(statement, look) {
            let mut found = place(Code::TeamRoutes)
                .says(format!("this {} API `{}`", effect.does, self.key))
                .because(effect.because)
                .help(effect.help);
            if effect.is_error {
                found.severity = Severity::Error;
            }
            report.push(included(found));
        }
        if let Some(help) = undo::shares(statement, look) {
            report.push(included(
                place(Code::TeamShares)
                    .says(format!("this returns cached responses of API `{}` to other callers", self.key))
                    .because("the backend receives the caller's token and responds for that caller, but the cache does not distinguish callers")
                    .help(help),
            ));
        }
        let words = statement.attributes.iter().map(|(_, words)| words).chain(&statement.text);
        for words in words.clone() {
            let at = || Place::range(text.file, words.at());
            if let Some(fault) = words.fault() {
                report.push(included(
                    Code::TeamCode
                        .at(at())
                        .says(fault.to_string())
                        .because("this does not compile as C#")
                        .help("an expression is `@(…)` or `@{…}`, with no text beside it"),
                ));
            }
            if words.is_mixed() {
                report.push(included(
                    Code::TeamMixed
                        .at(at())
                        .says("text before a policy expression")
                        .because("it is not documented whether the service evaluates such an expression")
                        .help("make all of it one expression: `@(\"Bearer \" + …)`"),
                ));
            }
            for name in words.odd_braces() {
                report.push(included(
                    Code::TeamNamedValue
                        .at(at())
                        .says(format!("`{{{{{name}}}}}` is not a named value"))
                        .because("the service replaces names in double braces before it parses anything else")
                        .help("use letters, digits, `-`, `.` and `_` in names; if braces are intended, put a space between them"),
                ));
            }
        }
        let words: Vec<&Words> = words.collect();
        if let Some((because, help)) = undo::leaks(statement, &words) {
            report.push(included(
                place(Code::TeamLeaks)
                    .says(format!("this leaks the callers' credentials of API `{}`", self.key))
                    .because(because)
                    .help(help),
            ));
        }
        let takes_body = statement.policy.is_some_and(|policy| policy.takes_body);
        let reads = words.iter().any(|words| words.reads_answer());
        if section == Section::Outbound && look.around.streams && (takes_body || reads) {
            report.push(included(
                place(Code::TeamBuffers)
                    .says(format!("this buffers the streamed responses of API `{}`", self.key))
                    .because("a policy that reads or writes the body of a response waits until it is complete")
                    .help("do not use response bodies here, or set `streaming: false`"),
            ));
        }
        let rewrites = takes_body && statement.name == "set-body";
        let empties = words.iter().any(|words| words.empties_request());
        if section == Section::Inbound && !rewrites && empties {
            report.push(included(
                place(Code::TeamEmpties)
                    .says("this consumes the request body before the backend receives it")
                    .because("without `preserveContent: true`, the body is empty after it was read")
                    .help("write `As<…>(preserveContent: true)`"),
            ));
        }
        let inner = Look { is_top: false, ..*look };
        for child in &statement.children {
            self.look_at(child, &inner, report);
        }
    }
}

/// What is so of an API that has the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around {
    /// Whether answers are passed on as they come.
    pub(super) streams: bool,
    /// Whether requests go by the model in their body.
    pub(super) models_in_body: bool,
    /// Whether requests go by the deployment in their path.
    pub(super) models_in_path: bool,
    /// Whether tokens are looked at.
    pub(super) checks_tokens: bool,
    /// Whether some backend gets the caller's token.
    pub(super) passes_token: bool,
    /// Whether tokens, addresses or rates are looked at.
    pub(super) checks_callers: bool,
}

/// Where a statement stands, and what is so there.
#[derive(Clone, Copy)]
struct Look<'a> {
    section: Section,
    end: End,
    around: Around,
    text: &'a Included,
    /// Whether it runs for each request.
    is_top: bool,
}

/// An attribute as plain text.
fn attribute<'a>(statement: &'a Statement, name: &str) -> Option<&'a str> {
    let mut all = statement.attributes.iter();
    let (_, words) = all.find(|(other, _)| *other == name)?;
    Some(words.value().trim())
}

/// A name of ours that a statement gives to something else.
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

/// Whether a statement is about this header.
fn is_header(statement: &Statement, header: &str) -> bool {
    attribute(statement, "name").is_some_and(|name| name.eq_ignore_ascii_case(header))
}
