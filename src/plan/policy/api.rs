//! The policy of an API: who asks for what, where it goes, and with which credentials.

use super::failover;
use super::routing::{self, Shares};
use super::text::Text;
use super::{Chats, CsBlock, CsNumber, CsTest, CsText, Document, Draft, Scope, Section, Variable};
use crate::resolve::{self, KEY_HEADER, KEY_QUERY, Resolved};

/// The policy of an API.
pub fn api(resolved: &Resolved, api: &resolve::Api) -> Document {
    let shares = Shares::new(resolved, api);
    let mut inbound = vec![base()];
    inbound.extend(routing::model(&shares));
    inbound.extend(usage(api));
    inbound.extend(without_credentials(&shares));
    inbound.extend(api_version(api));
    inbound.extend(routing::backend(&shares));
    inbound.extend(routing::path(&shares));
    inbound.extend(routing::identity(&shares));
    let mut outbound = vec![base()];
    outbound.extend(failover::unavailable(&shares));
    outbound.extend(first_byte(&shares));
    let mut on_error = vec![base()];
    on_error.extend(failover::not_sent(&shares));
    let sections = [
        (Section::Inbound, inbound),
        (Section::Backend, vec![failover::send(&shares)]),
        (Section::Outbound, outbound),
        (Section::OnError, on_error),
    ];
    let tier = resolved.service.sku.map(crate::catalogue::sku::Sku::tier);
    Document::new(Scope::Api, tier, sections)
        .expect("policy: what is resolved makes a document that the catalogue allows")
}

fn base() -> Draft {
    Draft::new("base")
}

/// Asks streamed chats for their usage.
fn usage(api: &resolve::Api) -> Option<Draft> {
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
    let set = Draft::new("set-body")
        .word("id", "include-usage")
        .text(CsBlock::WithUsage);
    let when = Draft::new("when").with("condition", asks).child(set);
    api.adds_usage.then(|| Draft::new("choose").child(when))
}

/// The header in which callers and the gateway show tokens.
const AUTHORIZATION: &str = "Authorization";

/// What the backend must not see: it has credentials of its own, and the caller's are worth something here.
fn without_credentials(shares: &Shares<'_>) -> Vec<Draft> {
    let api = shares.api;
    // The token of the gateway takes the place of the caller's, where there is one for every request.
    let strangers = shares.strangers();
    let (always, sometimes) = match (strangers.is_empty(), shares.passes_through()) {
        (true, _) => (None, false),
        (false, false) => (Some(AUTHORIZATION), false),
        (false, true) => (None, true),
    };
    let mut headers: Vec<(&str, Text)> = [always, api.surface.key_header(), Some(KEY_HEADER)]
        .into_iter()
        .flatten()
        .map(|header| (header, Text::fixed(header)))
        .collect();
    // What carries a key of the caller or of ours; `Authorization` was decided on.
    let shown = shares.shown();
    for header in [&api.key.header].into_iter().chain(&shown) {
        let name = header.as_str();
        let is_known = |(known, _): &(&str, Text)| known.eq_ignore_ascii_case(name);
        if !headers.iter().any(is_known) && !name.eq_ignore_ascii_case(AUTHORIZATION) {
            headers.push((name, header.into()));
        }
    }
    let delete = |header: Text| {
        Draft::new("set-header")
            .with("name", header)
            .word("exists-action", "delete")
    };
    let when = |condition: CsTest| {
        let statement = delete(Text::fixed(AUTHORIZATION));
        let when = Draft::new("when").with("condition", condition);
        Draft::new("choose").child(when.child(statement))
    };
    // Others keep it.
    let some = sometimes.then(|| shares.is_one_of(&strangers)).flatten();
    let mut statements: Vec<Draft> = some.into_iter().map(when).collect();
    statements.extend(headers.into_iter().map(|(_, header)| delete(header)));
    statements.push(
        Draft::new("set-query-parameter")
            .word("name", KEY_QUERY)
            .word("exists-action", "delete"),
    );
    statements
}

/// The version of the API, unless the caller names one.
fn api_version(api: &resolve::Api) -> Option<Draft> {
    let version = api.surface.api_version()?;
    Some(
        Draft::new("set-query-parameter")
            .word("name", "api-version")
            .word("exists-action", "skip")
            .child(Draft::new("value").text(Text::fixed(version))),
    )
}

/// How long the first byte took, as a metric: this section runs when it is there, and before the rest of a stream.
fn first_byte(shares: &Shares<'_>) -> Option<Draft> {
    if shares.resolved.insights.is_none() || !shares.api.streams {
        return None;
    }
    let dimension = |name, value: Option<Text>| {
        let draft = Draft::new("dimension").word("name", name);
        match value {
            Some(value) => draft.with("value", value),
            None => draft,
        }
    };
    let model = CsText::variable(Variable::Model);
    let model = shares
        .are_by_model()
        .then(|| dimension("Model", Some(model.into())));
    let streamed = CsText::flag(CsTest::streamed());
    Some(
        Draft::new("emit-metric")
            .word("id", "first-byte")
            .word("name", "First byte in ms")
            .word("namespace", "ai-gateway")
            .with("value", CsNumber::milliseconds())
            .child(dimension("API ID", None))
            .child(dimension("Streamed", Some(streamed.into())))
            .children(model),
    )
}
