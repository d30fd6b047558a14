//! Whether a definition fits the way that its requests go: paths with deployments, bodies with models, servers and credentials.

use super::Resolver;
use super::any_path::reaches_responses;
use crate::catalogue::surface::Surface;
use crate::definition::{Definition, OperationId};
use crate::diag::{Code, Report};
use crate::resolve::backend::{Backend, Target};
use crate::resolve::credential::Credential;
use crate::resolve::pool::{Balance, Pool};
use crate::resolve::reference::{Found, Known, list};

impl Resolver<'_> {
    /// What the definition says that the way to a target does not keep.
    pub(super) fn check_definition(
        &self,
        known: Known<'_>,
        model: Option<&str>,
        found: Found<'_>,
        surface: Surface,
        definition: &Definition,
        report: &mut Report,
    ) {
        let backends: Vec<&Backend> = match found {
            Found::Backend(backend, _) => vec![backend],
            Found::Pool(pool) => {
                self.check_follow_ups(model, pool, surface, definition, report);
                let members = pool.members.iter();
                members.map(|member| &known.backends[&member.one.backend]).collect()
            }
        };
        for backend in &backends {
            if let Target::Http { url, .. } = &backend.target {
                self.check_server_path(model, backend, url, definition, report);
            }
        }
        let has_none =
            |backend: &&Backend| matches!(&backend.target, Target::Http { credential: Credential::None, .. });
        if backends.iter().any(has_none) {
            self.check_credentials(model, definition, report);
        }
    }

    /// Answers of the Responses API are kept where they were made, and a follow-up may reach another member.
    fn check_follow_ups(
        &self,
        model: Option<&str>,
        pool: &Pool,
        surface: Surface,
        definition: &Definition,
        report: &mut Report,
    ) {
        let has_responses = definition
            .operations
            .iter()
            .any(|operation| operation.path == "/responses" || operation.path.starts_with("/responses/"));
        let has_responses =
            has_responses || !definition.lists_operations() && reaches_responses(surface, pool.is_of_deployments());
        let is_kept = matches!(&pool.balance, Balance::Pool { cookie: Some(_) });
        if !has_responses || is_kept || pool.members.len() == 1 {
            return;
        }
        report.push(
            Code::FollowUps
                .at(self.named(model))
                .says(format!("follow-up requests of the Responses API may reach the wrong member of pool `{}`", pool.name))
                .because("a response is stored at the member that created it, and its `previous_response_id` is unknown to the others")
                .also(self.value(&["definition"]), if definition.lists_operations() { "the definition has `/responses`" } else { "callers may use `/responses` as well" })
                .help("add `sessionAffinity: { cookie: … }` to the pool if clients send cookies back")
                .help("or let clients send whole conversations with `store: false`, or use a single backend for this API"),
        );
    }

    /// Requests without a body name no model.
    pub(super) fn check_bodies(&self, definition: &Definition, report: &mut Report) {
        let without: Vec<String> = definition
            .operations
            .iter()
            .filter(|operation| matches!(operation.method.as_str(), "get" | "head" | "delete" | "options"))
            .map(|operation| operation.id.as_str().to_owned())
            .collect();
        if without.is_empty() {
            return;
        }
        report.push(
            Code::NoModelInRequest
                .at(self.value(&["definition"]))
                .says(format!("the gateway returns 400 for some operations of API `{}`", self.key))
                .because(format!("they have no body that could name a model: {}", list(without.iter())))
                .help("remove them from the definition, or make a backend without `deployments` the `target`"),
        );
    }

    /// What remains of each operation's path behind `/deployments/{…}`.
    pub(super) fn paths(&self, definition: &Definition, report: &mut Report) -> Option<Vec<(OperationId, String)>> {
        let mut paths = Vec::with_capacity(definition.operations.len());
        let mut strangers = Vec::new();
        for operation in &definition.operations {
            match behind_deployment(&operation.path) {
                Some(rest) => paths.push((operation.id.clone(), rest.to_owned())),
                None => strangers.push(operation.id.as_str().to_owned()),
            }
        }
        if strangers.is_empty() {
            return Some(paths);
        }
        report.push(
            Code::NoDeploymentInPath
                .at(self.value(&["definition"]))
                .says(match (strangers.len(), definition.operations.len()) {
                    (some, all) if some == all => "no operation has a deployment in its path".to_owned(),
                    (1, all) => format!("1 of {all} operations has no deployment in its path"),
                    (some, all) => format!("{some} of {all} operations have no deployment in their path"),
                })
                .because(format!("these do not start with `/deployments/{{…}}/`: {}", list(strangers.iter())))
                .also(self.at(&[self.targets_key()]), "requests are sent to single deployments because of this")
                .help("remove these operations from the document, or make a backend without `deployments` the target"),
        );
        None
    }

    /// The key that says where requests go.
    fn targets_key(&self) -> &'static str {
        match self.api.models {
            Some(_) => "models",
            None => "target",
        }
    }

    /// The caller's `Authorization` ends at the gateway, whatever the document says.
    fn check_credentials(&self, model: Option<&str>, definition: &Definition, report: &mut Report) {
        if definition.wants_credentials {
            report.push(
                Code::CallersCredentials
                    .at(self.value(&["definition"]))
                    .says(format!("the backend of API `{}` does not receive the callers' credentials", self.key))
                    .because("the definition requires credentials, but the gateway removes `Authorization` and the subscription key")
                    .also(self.named(model), "this backend receives requests without credentials")
                    .help("set `credential` of the backend: `managedIdentity`, a secret, or `passThrough` for the caller's own token; or let the backend trust the gateway's network"),
            );
        }
    }

    fn check_server_path(
        &self,
        model: Option<&str>,
        backend: &Backend,
        url: &str,
        definition: &Definition,
        report: &mut Report,
    ) {
        let Some(path) = definition.server_path.as_deref() else {
            return;
        };
        if !url.ends_with(path) {
            let backend = backend.name.as_str();
            report.push(
                Code::ServerPath
                    .at(self.named(model))
                    .says(format!("the URL of `{backend}` does not end with `{path}`"))
                    .because(format!(
                        "the server URL of the definition has that path, but requests are sent to `{url}`"
                    ))
                    .also(self.context.value(&["backends", backend, "url"]), "the URL is set here")
                    .help(format!("use `{}` if the operations are below it", joined(url, path))),
            );
        }
    }
}

/// A URL with a server's path behind it; what the URL has of it already is not repeated.
fn joined(url: &str, path: &str) -> String {
    let mut ends = path.rmatch_indices('/').map(|(at, _)| &path[..at]);
    let shared = ends.find(|end| !end.is_empty() && url.ends_with(end));
    format!("{url}{}", &path[shared.map_or(0, str::len)..])
}

/// `/chat/completions` of `/deployments/{deployment-id}/chat/completions`.
fn behind_deployment(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("/deployments/{")?;
    let (_, rest) = rest.split_once('}')?;
    rest.starts_with('/').then_some(rest)
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

    #[test]
    fn paths_behind_a_deployment() {
        assert_eq!(behind_deployment("/deployments/{deployment-id}/chat/completions"), Some("/chat/completions"));
        assert_eq!(behind_deployment("/deployments/{d}/x/{y}"), Some("/x/{y}"));
        for path in ["/files", "/deployments/{d}", "/deployments/{d", "/deployments/x/y", ""] {
            assert_eq!(behind_deployment(path), None, "{path}");
        }
    }
}
