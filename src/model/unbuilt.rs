//! What the language has and this version does not build yet, and what Gatewright leaves to others.
//!
//! All of it is known here, so that a file written for a later version gets a clear answer, and no later version changes the
//! format.

use serde_json::Value;

use crate::diag::{Code, Place, Report};
use crate::source::{FileId, Step, YamlPath};

/// Keys that are known and not built: where (`*` is any key), the values that are meant (none: all), the start of the sentence that says so.
const NOT_BUILT: &[(&[&str], &[&str], &str)] = &[
    (&["gateway", "policyFamily"], &[], "a choice of policy names is"),
    (&["observability", "logAnalytics"], &[], "logs in Log Analytics are"),
    (&["observability", "metrics"], &[], "token metrics are"),
    (&["observability", "logPrompts"], &["true"], "logging of messages is"),
    (&["mcpServers"], &[], "MCP servers are"),
    (&["tenancy"], &[], "plans and tenants are"),
    (&["apis", "*", "contentSafety"], &[], "content safety is"),
    (&["apis", "*", "semanticCache"], &[], "the semantic cache is"),
    (&["apis", "*", "tokenLimit"], &[], "a limit on tokens is"),
];

/// Keys that people look for and that the language leaves out on purpose: where, and who does it instead.
const OUTSIDE: &[(&[&str], &str)] = &[
    (&["workspaces"], "Gatewright does not build workspaces"),
    (&["gateway", "workspace"], "Gatewright does not build workspaces"),
    (&["gateway", "selfHosted"], "Gatewright does not build self-hosted gateways"),
    (&["gateway", "additionalLocations"], "Gatewright does not build gateways in several regions"),
    (&["gateway", "regions"], "Gatewright does not build gateways in several regions"),
    (&["gateway", "location"], "the service exists already; making one is left to others"),
    (&["gateway", "capacity"], "the service exists already; making one is left to others"),
    (&["gateway", "publisherEmail"], "the service exists already; making one is left to others"),
    (&["gateway", "publisherName"], "the service exists already; making one is left to others"),
    (&["gateway", "create"], "the service exists already; making one is left to others"),
    (&["gateway", "network"], "networks are left to others"),
    (&["gateway", "virtualNetwork"], "networks are left to others"),
    (&["gateway", "cache"], "caches are left to others"),
    (&["caches"], "caches are left to others"),
    (&["accounts"], "accounts are left to others; name an existing one in a backend"),
    (&["versionSets"], "Gatewright does not build version sets of APIs"),
    (&["apis", "*", "revision"], "Gatewright does not build revisions of APIs"),
    (&["apis", "*", "version"], "Gatewright does not build version sets of APIs"),
    (&["apis", "*", "versionSet"], "Gatewright does not build version sets of APIs"),
    (&["apis", "*", "webSocket"], "Gatewright does not build WebSocket APIs"),
    (&["apis", "*", "protocols"], "Gatewright does not build WebSocket APIs; every API is served by https alone"),
];

/// Reports what the file asks for and nobody has built yet.
pub(super) fn report_unbuilt(file: FileId, value: &Value, report: &mut Report) {
    for (pattern, words, what) in NOT_BUILT {
        for (path, found) in matches(value, pattern) {
            if !words.is_empty() && !words.contains(&word(found).as_str()) {
                continue;
            }
            let (part, place) =
                if words.is_empty() { ("key", Place::key(file, path)) } else { ("value", Place::value(file, path)) };
            report.push(
                Code::NotBuilt
                    .at(place)
                    .says(format!("{what} not built yet"))
                    .because(format!("this version of Gatewright knows the {part} and cannot do what it asks for"))
                    .help(built_instead(pattern)),
            );
        }
    }
}

/// What to write in place of what is not built.
fn built_instead(pattern: &[&str]) -> &'static str {
    match pattern.last() {
        Some(&"definition" | &"link") => "use `builtin` for models, or `{ file: … }`",
        _ => {
            "remove it; nothing is written as long as it stands here, since the output would not do what the file says"
        }
    }
}

/// Reports keys that are outside of what Gatewright does, and takes them out, so that they are not unknown keys as well.
pub(super) fn take_outside(file: FileId, value: &mut Value, report: &mut Report) {
    for (pattern, why) in OUTSIDE {
        let paths: Vec<YamlPath> = matches(value, pattern).into_iter().map(|(path, _)| path).collect();
        for path in paths {
            remove(value, &path);
            let key = path.steps().last().map(ToString::to_string).unwrap_or_default();
            report.push(
                Code::Outside
                    .at(Place::key(file, path))
                    .says(format!("`{key}` is outside of what Gatewright does"))
                    .because(*why)
                    .help("remove the key"),
            );
        }
    }
}

/// The value as the table writes it.
fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(_) => "{}".to_owned(),
        other => other.to_string(),
    }
}

/// All nodes whose path fits a pattern.
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

/// Takes a value out of objects; what lies in a list stays.
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
        // Not `shift_remove`, which takes time for each key behind: a file may have thousands of wrong ones.
        object.swap_remove(last);
    }
}
