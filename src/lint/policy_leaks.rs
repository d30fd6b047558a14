//! Custom policies that send the caller's credentials to something other than the backend.

use super::included::{self, each};
use crate::catalogue::AUTHORIZATION;
use crate::catalogue::effect::Effect;
use crate::diag::{Code, Report};
use crate::include::{PolicyText, Statement, attribute, is_header};
use crate::resolve::Resolution;

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    each(resolution, |statement, position| {
        let words: Vec<&PolicyText> = included::words(statement).collect();
        let Some((because, help)) = leaks(statement, &words, position.records) else { return };
        let found = position
            .at(Code::PolicyLeaks, statement.at.clone())
            .says(format!("this leaks the callers' credentials of API `{}`", position.api.name))
            .because(because)
            .help(help);
        position.push(found, report);
    });
}

/// The reason why credentials reach something other than the backend.
fn leaks(statement: &Statement, words: &[&PolicyText], records: bool) -> Option<(&'static str, &'static str)> {
    let sends = statement.policy.is_some_and(|policy| policy.does(Effect::SendsRequest));
    let copies = attribute(statement, "mode").is_some_and(|mode| mode != "new");
    let mut children = statement.children.iter();
    let keeps = children.any(|child| child.name == "set-header" && is_header(child, AUTHORIZATION));
    if sends && copies && !keeps {
        return Some((
            "a copy of a request has all its headers, including `Authorization` and keys",
            "add `<set-header name=\"Authorization\" exists-action=\"delete\" />`, and the same for the header of the key; or use `mode=\"new\"`",
        ));
    }
    let says = |wanted: &str| {
        let mut code = words.iter().filter(|words| words.is_code());
        code.any(|words| words.compact().contains(wanted))
    };
    let has_key = ["Subscription.PrimaryKey", "Subscription.SecondaryKey", "Subscription.Key"];
    if has_key.iter().any(|key| says(key)) {
        return Some((
            "it contains the caller's key, which gives access to the API to everyone who can read it",
            "use the id of the subscription: `context.Subscription.Id`",
        ));
    }
    (records && says("Headers") && says("\"Authorization\"")).then_some((
        "it records the caller's token, which everyone who can read it could use",
        "record a claim of the token, such as `azp` or `oid`",
    ))
}
