//! Where requests go: targets, the surface, the definition, and what remains of paths on the way.

use super::any_path::reaches_responses;
use super::{Resolver, Route, Routes};
use crate::catalogue::kind::AccountKind;
use crate::catalogue::surface::{ModelIn, Surface};
use crate::definition::{Coverage, Definition, OperationId, builtin};
use crate::diag::{Code, Place, Report};
use crate::model;
use crate::resolve::backend::{Backend, Deployment, Target};
use crate::resolve::credential::Credential;
use crate::resolve::name::DeploymentName;
use crate::resolve::pool::{Balance, Pool};
use crate::resolve::reference::{Destination, Found, Known, One, list};

/// What an API names to answer its requests.
pub(super) enum Targets<'a> {
    /// One for all.
    All(Found<'a>),
    /// One for each model.
    Models(Vec<(&'a str, Found<'a>)>),
}

impl<'a> Targets<'a> {
    fn all(&self) -> Vec<(Option<&'a str>, Found<'a>)> {
        match self {
            Self::All(found) => vec![(None, *found)],
            Self::Models(models) => models
                .iter()
                .map(|(model, found)| (Some(*model), *found))
                .collect(),
        }
    }
}

/// The targets of the backends that a target stands for; all are of one kind.
fn a_target<'a>(known: Known<'a>, found: Found<'a>) -> &'a Target {
    match found {
        Found::Backend(backend, _) => &backend.target,
        Found::Pool(pool) => &known.backends[&pool.members[0].one.backend].target,
    }
}

