//! The two extensions that the import reads (page "api-management-api-import-restrictions"): `x-ms-paths` and `x-servers`.

use serde_json::Value;

use super::{Findings, more_of};
use crate::diag::Code;
use crate::source::YamlPath;

/// Removes both, and reports the operations of `x-ms-paths`: their paths differ in the query alone, by which no operation of the
/// service can be told from another. `x-servers` has the same meaning as `servers`.
pub(super) fn remove(root: &mut Value, findings: &mut Findings<'_>) {
    let Value::Object(map) = root else { return };
    map.shift_remove("x-servers");
    let Some(paths) = map.shift_remove("x-ms-paths") else { return };
    let mut paths = paths.as_object().into_iter().flatten();
    let Some((first, _)) = paths.next() else { return };
    let which = match paths.count() {
        0 => "is".to_owned(),
        more => format!("and {} are", more_of(more, "path")),
    };
    let at = YamlPath::root().key("x-ms-paths");
    let found = findings.key(Code::ExtraPaths, at);
    findings.push(
        found
            .says(format!("`{first}` {which} not imported from `x-ms-paths`"))
            .because("these operations share a path and differ in the query, which does not select an operation in API Management")
            .help("describe one operation for the path in `paths`, with the query parameters of all"),
    );
}
