//! A walk over custom policies, for the rules about them.

use std::ops::Range;

use crate::catalogue::effect::Effect;
use crate::catalogue::surface::ModelIn;
use crate::catalogue::{Policy, Section};
use crate::diag::{Code, Diagnostic, Location, Report};
use crate::include::{Included, PolicyText, Statement};
use crate::resolve::{Api, End, Resolution, Routes};

/// The position of a statement, and the properties of its API.
#[derive(Clone, Copy)]
pub(super) struct Position<'a> {
    /// The API that has the text.
    pub(super) api: &'a Api,
    pub(super) section: Section,
    pub(super) end: End,
    pub(super) traits: ApiTraits,
    pub(super) text: &'a Included,
    /// True if it runs for each request.
    pub(super) is_top: bool,
    /// True if it records or stores values, or is part of a policy that does.
    pub(super) records: bool,
    /// The position at which the API includes the file.
    here: &'a Location,
}

/// The properties of an API that includes a custom policy.
#[derive(Debug, Clone, Copy)]
pub(super) struct ApiTraits {
    /// True if responses are streamed.
    pub(super) streams: bool,
    /// True if requests are routed by the model in their body.
    pub(super) models_in_body: bool,
    /// True if requests are routed by the deployment in their path.
    pub(super) models_in_path: bool,
    /// True if tokens are checked.
    pub(super) checks_tokens: bool,
    /// True if some backend gets the caller's token.
    pub(super) passes_token: bool,
    /// True if tokens, addresses or rates are checked.
    pub(super) checks_callers: bool,
}

impl Position<'_> {
    /// A finding in the text.
    pub(super) fn at(&self, code: Code, range: Range<usize>) -> Diagnostic {
        code.at(Location::range(self.text.file, range))
    }

    /// Reports a finding, together with the place that includes the text.
    pub(super) fn push(&self, found: Diagnostic, report: &mut Report) {
        report.push(found.also(self.here.clone(), "included here"));
    }
}

/// Runs a rule on every statement of all included files, each before those inside.
pub(super) fn each(resolution: &Resolution<'_>, mut rule: impl FnMut(&Statement, &Position<'_>)) {
    for api in resolution.parts.apis.values() {
        let here = resolution.key(&["apis", api.name.as_str(), "include"]);
        let traits = ApiTraits::of(resolution, api);
        for one in &api.includes {
            let text = &one.text;
            let position = Position {
                api,
                section: one.section,
                end: one.end,
                traits,
                text,
                is_top: true,
                records: false,
                here: &here,
            };
            text.statements.iter().for_each(|statement| walk(statement, &position, &mut rule));
        }
    }
}

fn walk(statement: &Statement, position: &Position<'_>, rule: &mut impl FnMut(&Statement, &Position<'_>)) {
    let stores = |policy: &Policy| policy.does(Effect::Records) || policy.does(Effect::StoresValue);
    let position = &Position { records: statement.policy.map_or(position.records, stores), ..*position };
    rule(statement, position);
    let inner = Position { is_top: false, ..*position };
    statement.children.iter().for_each(|child| walk(child, &inner, rule));
}

impl ApiTraits {
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
