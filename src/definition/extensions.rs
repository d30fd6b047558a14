//! The two extensions that the import of API Management reads (import restrictions page): `x-ms-paths`, operations that differ in their
//! query only, and `x-servers`, which `rewrite` takes out with all servers.

use serde_json::Value;

use super::Findings;
use crate::diag::Code;
use crate::source::YamlPath;

/// Removes `x-ms-paths`, and reports that.
pub(super) fn remove(root: &mut Value, findings: &mut Findings<'_>) {
    const KEY: &str = "x-ms-paths";
    let Value::Object(map) = root else { return };
    let Some(paths) = map.shift_remove(KEY) else { return };
    let says = match paths.as_object().map_or(0, serde_json::Map::len) {
        0 => return,
        1 => format!("a path in `{KEY}` is not imported"),
        count => format!("{count} paths in `{KEY}` are not imported"),
    };
    findings.push(
        findings
            .key(Code::QueryPaths, YamlPath::root().key(KEY))
            .says(says)
            .because("operations that differ in their query only cannot be told apart from those in `paths`")
            .help("no action is needed if `paths` has these paths without a query: the gateway forwards the query; else add them there"),
    );
}
