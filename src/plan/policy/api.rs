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

/// What the backend must not see: it has credentials of its own, and the caller's are worth something here.
fn without_credentials(shares: &Shares<'_>) -> Vec<Draft> {
    let api = shares.api;
    let mut headers: Vec<Text> = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    // The token of the gateway takes the place of the caller's, where there is one for every request.
    let authorization = shares.has_strangers().then_some("Authorization");
    let fixed = [authorization, api.surface.key_header(), Some(KEY_HEADER)];
    for header in fixed.into_iter().flatten() {
        names.push(header);
        headers.push(Text::fixed(header));
    }
    let own = &api.key.header;
    if !names
        .iter()
        .any(|name| name.eq_ignore_ascii_case(own.as_str()))
    {
        headers.push(own.into());
    }
    let delete = |header: Text| {
        Draft::new("set-header")
            .with("name", header)
            .word("exists-action", "delete")
    };
    let mut statements: Vec<Draft> = headers.into_iter().map(delete).collect();
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
