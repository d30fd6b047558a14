//! Policy text of the team's: at which places, and what of it an author should know. What the catalogue says is asked when the
//! whole policy is put together.

use std::collections::BTreeMap;

use super::Resolver;
use crate::catalogue::Section;
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
                    for statement in &text.statements {
                        self.look_at(statement, section, streams, text, report);
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
    fn look_at(
        &self,
        statement: &Statement,
        section: Section,
        streams: bool,
        text: &Included,
        report: &mut Report,
    ) {
        let place = |code: Code| code.at(Place::range(text.file, statement.at.clone()));
        let included = |found: Diagnostic| found.also(self.at(&["include"]), "included here");
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
            self.look_at(child, section, streams, text, report);
        }
    }
}