impl Resolver<'_> {
    /// What `target` or `models` name. `None` if something of it is not there.
    pub(super) fn targets<'a>(
        &'a self,
        known: Known<'a>,
        report: &mut Report,
    ) -> Option<Targets<'a>> {
        match (&self.api.target, &self.api.models) {
            (Some(target), None) => {
                let at = self.value(&["target"]);
                known
                    .find(self.context, target, at, report)
                    .map(Targets::All)
            }
            (None, Some(models)) if !models.is_empty() => {
                let found: Vec<_> = models
                    .iter()
                    .filter_map(|(model, target)| {
                        let at = self.value(&["models", model]);
                        let found = known.find(self.context, target, at, report)?;
                        Some((model.as_str(), found))
                    })
                    .collect();
                (found.len() == models.len()).then_some(Targets::Models(found))
            }
            (Some(_), Some(_)) => {
                report.push(
                    Code::Either
                        .at(self.at(&["models"]))
                        .says(format!("API `{}` has a `target` and `models`", self.key))
                        .because("a request goes where `target` says, or where `models` says")
                        .also(self.at(&["target"]), "the target is here")
                        .help("remove one of the two"),
                );
                None
            }
            (None, None | Some(_)) => {
                report.push(match self.api.models {
                    None => Code::NoTarget
                        .at(self.at(&[]))
                        .says(format!("API `{}` has no target", self.key))
                        .because("`target` is missing")
                        .help(match known.backends.keys().next() {
                            Some(backend) => {
                                format!("add the backend that answers: `target: {backend}`")
                            }
                            None => "add the backend that answers: `target: …`".to_owned(),
                        }),
                    Some(_) => Code::NoTarget
                        .at(self.at(&["models"]))
                        .says(format!("API `{}` has no models", self.key))
                        .because("`models` lists none, so every request would be refused")
                        .help("name a model and who answers: `models: { gpt-4o: … }`"),
                });
                None
            }
        }
    }

    /// The key that names a target.
    fn named(&self, model: Option<&str>) -> Place {
        match model {
            Some(model) => self.value(&["models", model]),
            None => self.value(&["target"]),
        }
    }

    /// The surface that the file says.
    pub(super) fn written_surface(&self) -> Option<Surface> {
        Some(match self.api.surface? {
            model::Surface::AzureOpenAi => Surface::AzureOpenAi,
            model::Surface::OpenAi => Surface::OpenAi,
            model::Surface::FoundryModels => Surface::FoundryModels,
            model::Surface::Anthropic => Surface::Anthropic,
            model::Surface::Rest => Surface::Rest,
        })
    }

    /// The surface, if all targets can be called with it.
    pub(super) fn surface(
        &self,
        known: Known<'_>,
        targets: &Targets<'_>,
        report: &mut Report,
    ) -> Option<Surface> {
        let all = targets.all();
        let surface = match self.written_surface() {
            Some(surface) => surface,
            None => a_target(known, all[0].1).surface(),
        };
        if let (Targets::Models(_), false) = (targets, surface.is_model()) {
            report.push(
                Code::ModelsWithoutSurface
                    .at(self.at(&["models"]))
                    .says(format!("API `{}` has models, and its requests name none", self.key))
                    .because(match self.api.surface {
                        Some(_) => "`rest` is no surface of models",
                        None => "an `http` backend has the surface `rest`, unless the API says another one",
                    })
                    .help("write `surface: openAI` if requests have the model in their body; else name one `target`"),
            );
            return None;
        }
        let stranger = all
            .iter()
            .find(|(_, found)| !a_target(known, *found).speaks(surface));
        let Some((model, found)) = stranger else {
            return Some(surface);
        };
        let name = match found {
            Found::Backend(backend, _) => &backend.name,
            Found::Pool(pool) => &pool.name,
        };
        let finding = match self.api.surface {
            Some(_) => Code::SurfaceTarget
                .at(self.value(&["surface"]))
                .says(format!(
                    "the surface does not fit `{}`",
                    self.written(*model)
                ))
                .because(speakers(surface, a_target(known, *found)))
                .also(self.named(*model), "the target is named here"),
            None => Code::SurfaceTarget
                .at(self.named(*model))
                .says(format!(
                    "`{name}` does not speak like the other targets of API `{}`",
                    self.key
                ))
                .because(format!(
                    "the surface is `{}`, by the first target",
                    surface.word()
                ))
                .also(self.named(all[0].0), "the first target is here"),
        };
        report.push(match (self.api.surface, targets) {
            (Some(_), Targets::All(found)) => {
                let kind = a_target(known, *found).kind();
                let foundry = AccountKind::Foundry.protocol(surface);
                finding.help(if kind == Some(AccountKind::AzureOpenAi) && foundry.is_some() {
                    "write `kind: foundry` at the backend if the account is one; else remove `surface`, which follows from the target"
                } else {
                    "remove `surface`: it follows from the target"
                })
            }
            (_, _) => finding.help("write `surface: openAI` if all of them take the model in the body, or spread them over two APIs"),
        });
        None
    }

    /// What the file names as a target.
    fn written(&self, model: Option<&str>) -> &str {
        let target = match model {
            Some(model) => self
                .api
                .models
                .as_ref()
                .and_then(|models| models.get(model)),
            None => self.api.target.as_ref(),
        };
        target.map(String::as_str).unwrap_or_default()
    }

    pub(super) fn definition(
        &self,
        surface: Option<Surface>,
        read: Option<Definition>,
        report: &mut Report,
    ) -> Option<Definition> {
        match &self.api.definition {
            // What could not be read was reported where it was read.
            Some(model::Definition::File(_)) => read,
            Some(model::Definition::Link(link)) => self.linked(link, report),
            Some(model::Definition::Named(model::NamedDefinition::PassThrough)) => {
                Some(builtin::any_path())
            }
            Some(model::Definition::Named(model::NamedDefinition::Builtin)) | None => {
                // Without a target that fits nobody knows whether there is one.
                match surface? {
                    Surface::AzureOpenAi => return Some(builtin::azure_openai()),
                    Surface::OpenAi => return Some(builtin::openai()),
                    Surface::FoundryModels => return Some(builtin::foundry_models()),
                    Surface::Anthropic => return Some(builtin::anthropic()),
                    Surface::Rest => {}
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
                    finding
                        .help("name its OpenAPI document: `definition: { file: specs/….yaml }`")
                        .help("or let every path through: `definition: passThrough`"),
                );
                None
            }
        }
    }

    /// Where requests go, and what remains of their paths behind a deployment.
    pub(super) fn routes(
        &self,
        known: Known<'_>,
        targets: &Targets<'_>,
        surface: Surface,
        definition: &Definition,
        report: &mut Report,
    ) -> Option<(Routes, Vec<(OperationId, String)>)> {
        for (model, found) in targets.all() {
            self.check_definition(known, model, found, surface, definition, report);
        }
        let routes = match targets {
            Targets::All(found) => self.all(*found, surface, report),
            Targets::Models(models) => {
                let routes: Vec<Route> = models
                    .iter()
                    .filter_map(|(model, found)| self.route(model, *found, surface, report))
                    .collect();
                (routes.len() == models.len()).then_some(Routes::Models(routes))
            }
        }?;
        let ends_in_deployment = |destination: &Destination| match destination {
            Destination::One(one) => one.deployment.is_some(),
            Destination::Pool(name) => known
                .pools
                .is_some_and(|pools| pools[name].is_of_deployments()),
        };
        if definition.coverage == Coverage::AnyPath {
            self.check_any_path(known, &routes, surface, report);
        }
        let asks_path = match &routes {
            Routes::All(to) => ends_in_deployment(to),
            Routes::Models(_) => true,
        };
        match surface.model_in() {
            ModelIn::Path if asks_path && definition.lists_operations() => {
                let paths = self.paths(definition, report)?;
                Some((routes, paths))
            }
            ModelIn::Body
                if matches!(routes, Routes::Models(_)) && definition.lists_operations() =>
            {
                self.check_bodies(definition, report);
                Some((routes, Vec::new()))
            }
            ModelIn::Path | ModelIn::Body | ModelIn::Nothing => Some((routes, Vec::new())),
        }
    }

    /// One target for all requests.
    fn all(&self, found: Found<'_>, surface: Surface, report: &mut Report) -> Option<Routes> {
        let in_body = surface.model_in() == ModelIn::Body;
        Some(match found {
            Found::Backend(backend, None) => match backend.target.deployments() {
                [] => Routes::All(one(backend, None)),
                // Each is a backend of its own, so callers reach them by their names.
                deployments => Routes::Models(
                    deployments
                        .iter()
                        .map(|deployment| Route {
                            model: deployment.name.clone(),
                            to: one(backend, Some(deployment)),
                        })
                        .collect(),
                ),
            },
            Found::Backend(backend, Some(deployment)) => {
                let to = one(backend, Some(deployment));
                if !in_body {
                    return Some(Routes::All(to));
                }
                // The account looks at the body, so no other model can be let through.
                Routes::Models(vec![Route {
                    model: deployment.name.clone(),
                    to,
                }])
            }
            Found::Pool(pool) => {
                let to = Destination::Pool(pool.name.clone());
                let first = pool.members[0].one.deployment.as_ref();
                let Some(deployment) = first.filter(|_| in_body) else {
                    return Some(Routes::All(to));
                };
                self.check_names(deployment, pool, self.named(None), report)
                    .then(|| {
                        Routes::Models(vec![Route {
                            model: deployment.clone(),
                            to,
                        }])
                    })?
            }
        })
    }

    /// The target of one model.
    fn route(
        &self,
        model: &str,
        found: Found<'_>,
        surface: Surface,
        report: &mut Report,
    ) -> Option<Route> {
        let at = || self.named(Some(model));
        let in_body = surface.model_in() == ModelIn::Body;
        let name = DeploymentName::parse(model).expect("shape: keys of models are model names");
        let to = match found {
            Found::Pool(pool) => {
                if in_body && !self.check_names(&name, pool, at(), report) {
                    return None;
                }
                Destination::Pool(pool.name.clone())
            }
            Found::Backend(backend, None) if !backend.target.deployments().is_empty() => {
                let deployments = backend.target.deployments();
                let same = deployments
                    .iter()
                    .find(|deployment| deployment.name == name);
                let Some(deployment) = same else {
                    let names: Vec<String> = deployments
                        .iter()
                        .map(|deployment| format!("{}/{}", backend.name, deployment.name))
                        .collect();
                    report.push(
                        Code::UnknownDeployment
                            .at(at())
                            .says(format!(
                                "backend `{}` has no deployment `{model}`",
                                backend.name
                            ))
                            .because("it lists its deployments, and none is called like the model")
                            .help(format!("name the one that answers: {}", list(names.iter()))),
                    );
                    return None;
                };
                one(backend, Some(deployment))
            }
            Found::Backend(backend, deployment) => {
                if let Some(deployment) = deployment
                    && in_body
                    && deployment.name != name
                {
                    self.report_other_name(&name, &deployment.name, at(), report);
                    return None;
                }
                one(backend, deployment)
            }
        };
        Some(Route { model: name, to })
    }

    /// Whether all members of a pool call the model as callers do, which the body of a request needs: it goes on as it came.
    fn check_names(
        &self,
        model: &DeploymentName,
        pool: &Pool,
        at: Place,
        report: &mut Report,
    ) -> bool {
        let deployments = pool
            .members
            .iter()
            .filter_map(|member| member.one.deployment.as_ref());
        match deployments
            .into_iter()
            .find(|deployment| *deployment != model)
        {
            Some(other) => {
                self.report_other_name(model, other, at, report);
                false
            }
            None => true,
        }
    }

    fn report_other_name(
        &self,
        model: &DeploymentName,
        deployment: &DeploymentName,
        at: Place,
        report: &mut Report,
    ) {
        report.push(
            Code::OtherName
                .at(at)
                .says(format!("a request for `{model}` cannot reach deployment `{deployment}`"))
                .because("the account looks for the name in the body, which goes on as it came")
                .help(format!(
                    "call the model `{deployment}`, name the deployment like the model, or use `surface: azureOpenAI`, which has the name in the path"
                )),
        );
    }

    /// What the definition says that the way to a target does not keep.
    fn check_definition(
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
                members
                    .map(|member| &known.backends[&member.one.backend])
                    .collect()
            }
        };
        for backend in &backends {
            if let Target::Http { url, .. } = &backend.target {
                self.check_server_path(model, backend, url, definition, report);
            }
        }
        let has_none = |backend: &&Backend| {
            matches!(
                &backend.target,
                Target::Http {
                    credential: Credential::None,
                    ..
                }
            )
        };
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
        let has_responses = definition.operations.iter().any(|operation| {
            operation.path == "/responses" || operation.path.starts_with("/responses/")
        });
        let has_responses = has_responses
            || !definition.lists_operations()
                && reaches_responses(surface, pool.is_of_deployments());
        let is_kept = matches!(&pool.balance, Balance::Pool { cookie: Some(_) });
        if !has_responses || is_kept || pool.members.len() == 1 {
            return;
        }
        report.push(
            Code::FollowUps
                .at(self.named(model))
                .says(format!("follow-ups of responses may reach the wrong member of pool `{}`", pool.name))
                .because("a response is kept at the member that made it, and `previous_response_id` is unknown to the others")
                .also(self.value(&["definition"]), if definition.lists_operations() { "the definition has `/responses`" } else { "`/responses` may be called, too" })
                .help("add `sessionAffinity: { cookie: … }` to the pool, if clients send cookies back")
                .help("or let clients send whole conversations with `store: false`, or name one backend for this API"),
        );
    }

    /// Requests without a body name no model.
    fn check_bodies(&self, definition: &Definition, report: &mut Report) {
        let without: Vec<String> = definition
            .operations
            .iter()
            .filter(|operation| {
                matches!(
                    operation.method.as_str(),
                    "get" | "head" | "delete" | "options"
                )
            })
            .map(|operation| operation.id.as_str().to_owned())
            .collect();
        if without.is_empty() {
            return;
        }
        report.push(
            Code::NoModelInRequest
                .at(self.value(&["definition"]))
                .says(format!("some operations of API `{}` can only answer 400", self.key))
                .because(format!("they have no body that could name a model: {}", list(without.iter())))
                .help("take them out of the definition, or make one backend without `deployments` the `target`"),
        );
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
                .also(self.at(&[self.targets_key()]), "requests go to single deployments, because of this")
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
                    .says(format!("the backend of API `{}` will not see the credentials of callers", self.key))
                    .because("the definition asks for some, and the gateway removes `Authorization` and its own keys")
                    .also(self.named(model), "this backend gets requests without them")
                    .help("say what it gets instead with `credential` of the backend: `managedIdentity`, a secret, or `passThrough` for the caller's own; or let it trust the gateway's network"),
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

/// Who speaks a surface, and what a target speaks that does not.
fn speakers(surface: Surface, stranger: &Target) -> String {
    let kinds = AccountKind::ALL.iter();
    let kinds = kinds.filter(|kind| kind.protocol(surface).is_some());
    let mut kinds: Vec<String> = kinds.map(|kind| format!("`{}`", kind.word())).collect();
    if surface.model_in() != ModelIn::Path {
        kinds.push("`http`".to_owned());
    }
    let speaks = match stranger.kind() {
        Some(kind) => {
            let surfaces = kind.surfaces();
            let all: Vec<String> = surfaces.map(|one| format!("`{}`", one.word())).collect();
            format!("; `{}` speaks {}", kind.word(), all.join(", "))
        }
        None => String::new(),
    };
    format!(
        "`{}` needs a backend of kind {}{speaks}",
        surface.word(),
        kinds.join(" or ")
    )
}

fn one(backend: &Backend, deployment: Option<&Deployment>) -> Destination {
    Destination::One(One {
        backend: backend.name.clone(),
        deployment: deployment.map(|deployment| deployment.name.clone()),
    })
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
