//! Policies that read prompts and completions: safety, caches, tokens.

use super::{Reader, Step, Walk};
use crate::catalogue::Section;
use crate::catalogue::effect::Cause;
use crate::explain::Item;
use crate::explain::words::{and, code};

pub(super) fn step(walk: &mut Walk<'_>, name: &str, reader: &mut Reader<'_>) -> Option<Step> {
    Some(match name {
        "llm-token-limit" | "azure-openai-token-limit" => limit(walk.section, reader),
        "llm-content-safety" => safety(walk, reader),
        "llm-semantic-cache-lookup" | "azure-openai-semantic-cache-lookup" => lookup(walk, reader),
        "llm-semantic-cache-store" | "azure-openai-semantic-cache-store" => store(reader),
        _ => return None,
    })
}

/// Reference apim-policies §2.12.
fn limit(section: Section, reader: &mut Reader<'_>) -> Step {
    let (rate, quota) = (reader.status(section, Cause::Tokens), reader.status(section, Cause::TokenQuota));
    let key = reader.words("counter-key").unwrap_or_default();
    let mut most = Vec::new();
    if let Some(tokens) = reader.plain("tokens-per-minute") {
        most.push(format!("{tokens} tokens per minute (else {})", rate.unwrap_or_default()));
    }
    if let Some(tokens) = reader.plain("token-quota") {
        let period = reader.plain("token-quota-period").unwrap_or_default();
        let period = period.to_lowercase();
        most.push(format!("{tokens} tokens {period} (else {})", quota.unwrap_or_default()));
    }
    let how = if reader.is("estimate-prompt-tokens", "true") {
        "prompt tokens are estimated before the request is sent"
    } else {
        reader.is("estimate-prompt-tokens", "false");
        "tokens are counted when the answer arrives, so the request that exceeds the limit still gets its answer"
    };
    let mut items = Vec::new();
    for (name, what) in [
        ("retry-after-header-name", "the time to wait before a retry"),
        ("remaining-tokens-header-name", "the remaining tokens"),
        ("remaining-quota-tokens-header-name", "the remaining quota"),
        ("tokens-consumed-header-name", "the consumed tokens"),
    ] {
        if let Some(header) = reader.words(name) {
            items.push(Item::new(format!("the header {header} has {what}")));
        }
    }
    Step {
        text: format!("limits tokens to {} for each value of {key}; {how}", and(&most)),
        policies: Vec::new(),
        items,
    }
}

/// Reference apim-policies §2.14.
fn safety(walk: &Walk<'_>, reader: &mut Reader<'_>) -> Step {
    let by = match reader.literal("backend-id") {
        Some(resource) => walk.target(resource),
        None => reader.words("backend-id").unwrap_or_default(),
    };
    let status = reader.status(walk.section, Cause::Safety).unwrap_or_default();
    let mut items = Vec::new();
    if reader.is("shield-prompt", "true") {
        items.push(Item::new("prompt injection attempts are rejected"));
    } else {
        reader.is("shield-prompt", "false");
    }
    if reader.is("enforce-on-completions", "true") {
        items.push(Item::new("model answers are checked as well; a rejected stream is cut off"));
    } else {
        reader.is("enforce-on-completions", "false");
    }
    for group in reader.children("categories") {
        let mut inside = Reader::new(group);
        for category in inside.children("category") {
            let mut category = Reader::new(category);
            let name = category.plain("name").unwrap_or_default();
            let threshold = category.plain("threshold").unwrap_or_default();
            items.push(Item::new(format!("{name} is rejected from severity {threshold}")));
        }
        let (rest, left) = inside.finish();
        if !rest.is_empty() || !left.is_empty() {
            items.push(Item::new(format!("categories{rest}")).with(left));
        }
    }
    let lists = reader.listed("blocklists", "id");
    if !lists.is_empty() {
        items.push(Item::new(format!("terms of the blocklists {} are rejected", and(&lists))));
    }
    Step {
        text: format!("has the {by} check the text (content safety), and rejects harmful text with {status}"),
        policies: Vec::new(),
        items,
    }
}

/// Reference apim-policies §2.15.
fn lookup(walk: &Walk<'_>, reader: &mut Reader<'_>) -> Step {
    let score = reader.plain("score-threshold").unwrap_or_default();
    let by = match reader.literal("embeddings-backend-id") {
        Some(resource) => walk.target(resource),
        None => reader.words("embeddings-backend-id").unwrap_or_default(),
    };
    reader.is("embeddings-backend-auth", "system-assigned");
    let mut items = Vec::new();
    let keys = reader.texts("vary-by");
    if !keys.is_empty() {
        items.push(Item::new(format!(
            "answers are shared only between requests with the same values of: {}",
            and(&keys)
        )));
    }
    if reader.is("ignore-system-messages", "true") {
        items.push(Item::new("system messages are ignored"));
    } else {
        reader.is("ignore-system-messages", "false");
    }
    Step {
        text: format!(
            "answers from the cache if a similar prompt was answered before (distance at most {score}, 0 is identical), compared with embeddings of the {by}, which is called with the service's system-assigned identity"
        ),
        policies: Vec::new(),
        items,
    }
}

fn store(reader: &mut Reader<'_>) -> Step {
    let duration = reader.plain("duration").unwrap_or_default();
    let which = match reader.words("cache-response") {
        Some(condition) => format!("if {condition}"),
        None => format!("if the status is {}", code("200")),
    };
    format!("caches the answer for {duration} s, {which}").into()
}
