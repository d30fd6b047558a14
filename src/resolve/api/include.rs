//! Policy text of the team's: at which places, and what of it an author should know. What the catalogue says is asked when the
//! whole policy is put together.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{KEY_HEADER, Resolver};
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
                        around,
                        text,
                    };
                    for statement in &text.statements {
                        self.look_at(statement, &look, report);
                    }
                    inclusions.push(Inclusion {
                        section,
                        end,
                        text: Arc::clone(text),
                    });
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
                    .says(format!("`{name}` is {what} of Gatewright's own"))
                    .because("the policy around this text sets and reads it, and would do something else")
                    .help("take another name"),
            ));
        }
        for secret in secrets(statement) {
            report.push(included(
                Code::TeamSecret
                    .at(Place::range(text.file, secret.words.at()))
                    .says(format!("{} stands here in plain text", secret.what))
                    .because("it would be in the output and in every deployment")
                    .help(format!(
                        "put it into a Key Vault, and write the name of a named value: `{{{{{}}}}}`",
                        secret.name
                    ))
                    .hides(text.file, secret.words.at()),
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
        if statement.name == "cache-lookup" {
            for found in self.cached(statement, look, &place) {
                report.push(included(found));
            }
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
        for words in words.clone() {
            let at = || Place::range(text.file, words.at());
            if let Some(fault) = words.fault() {
                report.push(included(
                    Code::TeamCode
                        .at(at())
                        .says(fault.to_string())
                        .because("C# would not compile")
                        .help("an expression is `@(…)` or `@{…}`, and nothing stands beside it"),
                ));
            }
            if words.is_mixed() {
                report.push(included(
                    Code::TeamMixed
                        .at(at())
                        .says("text stands in front of this expression")
                        .because("whether the service runs such an expression is not documented")
                        .help("make all of it one expression: `@(\"Bearer \" + …)`"),
                ));
            }
            for name in words.named_values().filter(|name| !can_be_named(name)) {
                report.push(included(
                    Code::TeamNamedValue
                        .at(at())
                        .says(format!("`{{{{{name}}}}}` names no named value"))
                        .because("the service puts values in place of names in double braces before it reads anything else")
                        .help("use letters, digits, `-`, `.` and `_` in names; where braces are meant, put a blank between them"),
                ));
            }
        }
        let has = |wanted: &str| {
            words
                .clone()
                .any(|words: &Words| words.is_code() && words.value().contains(wanted))
        };
        let takes_body = statement.policy.is_some_and(|policy| policy.takes_body);
        let streams = look.around.streams;
        if section == Section::Outbound && streams && (takes_body || has("Response.Body")) {
            report.push(included(
                place(Code::TeamBuffers)
                    .says(format!("this holds back the streams of API `{}`", self.key))
                    .because("who reads or writes the body of an answer waits until it is complete")
                    .help("leave bodies alone, or write `streaming: false`"),
            ));
        }
        let rewrites = takes_body && statement.name == "set-body";
        if section == Section::Inbound
            && !rewrites
            && has("Request.Body.As<")
            && !has("preserveContent")
        {
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

    /// What a cache of answers gives away (page "cache-lookup").
    fn cached(
        &self,
        statement: &Statement,
        look: &Look<'_>,
        place: &dyn Fn(Code) -> Diagnostic,
    ) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        if look.end == End::First && look.around.checks_callers {
            found.push(
                place(Code::TeamRoutes)
                    .says(format!("this answers before API `{}` looks at its callers", self.key))
                    .because("an answer from the cache is given whatever their token, address or number of requests")
                    .help("move it to `inbound.last`"),
            );
        }
        let is_private = attribute(statement, "allow-private-response-caching");
        let keeps_apart = |child: &Statement| {
            let name = child.text.as_ref().map(|words| words.value().trim());
            child.name == "vary-by-header"
                && name.is_some_and(|name| name.eq_ignore_ascii_case(AUTHORIZATION))
        };
        if look.around.passes_token
            && is_private.is_some_and(|value| value != "false")
            && !statement.children.iter().any(keeps_apart)
        {
            found.push(
                place(Code::TeamShares)
                    .says(format!("this gives answers of API `{}` to others than who asked", self.key))
                    .because("a backend that gets the caller's token answers for that caller, and the cache does not tell them apart")
                    .help("write `<vary-by-header>Authorization</vary-by-header>` into it, or leave `allow-private-response-caching` out"),
            );
        }
        found
    }
}

/// What is so of an API that has the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around {
    /// Whether answers are passed on as they come.
    pub(super) streams: bool,
    /// Whether requests go by the model in their body.
    pub(super) models_in_body: bool,
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

/// Whether a named value may have this name (reference arm-and-terraform §1.7).
fn can_be_named(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    !name.is_empty() && name.bytes().all(fits)
}

/// Headers whose values are secrets.
const SECRET_HEADERS: [&str; 6] = [
    AUTHORIZATION,
    "Proxy-Authorization",
    "api-key",
    "x-api-key",
    "x-functions-key",
    KEY_HEADER,
];

/// A secret in plain text.
struct Secret<'a> {
    what: &'static str,
    /// What a named value for it might be called.
    name: &'static str,
    words: &'a Words,
}

/// The secrets that a statement says itself.
fn secrets(statement: &Statement) -> Vec<Secret<'_>> {
    let attributes = statement.attributes.iter();
    let passwords = attributes.filter(|(name, _)| *name == "password");
    let passwords = passwords.map(|(_, words)| ("a password", "proxy-password", words));
    let texts = match statement.name {
        "issuer-signing-keys" => Some(("a key that tokens are signed with", "signing-key")),
        "set-header" if is_secret_header(statement) => {
            Some(("the value of a secret header", "service-key"))
        }
        _ => None,
    };
    let texts = texts.into_iter().flat_map(|(what, name)| {
        let words = statement.children.iter().flat_map(|child| &child.text);
        words.map(move |words| (what, name, words))
    });
    let is_said = |words: &Words| {
        !words.value().trim().is_empty()
            && !words.is_code()
            && words.named_values().next().is_none()
    };
    passwords
        .chain(texts)
        .filter(|(.., words)| is_said(words))
        .map(|(what, name, words)| Secret { what, name, words })
        .collect()
}

fn is_secret_header(statement: &Statement) -> bool {
    attribute(statement, "name").is_some_and(|name| {
        let mut known = SECRET_HEADERS.iter();
        known.any(|header| header.eq_ignore_ascii_case(name))
    })
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
        "set-body" if is_last && look.around.models_in_body => Some(
            "the model was read from the body that the caller sent, and this one may name another",
        ),
        _ => None,
    }
}
