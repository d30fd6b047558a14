//! Policy text of the team's: at which places, and what of it an author should know. What the catalogue says is asked when the
//! whole policy is put together.

use std::collections::BTreeMap;

use super::Resolver;
use crate::catalogue::{AUTHORIZATION, OWN_VARIABLES, Section, TOKEN_POLICY_ID};
use crate::diag::{Code, Diagnostic, Place, Report};
use crate::include::{Included, Statement, Words};

/// Policy text of the team's at a place of a policy.
#[derive(Debug, Clone)]
pub struct Inclusion {
    /// The section.
    pub section: Section,
    /// The end of it.
    pub end: End,
    /// The text.
    pub text: Included,
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
        read: &BTreeMap<String, Included>,
        streams: bool,
        models_in_body: bool,
        report: &mut Report,
    ) -> Vec<Inclusion> {
        let Some(include) = &self.api.include else {
            return Vec::new();
        };
        let sections = [
            (Section::Inbound, &include.inbound),
            (Section::Outbound, &include.outbound),
        ];
        let mut inclusions = Vec::new();
        for (section, at) in sections {
            let ends = at
                .iter()
                .flat_map(|at| [(End::First, &at.first), (End::Last, &at.last)]);
            for (end, files) in ends {
                for file in files {
                    // What could not be read is reported.
                    let Some(text) = read.get(&file.file) else {
                        continue;
                    };
                    let look = Look {
                        section,
                        end,
                        streams,
                        models_in_body,
                        text,
                    };
                    for statement in &text.statements {
                        self.look_at(statement, &look, report);
                    }
                    inclusions.push(Inclusion {
                        section,
                        end,
                        text: text.clone(),
                    });
                }
            }
        }
        inclusions
    }

    /// What is allowed and has consequences.
    fn look_at(&self, statement: &Statement, look: &Look<'_>, report: &mut Report) {
        let Look {
            section,
            streams,
            text,
            ..
        } = *look;
        let place = |code: Code| code.at(Place::range(text.file, statement.at.clone()));
        let included = |found: Diagnostic| found.also(self.at(&["include"]), "included here");
        if let Some((what, name)) = own(statement) {
            report.push(included(
                place(Code::TeamTakesName)
                    .says(format!("`{name}` is {what} of Gatewright's own"))
                    .because("the policy around this text sets and reads it, and would do something else")
                    .help("take another name"),
            ));
        }
        if let Some(because) = undoes(statement, look) {
            report.push(included(
                place(Code::TeamRoutes)
                    .says(format!("this takes effect behind what API `{}` decides", self.key))
                    .because(because)
                    .help("move it to `inbound.first` if that is early enough, or leave it to the gateway file"),
            ));
        }
        if statement.name == "set-backend-service" {
            report.push(included(
                place(Code::TeamRoutes)
                    .says(format!(
                        "this sends requests of API `{}` somewhere else",
                        self.key
                    ))
                    .because("models, pools and what they cost are no longer as this file says")
                    .help("name the backend in the gateway file: `target`, `models` or `pools`"),
            ));
        }
        let words = statement
            .attributes
            .iter()
            .map(|(_, words)| words)
            .chain(&statement.text);
        let has = |wanted: &str| {
            words
                .clone()
                .any(|words: &Words| words.is_code() && words.value().contains(wanted))
        };
        let rewrites = statement.name == "set-body";
        if section == Section::Outbound && streams && (rewrites || has("Response.Body")) {
            report.push(included(
                place(Code::TeamBuffers)
                    .says(format!("this holds back the streams of API `{}`", self.key))
                    .because("who reads or writes the body of an answer waits until it is complete")
                    .help("leave bodies alone, or write `streaming: false`"),
            ));
        }
        if section == Section::Inbound && !rewrites && has("Body.As<") && !has("preserveContent") {
            report.push(included(
                place(Code::TeamEmpties)
                    .says("this takes the body away from the backend")
                    .because(
                        "a body that is read without `preserveContent: true` is empty afterwards",
                    )
                    .help("write `As<…>(preserveContent: true)`"),
            ));
        }
        for child in &statement.children {
            self.look_at(child, look, report);
        }
    }
}

/// Where a statement stands, and what is so there.
#[derive(Clone, Copy)]
struct Look<'a> {
    section: Section,
    end: End,
    streams: bool,
    /// Whether requests go by the model in their body.
    models_in_body: bool,
    text: &'a Included,
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
        return Some(("the id of a policy", TOKEN_POLICY_ID));
    }
    let names = statement.attributes.iter().filter(|(name, _)| {
        name.ends_with("variable-name") || (*name == "name" && statement.name == "set-variable")
    });
    let mut names = names.map(|(_, words)| words.value().trim());
    let name = names.find(|name| OWN_VARIABLES.contains(name))?;
    Some(("a variable", name))
}

/// What a statement at the end of inbound takes back.
fn undoes(statement: &Statement, look: &Look<'_>) -> Option<&'static str> {
    let is_last = look.section == Section::Inbound && look.end == End::Last;
    match statement.name {
        "rewrite-uri" if look.section == Section::Inbound => Some(
            "a deployment in the path, and what callers may ask for, was decided by the path that they sent",
        ),
        "authentication-managed-identity" | "authentication-basic"
            if is_last && attribute(statement, "output-token-variable-name").is_none() =>
        {
            Some("the backend gets this credential in place of the one that the gateway file says")
        }
        "set-header"
            if is_last
                && attribute(statement, "name")
                    .is_some_and(|name| name.eq_ignore_ascii_case(AUTHORIZATION)) =>
        {
            Some(
                "the backend gets this in place of the token that the gateway file says, or nothing",
            )
        }
        "set-body" if is_last && look.models_in_body => Some(
            "the model was read from the body that the caller sent, and this one may name another",
        ),
        _ => None,
    }
}
