//! The policy of an API: the order of its statements.

use std::collections::BTreeMap;

use super::callers;
use super::failover;
use super::routing::{self, RouteGroups};
use super::text::Text;
use super::violation::{Violation, ViolationKind};
use super::{
    Chats, CsBlock, CsNumber, CsTest, CsText, Document, Origin, Scope, Section, UncheckedElement, Variable, check,
};
use crate::catalogue::sku::Sku;
use crate::catalogue::surface::Surface;
use crate::catalogue::{AUTHORIZATION, CLIENT_REQUEST_ID, COOKIE};
use crate::resolve::{self, End, KEY_HEADER, KEY_QUERY, Resolved};

/// An element of a custom policy that the catalogue refuses at its position.
#[derive(Debug)]
pub(super) struct Misplaced {
    /// Its location in the custom policy.
    pub(super) origin: Origin,
    /// Its name.
    pub(super) name: &'static str,
    /// The violation.
    pub(super) fault: ViolationKind,
}

/// The policy of an API, or all violations by its custom policies.
pub(super) fn api(resolved: &Resolved, api: &resolve::Api) -> Result<Document, Vec<Misplaced>> {
    let sections = sections(resolved, api);
    let mut origins = BTreeMap::new();
    for (section, drafts) in &sections {
        find(section.name(), drafts, &mut origins);
    }
    let tier = resolved.service.sku.map(Sku::tier);
    let misplaced = |violation: Violation| {
        let origin = origins.get(&violation.at).cloned().or_else(|| {
            // Of two that exclude each other, the generated one may be found first.
            let name = violation.at.rsplit('/').next()?;
            let name = name.split('[').next()?;
            let other = origins.values().find(|(_, other)| *other == name);
            other.cloned()
        });
        let (origin, name) = origin.expect("policy: our own text is allowed by the catalogue");
        Misplaced { origin, name, fault: violation.fault }
    };
    Document::new(Scope::Api, tier, sections).map_err(|violations| violations.into_iter().map(misplaced).collect())
}

