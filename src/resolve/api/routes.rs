//! Where requests go: the target, the definition, and what remains of paths on the way.

use std::collections::BTreeMap;

use super::{Resolver, Routes};
use crate::definition::{Definition, OperationId, builtin};
use crate::diag::{Code, Report};
use crate::model;
use crate::resolve::backend::{Backend, Deployment, Target, find, list};
use crate::resolve::name::Name;

impl Resolver<'_> {
    pub(super) fn target<'a>(
        &self,
        backends: &'a BTreeMap<Name, Backend>,
        report: &mut Report,
    ) -> Option<(&'a Backend, Option<&'a Deployment>)> {
        let Some(target) = &self.api.target else {
            // `models` is not built yet, which was said already.
            if self.api.models.is_none() {
                report.push(
                    Code::NoTarget
                        .at(self.at(&[]))
                        .says(format!("API `{}` has no target", self.key))
                        .because("`target` is missing")
                        .help(match backends.keys().next() {
                            Some(backend) => {
                                format!("add the backend that answers: `target: {backend}`")
                            }
                            None => "add the backend that answers: `target: …`".to_owned(),
                        }),
                );
            }
            return None;
        };
        let found = find(
            self.context,
            backends,
            target,
            self.value(&["target"]),
            report,
        )?;
        let is_model = found.0.target.account().is_some();
        let wanted = match self.api.surface {
            Some(model::Surface::AzureOpenAi) if !is_model => {
                "`azureOpenAI` needs a backend of kind `azureOpenAI`"
            }
            Some(model::Surface::Rest) if is_model => "`rest` needs a backend of kind `http`",
            _ => return Some(found),
        };
        report.push(
            Code::SurfaceTarget
                .at(self.value(&["surface"]))
                .says(format!("the surface does not fit `{target}`"))
                .because(wanted)
                .also(self.value(&["target"]), "the target is named here")
                .help("remove `surface`: it follows from the target"),
        );
        None
    }

    pub(super) fn definition(
        &self,
        is_model: Option<bool>,
        read: Option<Definition>,
        report: &mut Report,
    ) -> Option<Definition> {
        match &self.api.definition {
            // What could not be read was reported where it was read.
            Some(model::Definition::File(_)) => read,
            // Not built yet.
            Some(
                model::Definition::Link(_)
                | model::Definition::Named(model::NamedDefinition::PassThrough),
            ) => None,
            Some(model::Definition::Named(model::NamedDefinition::Builtin)) | None => {
                // Without a target that fits nobody knows whether there is one.
                if is_model? {
                    return Some(builtin::azure_openai());
                }
                let finding = match self.api.definition {
                    Some(_) => Code::NoBuiltin
                        .at(self.value(&["definition"]))
                        .says("there is no built-in definition for a REST API")
                        .because("built-in ones are for surfaces of models"),
                    None => Code::NoBuiltin
                        .at(self.at(&[]))
                        .says(format!("REST API `{}` needs a definition", self.key))
                        .because(
                            "`definition` is missing, and built-in ones are for surfaces of models",
                        ),
                };
                report.push(
                    finding.help("name its OpenAPI document: `definition: { file: specs/….yaml }`"),
                );
                None
            }
        }
    }

    pub(super) fn routes(
        &self,
        backend: &Backend,
        deployment: Option<&Deployment>,
        definition: &Definition,
        report: &mut Report,
    ) -> Option<Routes> {
        let name = backend.name.clone();
        match (&backend.target, deployment) {
            (Target::Http { resource, url }, _) => {
                self.check_server_path(url, definition, report);
                self.check_credentials(definition, report);
                Some(Routes::Http {
                    backend: name,
                    resource: resource.clone(),
                    url: url.clone(),
                })
            }
            (Target::Account { kind, .. } | Target::Deployments { kind, .. }, Some(deployment)) => {
                let paths = self.paths(definition, report)?;
                Some(Routes::Deployment {
                    kind: *kind,
                    backend: name,
                    deployment: deployment.clone(),
                    paths,
                })
            }
            (Target::Account { kind, resource, .. }, None) => Some(Routes::Account {
                kind: *kind,
                backend: name,
                resource: resource.clone(),
            }),
            (
                Target::Deployments {
                    kind, deployments, ..
                },
                None,
            ) => {
                let paths = self.paths(definition, report)?;
                Some(Routes::Deployments {
                    kind: *kind,
                    backend: name,
                    deployments: deployments.clone(),
                    paths,
                })
            }
        }
    }

    /// What remains of each operation's path behind `/deployments/{…}`.
    pub(super) fn paths(
        &self,
        definition: &Definition,
        report: &mut Report,
    ) -> Option<Vec<(OperationId, String)>> {
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
                    (some, all) if some == all => "no operation names a deployment in its path".to_owned(),
                    (1, all) => format!("1 of {all} operations names no deployment in its path"),
                    (some, all) => format!("{some} of {all} operations name no deployment in their paths"),
                })
                .because(format!("these do not start with `/deployments/{{…}}/`: {}", list(strangers.iter())))
                .also(self.value(&["target"]), "requests go to single deployments, because of this target")
                .help("remove these operations from the document, or make a backend without `deployments` the target"),
        );
        None
    }

    /// The caller's `Authorization` ends at the gateway, whatever the document says.
    fn check_credentials(&self, definition: &Definition, report: &mut Report) {
        if definition.wants_credentials {
            report.push(
                Code::CallersCredentials
                    .at(self.value(&["definition"]))
                    .says(format!("the backend of API `{}` will not see the credentials of callers", self.key))
                    .because("the definition asks for some, and the gateway removes `Authorization` and its own keys")
                    .also(self.value(&["target"]), "this backend gets requests without them")
                    .help("let the backend accept requests of the gateway without them, or wait until `credential` is built"),
            );
        }
    }

    pub(super) fn check_server_path(
        &self,
        url: &str,
        definition: &Definition,
        report: &mut Report,
    ) {
        let Some(path) = definition.server_path.as_deref() else {
            return;
        };
        if !url.ends_with(path) {
            let backend = self.api.target.as_deref().unwrap_or_default();
            report.push(
                Code::ServerPath
                    .at(self.value(&["target"]))
                    .says(format!("the URL of `{backend}` does not end with `{path}`"))
                    .because(format!(
                        "the definition's server has that path, and requests go to `{url}`"
                    ))
                    .also(
                        self.context.value(&["backends", backend, "url"]),
                        "the URL is set here",
                    )
                    .help(format!("use `{url}{path}`, if operations lie below it")),
            );
        }
    }
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
    fn paths_behind_a_deployment() {
        assert_eq!(
            behind_deployment("/deployments/{deployment-id}/chat/completions"),
            Some("/chat/completions")
        );
        assert_eq!(behind_deployment("/deployments/{d}/x/{y}"), Some("/x/{y}"));
        for path in [
            "/files",
            "/deployments/{d}",
            "/deployments/{d",
            "/deployments/x/y",
            "",
        ] {
            assert_eq!(behind_deployment(path), None, "{path}");
        }
    }
}
