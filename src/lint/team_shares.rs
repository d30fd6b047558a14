//! A cache that gives answers to others than who asked.

use super::included::{Look, each};
use crate::catalogue::AUTHORIZATION;
use crate::diag::{Code, Report};
use crate::include::{Statement, attribute};
use crate::resolve::Resolution;

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    each(resolution, |statement, look| {
        let Some(help) = shares(statement, look) else { return };
        let found = look
            .at(Code::TeamShares, statement.at.clone())
            .says(format!("this gives answers of API `{}` to others than who asked", look.api.name))
            .because("a backend that gets the caller's token answers for that caller, and the cache does not tell them apart")
            .help(help);
        look.push(found, report);
    });
}

/// Why a cache gives answers to others than who asked (page "cache-lookup"; reference apim-policies §2.15).
fn shares(statement: &Statement, look: &Look<'_>) -> Option<&'static str> {
    if !look.around.passes_token {
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
                "write `<vary-by-header>Authorization</vary-by-header>` into it, or leave `allow-private-response-caching` out",
            )
        }
        "llm-semantic-cache-lookup" | "azure-openai-semantic-cache-lookup" => {
            let keeps_apart = children.any(|child| child.name == "vary-by");
            (!keeps_apart).then_some("write a `<vary-by>` with what tells callers apart into it")
        }
        _ => None,
    }
}
