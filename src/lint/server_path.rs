//! A backend whose URL does not end like the server of the definition.

use super::targets::targets;
use crate::diag::{Code, Report};
use crate::resolve::{Resolution, Target};

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    for api in resolution.parts.apis.values() {
        let Some(path) = api.definition.server_path.as_deref() else {
            continue;
        };
        for target in targets(resolution, api) {
            for backend in target.backends(resolution) {
                let Target::Http { url, .. } = &backend.target else { continue };
                if url.ends_with(path) {
                    continue;
                }
                let backend = backend.name.as_str();
                report.push(
                    Code::ServerPath
                        .at(target.at.clone())
                        .says(format!("the URL of `{backend}` does not end with `{path}`"))
                        .because(format!(
                            "the server URL of the definition has that path, but requests are sent to `{url}`"
                        ))
                        .also(resolution.value(&["backends", backend, "url"]), "the URL is set here")
                        .help(format!("use `{}` if the operations are below it", joined(url, path))),
                );
            }
        }
    }
}

/// A URL with a server's path appended; a part that the URL has already is not repeated.
fn joined(url: &str, path: &str) -> String {
    let mut ends = path.rmatch_indices('/').map(|(at, _)| &path[..at]);
    let shared = ends.find(|end| !end.is_empty() && url.ends_with(end));
    format!("{url}{}", &path[shared.map_or(0, str::len)..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_servers_are_not_repeated() {
        let at = "https://a.example";
        for (url, path, expected) in [
            ("", "/v1", "/v1"),
            ("/api", "/api/v2", "/api/v2"),
            ("/v1", "/v2", "/v1/v2"),
            ("/x/a/b", "/a/b/c", "/x/a/b/c"),
        ] {
            assert_eq!(joined(&format!("{at}{url}"), path), format!("{at}{expected}"));
        }
    }
}
