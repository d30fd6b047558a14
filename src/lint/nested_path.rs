//! An API whose path is below that of another one, and takes requests for operations of that one.

use crate::definition::Operation;
use crate::diag::{Code, Report};
use crate::resolve::Resolution;

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    let apis = &resolution.parts.apis;
    for (key, outer) in apis.iter().filter(|(_, api)| api.definition.lists_operations()) {
        for (other, inner) in apis {
            let Some(below) = below(&outer.path, &inner.path) else { continue };
            let mut taken = outer.definition.operations.iter().filter(|one| starts_with(one, &below));
            let Some(first) = taken.next() else { continue };
            let request = format!("{} {}", first.method.to_uppercase(), first.path);
            let rest = match taken.count() {
                0 => String::new(),
                count => format!(" and {count} more"),
            };
            report.push(
                Code::NestedPath
                    .at(resolution.value(&["apis", other.as_str(), "path"]))
                    .says(format!("API `{other}` receives the requests for `{request}`{rest} of API `{key}`"))
                    .because("of several paths that match, the longest decides which API handles a request")
                    .also(resolution.value(&["apis", key.as_str(), "path"]), "the path above it")
                    .help(
                        "choose a path that is not below the other one, or remove these operations from the definition",
                    ),
            );
        }
    }
}

/// The rest of a path below another one, with a slash in front and in lower case.
fn below(outer: &str, inner: &str) -> Option<String> {
    let (outer, inner) = (outer.to_ascii_lowercase(), inner.to_ascii_lowercase());
    let rest = match outer.as_str() {
        "" => return (!inner.is_empty()).then(|| format!("/{inner}")),
        outer => inner.strip_prefix(outer)?,
    };
    rest.starts_with('/').then(|| rest.to_owned())
}

/// True if the path of an operation is this one or below it.
fn starts_with(operation: &Operation, below: &str) -> bool {
    let path = operation.path.to_ascii_lowercase();
    path.strip_prefix(below).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