/// Elements of custom policies by their path, as violations have it.
fn find(parent: &str, drafts: &[UncheckedElement], origins: &mut BTreeMap<String, (Origin, &'static str)>) {
    let names: Vec<&str> = drafts.iter().map(|draft| draft.name).collect();
    for (draft, path) in drafts.iter().zip(check::paths(parent, &names)) {
        find(&path, &draft.children, origins);
        if let Some(origin) = &draft.origin {
            origins.insert(path, (origin.clone(), draft.name));
        }
    }
}

/// The custom policies at one place.
fn included(api: &resolve::Api, section: Section, end: End) -> impl Iterator<Item = UncheckedElement> {
    let here = api.includes.iter();
    let here = here.filter(move |one| one.section == section && one.end == end);
    here.flat_map(|one| UncheckedElement::included(&one.text))
}

fn sections(resolved: &Resolved, api: &resolve::Api) -> Vec<(Section, Vec<UncheckedElement>)> {
    let routes = RouteGroups::new(resolved, api);
    let mut inbound = vec![base()];
    inbound.extend(callers::cors(&routes));
    inbound.extend(callers::key(&routes));
    inbound.extend(included(api, Section::Inbound, End::First));
    inbound.extend(callers::addresses(&routes));
    inbound.extend(callers::token(&routes));
    inbound.extend(callers::rate_limit(&routes));
    inbound.extend(routing::path_guard(&routes));
    inbound.extend(routing::model_list(&routes));
    inbound.extend(routing::model(&routes));
    inbound.extend(usage(api));
    inbound.extend(without_credentials(&routes));
    inbound.extend(request_id(&routes));
    inbound.extend(api_version(api));
    inbound.extend(routing::backend(&routes));
    inbound.extend(routing::path(&routes));
    inbound.extend(routing::identity(&routes));
    inbound.extend(included(api, Section::Inbound, End::Last));
    let mut outbound = vec![base()];
    outbound.extend(included(api, Section::Outbound, End::First));
    outbound.extend(failover::unavailable(&routes));
    outbound.extend(first_byte(&routes));
    outbound.extend(included(api, Section::Outbound, End::Last));
    let mut on_error = vec![base()];
    on_error.extend(callers::challenge(&routes));
    on_error.extend(failover::not_sent(&routes));
    vec![
        (Section::Inbound, inbound),
        (Section::Backend, vec![failover::send(&routes)]),
        (Section::Outbound, outbound),
        (Section::OnError, on_error),
    ]
}

fn base() -> UncheckedElement {
    UncheckedElement::new("base")
}

/// Asks streamed chats for their usage.
fn usage(api: &resolve::Api) -> Option<UncheckedElement> {
    const CHAT: &str = "/chat/completions";
    let operations = api.definition.operations.iter();
    let chats = operations.filter(|operation| operation.path.ends_with(CHAT));
    let asks = CsBlock::AsksForUsage {
        chats: if api.definition.lists_operations() {
            Chats::Operations(chats.map(|operation| operation.id.clone()).collect())
        } else {
            Chats::Ending(CHAT)
        },
        since: api.surface.usage_since().zip(api.surface.api_version()),
    };
    let set = UncheckedElement::new("set-body").word("id", "include-usage").text(CsBlock::WithUsage);
    let when = UncheckedElement::new("when").with("condition", asks).child(set);
    api.adds_usage.then(|| {
        UncheckedElement::new("choose")
            .why("Streams end with their token usage, where the caller set no options.")
            .child(when)
    })
}

/// The headers that are removed from requests: the backend has credentials of its own, and the caller's are valid here.
fn without_credentials(routes: &RouteGroups<'_>) -> Vec<UncheckedElement> {
    let api = routes.api;
    let passing = routes.passing_through();
    // The gateway's token takes the place of the caller's, where every request gets one.
    let always = (passing.is_empty() && !routes.all_get_token()).then_some(AUTHORIZATION);
    let cookies = routes.drop_cookies().then_some(COOKIE);
    let mut headers: Vec<(&str, Text)> = [always, cookies, api.surface.key_header(), Some(KEY_HEADER)]
        .into_iter()
        .flatten()
        .map(|header| (header, Text::fixed(header)))
        .collect();
    // Headers with a key of the caller or of the gateway; `Authorization` is handled above.
    let secret_headers = routes.secret_headers();
    for header in [&api.key.header].into_iter().chain(&secret_headers) {
        let name = header.as_str();
        let is_known = |(known, _): &(&str, Text)| known.eq_ignore_ascii_case(name);
        if !headers.iter().any(is_known) && !name.eq_ignore_ascii_case(AUTHORIZATION) {
            headers.push((name, header.into()));
        }
    }
    let delete =
        |header: Text| UncheckedElement::new("set-header").with("name", header).word("exists-action", "delete");
    let when = |condition: CsTest| {
        let statement = delete(Text::fixed(AUTHORIZATION));
        let when = UncheckedElement::new("when").with("condition", condition);
        UncheckedElement::new("choose").child(when.child(statement))
    };
    // Only those that are to pass it on keep it: a request that nobody thought of loses it.
    let some = (!passing.is_empty()).then(|| routes.is_one_of(&passing)).flatten();
    let mut statements: Vec<UncheckedElement> = some.into_iter().map(|passes| when(!passes)).collect();
    statements.extend(headers.into_iter().map(|(_, header)| delete(header)));
    statements
        .push(UncheckedElement::new("set-query-parameter").word("name", KEY_QUERY).word("exists-action", "delete"));
    statements[0].why = Some("Callers' credentials for the gateway end here.");
    statements
}

/// An id by which an Azure account's logs can be found, unless the caller has sent one.
fn request_id(routes: &RouteGroups<'_>) -> Option<UncheckedElement> {
    routes.reach_accounts().then(|| {
        UncheckedElement::new("set-header")
            .why("The id under which an account logs the call, unless the caller names one.")
            .word("name", CLIENT_REQUEST_ID)
            .word("exists-action", "skip")
            .child(UncheckedElement::new("value").text(CsText::request_id()))
    })
}

/// The version of the API, unless the caller names one.
fn api_version(api: &resolve::Api) -> Option<UncheckedElement> {
    const WHY: &str = "For callers that name no version.";
    let version = api.surface.api_version()?;
    let set = UncheckedElement::new("set-query-parameter")
        .word("name", "api-version")
        .word("exists-action", "skip")
        .child(UncheckedElement::new("value").text(Text::fixed(version)));
    // Below `/openai/v1` accounts refuse a dated version (reference apim-policies §4a).
    if api.surface == Surface::AzureOpenAi && !api.definition.lists_operations() {
        let when = UncheckedElement::new("when").with("condition", !CsTest::under(&api.path, "v1")).child(set);
        let why = "For callers that name no version. Paths below v1 take none.";
        return Some(UncheckedElement::new("choose").why(why).child(when));
    }
    Some(set.why(WHY))
}

/// How long the first byte took, as a metric: this section runs when it is there, and before the rest of a stream.
fn first_byte(routes: &RouteGroups<'_>) -> Option<UncheckedElement> {
    if routes.resolved.insights.is_none() || !routes.api.streams {
        return None;
    }
    let dimension = |name, value: Option<Text>| {
        let draft = UncheckedElement::new("dimension").word("name", name);
        match value {
            Some(value) => draft.with("value", value),
            None => draft,
        }
    };
    let model = CsText::variable(Variable::Model);
    let model = routes.are_by_model().then(|| dimension("Model", Some(model.into())));
    let streamed = CsText::flag(CsTest::streamed());
    Some(
        UncheckedElement::new("emit-metric")
            .why("The time to the first byte: this section runs before the rest of a stream.")
            .word("id", "first-byte")
            .word("name", "First byte in ms")
            .word("namespace", "ai-gateway")
            .with("value", CsNumber::milliseconds())
            .child(dimension("API ID", None))
            .child(dimension("Streamed", Some(streamed.into())))
            .children(model),
    )
}
