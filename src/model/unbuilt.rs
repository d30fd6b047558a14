//! Keys of the language that this version does not implement, and keys that are out of scope.
//!
//! Both are listed here, so that a file for a later version gets a clear message, and no later version changes the
//! format.

use serde_json::Value;

use crate::diag::{Code, Location, Report};
use crate::source::{FileId, Step, YamlPath};

/// Keys that are not implemented: path (`*` is any key), affected values (empty: all), start of the message.
const NOT_BUILT: &[(&[&str], &[&str], &str)] = &[
    (&["gateway", "policyFamily"], &["azureOpenAI"], "the older policy names are"),
    (&["observability", "logAnalytics"], &[], "logs in Log Analytics are"),
    (&["observability", "metrics"], &[], "token metrics are"),
    (&["observability", "logPrompts"], &["true"], "logging of prompts is"),
    (&["mcpServers"], &[], "MCP servers are"),
    (&["tenancy"], &[], "plans and tenants are"),
    (&["apis", "*", "contentSafety"], &[], "content safety is"),
    (&["apis", "*", "semanticCache"], &[], "the semantic cache is"),
    (&["apis", "*", "tokenLimit"], &[], "a token limit is"),
];

/// The keys that are not implemented with any value but their default; `*` is any key.
pub(super) fn keys() -> impl Iterator<Item = &'static [&'static str]> {
    NOT_BUILT.iter().map(|(key, ..)| *key)
}

/// Keys that users look for and that are out of scope: path and reason.
const OUTSIDE: &[(&[&str], &str)] = &[
    (&["workspaces"], "Gatewright does not support workspaces"),
    (&["gateway", "workspace"], "Gatewright does not support workspaces"),
    (&["gateway", "selfHosted"], "Gatewright does not support self-hosted gateways"),
    (&["gateway", "additionalLocations"], "Gatewright does not support multi-region gateways"),
    (&["gateway", "regions"], "Gatewright does not support multi-region gateways"),
    (&["gateway", "location"], "the service must exist already; Gatewright does not create it"),
    (&["gateway", "capacity"], "the service must exist already; Gatewright does not create it"),
    (&["gateway", "publisherEmail"], "the service must exist already; Gatewright does not create it"),
    (&["gateway", "publisherName"], "the service must exist already; Gatewright does not create it"),
    (&["gateway", "create"], "the service must exist already; Gatewright does not create it"),
    (&["gateway", "network"], "Gatewright does not create networks"),
    (&["gateway", "virtualNetwork"], "Gatewright does not create networks"),
    (&["gateway", "cache"], "Gatewright does not create caches"),
    (&["caches"], "Gatewright does not create caches"),
    (&["accounts"], "Gatewright does not create accounts; refer to an existing one in a backend"),
    (&["versionSets"], "Gatewright does not support API version sets"),
    (&["apis", "*", "revision"], "Gatewright does not support API revisions"),
    (&["apis", "*", "version"], "Gatewright does not support API version sets"),
    (&["apis", "*", "versionSet"], "Gatewright does not support API version sets"),
    (&["apis", "*", "webSocket"], "Gatewright does not support WebSocket APIs"),
    (&["apis", "*", "protocols"], "Gatewright does not support WebSocket APIs; every API is served over https only"),
];

/// Reports keys that are not implemented.
pub(super) fn report_unbuilt(file: FileId, value: &Value, report: &mut Report) {
    for (pattern, words, what) in NOT_BUILT {
        for (path, found) in matches(value, pattern) {
            if !words.is_empty() && !words.contains(&word(found).as_str()) {
                continue;
            }
            let (part, place) = if words.is_empty() {
                ("key", Location::key(file, path))
            } else {
                ("value", Location::value(file, path))
            };
            report.push(
                Code::NotImplemented
                    .at(place)
                    .says(format!("{what} not implemented yet"))
                    .because(format!("this version of Gatewright knows the {part} but does not implement it"))
                    .help(built_instead(pattern)),
            );
        }
    }
}

/// The help for a key that is not implemented.
fn built_instead(pattern: &[&str]) -> &'static str {
    match pattern.last() {
        Some(&"tokenLimit") => {
            "remove it; until then include the policy from a file: `include: { inbound: { last: [{ file: policies/limit.xml }] } }` with `<llm-token-limit …/>`"
        }
        Some(&"contentSafety") => {
            "remove it; until then include the policy from a file: `include: { inbound: { last: [{ file: policies/safety.xml }] } }` with `<llm-content-safety …/>`"
        }
        Some(&"semanticCache") => {
            "remove it; until then include the policies from files: `<llm-semantic-cache-lookup …/>` in inbound, `<llm-semantic-cache-store …/>` in outbound"
        }
        Some(&"tenancy") => {
            "remove it; until then each API has `subscriptions` of its own, and `rateLimit` or an included `<llm-token-limit …/>` for each key"
        }
        _ => "remove it; Gatewright writes no output as long as it is set, because the gateway would lack this feature",
    }
}

/// Reports keys that are out of scope, and removes them, so that they are not reported as unknown as well.
pub(super) fn take_outside(file: FileId, value: &mut Value, report: &mut Report) {
    for (pattern, why) in OUTSIDE {
        let paths: Vec<YamlPath> = matches(value, pattern).into_iter().map(|(path, _)| path).collect();
        for path in paths {
            remove(value, &path);
            let key = path.steps().last().map(ToString::to_string).unwrap_or_default();
            report.push(
                Code::OutOfScope
                    .at(Location::key(file, path))
                    .says(format!("`{key}` is out of scope of Gatewright"))
                    .because(*why)
                    .help("remove the key"),
            );
        }
    }
}

/// The value as in the table.
fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(_) => "{}".to_owned(),
        other => other.to_string(),
    }
}

/// All nodes whose path matches a pattern.
fn matches<'a>(value: &'a Value, pattern: &[&str]) -> Vec<(YamlPath, &'a Value)> {
    let mut found = vec![(YamlPath::root(), value)];
    for step in pattern {
        let mut next = Vec::new();
        for (path, value) in found {
            let Value::Object(object) = value else {
                continue;
            };
            if *step == "*" {
                next.extend(object.iter().map(|(key, value)| (path.key(key), value)));
            } else if let Some(value) = object.get(*step) {
                next.push((path.key(*step), value));
            }
        }
        found = next;
    }
    found
}

/// Removes a value from objects; items of lists are kept.
pub(super) fn remove(value: &mut Value, path: &YamlPath) {
    let Some((Step::Key(last), steps)) = path.steps().split_last() else {
        return;
    };
    let mut node = value;
    for step in steps {
        let Step::Key(key) = step else { return };
        let Some(child) = node.get_mut(key) else {
            return;
        };
        node = child;
    }
    if let Value::Object(object) = node {
        // Not `shift_remove`, which takes time for each later key: a file may have thousands of wrong ones.
        object.swap_remove(last);
    }
}
