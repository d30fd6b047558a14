//! A cache that returns one caller's responses to other callers.

use super::included::{Position, each};
use crate::catalogue::AUTHORIZATION;
use crate::diag::{Code, Report};
use crate::include::{Statement, attribute};
use crate::resolve::Resolution;

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    each(resolution, |statement, position| {
        let Some(help) = shares(statement, position) else { return };
        let found = position
            .at(Code::PolicySharesCache, statement.at.clone())
            .says(format!("this returns cached responses of API `{}` to other callers", position.api.name))
            .because("the backend receives the caller's token and responds for that caller, but the cache does not distinguish callers")
            .help(help);
        position.push(found, report);
    });
}

/// The reason why a cache returns one caller's responses to others (page "cache-lookup"; reference apim-policies §2.15).
fn shares(statement: &Statement, position: &Position<'_>) -> Option<&'static str> {
    if !position.traits.passes_token {
        return None;
    }
    let mut children = statement.children.iter();
    match statement.name {
        "cache-lookup" => {
            let private = attribute(statement, "allow-private-response-caching");
            let keeps_apart = |child: &Statement| {
                let name = child.text.as_ref().map(|words| words.value().trim());
                child.name == "vary-by-header" && name.is_some_and(|name| name.eq_ignore_ascii_case(AUTHORIZATION))
            };
            (private.is_some_and(|value| value != "false") && !children.any(keeps_apart)).then_some(
                "add `<vary-by-header>Authorization</vary-by-header>`, or remove `allow-private-response-caching`",
            )
        }
        "llm-semantic-cache-lookup" | "azure-openai-semantic-cache-lookup" => {
            let keeps_apart = children.any(|child| child.name == "vary-by");
            (!keeps_apart).then_some("add a `<vary-by>` with a value that distinguishes callers")
        }
        _ => None,
    }
}
