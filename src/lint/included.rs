//! A walk over policy text of the team's, for the rules about it.

use std::ops::Range;

use crate::catalogue::effect::Effect;
use crate::catalogue::surface::ModelIn;
use crate::catalogue::{Policy, Section};
use crate::diag::{Code, Diagnostic, Location, Report};
use crate::include::{Included, PolicyText, Statement};
use crate::resolve::{Api, End, Resolution, Routes};

/// Where a statement stands, and what is so there.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    /// The API that has the text.
    pub(super) api: &'a Api,
    pub(super) section: Section,
    pub(super) end: End,
    pub(super) around: Around,
    pub(super) text: &'a Included,
    /// Whether it runs for each request.
    pub(super) is_top: bool,
    /// Whether it records or stores values, or is part of a policy that does.
    pub(super) records: bool,
    /// Where the API includes text.
    here: &'a Location,
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

impl Look<'_> {
    /// A finding in the text.
    pub(super) fn at(&self, code: Code, range: Range<usize>) -> Diagnostic {
        code.at(Location::range(self.text.file, range))
    }

    /// Reports a finding, together with the place that includes the text.
    pub(super) fn push(&self, found: Diagnostic, report: &mut Report) {
        report.push(found.also(self.here.clone(), "included here"));
    }
}

/// Shows a rule every statement of all that APIs include, each before those inside.
pub(super) fn each(resolution: &Resolution<'_>, mut rule: impl FnMut(&Statement, &Look<'_>)) {
    for api in resolution.parts.apis.values() {
        let here = resolution.key(&["apis", api.name.as_str(), "include"]);
        let around = Around::of(resolution, api);
        for one in &api.includes {
            let text = &one.text;
            let look = Look {
                api,
                section: one.section,
                end: one.end,
                around,
                text,
                is_top: true,
                records: false,
                here: &here,
            };
            text.statements.iter().for_each(|statement| walk(statement, &look, &mut rule));
        }
    }
}

fn walk(statement: &Statement, look: &Look<'_>, rule: &mut impl FnMut(&Statement, &Look<'_>)) {
    let stores = |policy: &Policy| policy.does(Effect::Records) || policy.does(Effect::StoresValue);
    let look = &Look { records: statement.policy.map_or(look.records, stores), ..*look };
    rule(statement, look);
    let inner = Look { is_top: false, ..*look };
    statement.children.iter().for_each(|child| walk(child, &inner, rule));
}

impl Around {
    fn of(resolution: &Resolution<'_>, api: &Api) -> Self {
        let is_by_model = matches!(api.routes, Routes::Models(_));
        let mut destinations = api.routes.destinations();
        Self {
            streams: api.streams,
            models_in_body: is_by_model && api.surface.model_in() == ModelIn::Body,
            models_in_path: is_by_model && api.surface.model_in() == ModelIn::Path,
            checks_tokens: api.entra.is_some(),
            passes_token: destinations.any(|to| resolution.parts.passes_token(to)),
            checks_callers: api.entra.is_some() || !api.addresses.is_empty() || api.rate_limit.is_some(),
        }
    }
}

/// All texts of a statement: values of attributes, and what is between its tags.
pub(super) fn words(statement: &Statement) -> impl Iterator<Item = &PolicyText> {
    statement.attributes.iter().map(|(_, words)| words).chain(&statement.text)
}
