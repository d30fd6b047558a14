//! Paths of the gateway file, held against the schema: a key that was renamed in the model, or put below the wrong one, would
//! otherwise show as a finding at the object around it.

use serde_json::Value;

use super::schema::schema;
use crate::source::{Step, YamlPath};

/// The path of these keys, from the root of the gateway file on.
///
/// # Panics
///
/// In a debug build, if the language has no such path.
pub fn path_of(keys: &[&str]) -> YamlPath {
    let path = YamlPath::of(keys);
    debug_assert!(is_path(&path), "no gateway file has anything at `{path}`");
    path
}

/// Whether the language has a value at this path.
pub fn is_path(path: &YamlPath) -> bool {
    has(schema(), path.steps())
}

fn has(node: &Value, steps: &[Step]) -> bool {
    let Some((step, rest)) = steps.split_first() else {
        return true;
    };
    let inside = match step {
        Step::Key(key) => {
            let own = node.get("properties").and_then(|properties| properties.get(key));
            own.or_else(|| node.get("additionalProperties").filter(|any| any.is_object()))
        }
        Step::Index(_) => node.get("items"),
    };
    let reference = node.get("$ref").and_then(Value::as_str);
    let named = reference.and_then(|name| schema().pointer(name.trim_start_matches('#')));
    let branches = ["anyOf", "oneOf", "allOf"].iter().filter_map(|key| node.get(key)?.as_array()).flatten();
    inside.is_some_and(|inside| has(inside, rest)) || named.into_iter().chain(branches).any(|node| has(node, steps))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_has_these_paths_and_no_others() {
        let is_one = |keys: &[&str]| is_path(&YamlPath::of(keys));
        assert!(is_one(&[]));
        assert!(is_one(&["gateway", "identity", "user", "subscription"]));
        assert!(is_one(&["apis", "openai", "rateLimit", "by", "header"]));
        assert!(is_one(&["backends", "east", "account", "subscription"]));
        assert!(is_path(&YamlPath::of(&["pools", "all", "members"]).index(0).key("backend")));
        assert!(!is_one(&["apis", "openai", "rateLimit", "header"]));
        assert!(!is_one(&["api"]));
        assert!(!is_one(&["pools", "all", "members", "backend"]));
    }
}
