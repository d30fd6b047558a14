//! The routes of requests: targets, the surface, the definition, and the rest of paths after a deployment.

use super::{Resolver, Route, Routes};
use crate::catalogue::kind::AccountKind;
use crate::catalogue::surface::{ModelIn, Surface};
use crate::definition::{Definition, OperationId, builtin};
use crate::diag::{Code, Location, Report, list};
use crate::model;
use crate::resolve::backend::{Backend, Deployment, Target};
use crate::resolve::destination::{BackendRef, Destination, Pool};
use crate::resolve::name::DeploymentName;
use crate::resolve::reference::{Found, KnownTargets};

/// The target that an API names.
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
            Self::Models(models) => models.iter().map(|(model, found)| (Some(*model), *found)).collect(),
        }
    }
}

/// The targets of a target's backends; all are of one kind.
fn a_target<'a>(known: KnownTargets<'a>, found: Found<'a>) -> &'a Target {
    match found {
        Found::Backend(backend, _) => &backend.target,
        Found::Pool(pool) => &known.backends[&pool.members[0].to.backend].target,
    }
}

impl Resolver<'_> {
    /// The destinations that `target` or `models` name. `None` if one of them does not exist.
    pub(super) fn targets<'a>(&'a self, known: KnownTargets<'a>, report: &mut Report) -> Option<Targets<'a>> {
        match (&self.api.target, &self.api.models) {
            (Some(target), None) => {
                let at = self.value(&["target"]);
                known.find(self.context, target, at, report).map(Targets::All)
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
                        .says(format!("API `{}` has both `target` and `models`", self.key))
                        .because("requests are routed either by `target` or by `models`")
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
                        .because("`target` is not set")
                        .help(match known.backends.keys().next() {
                            Some(backend) => {
                                format!("add a backend: `target: {backend}`")
                            }
                            None => "add a backend: `target: …`".to_owned(),
                        }),
                    Some(_) => Code::NoTarget
                        .at(self.at(&["models"]))
                        .says(format!("API `{}` has no models", self.key))
                        .because("`models` is empty, so the gateway would reject every request")
                        .help("add a model and its target: `models: { gpt-4o: … }`"),
                });
                None
            }
        }
    }

    /// The key that names a target.
    pub(super) fn named(&self, model: Option<&str>) -> Location {
        match model {
            Some(model) => self.value(&["models", model]),
            None => self.value(&["target"]),
        }
    }

    /// The surface that the file sets.
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
        known: KnownTargets<'_>,
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
                    .says(format!("API `{}` has `models`, but its requests name no model", self.key))
                    .because(match self.api.surface {
                        Some(_) => "`rest` is not a model surface",
                        None => "an `http` backend has the surface `rest` by default",
                    })
                    .help("write `surface: openAI` if requests have the model in their body; otherwise set a single `target`"),
            );
            return None;
        }
        let stranger = all.iter().find(|(_, found)| !a_target(known, *found).speaks(surface));
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
                .says(format!("the surface does not fit `{}`", self.written(*model)))
                .because(speakers(surface, a_target(known, *found)))
                .also(self.named(*model), "the target is set here"),
            None => Code::SurfaceTarget
                .at(self.named(*model))
                .says(format!("`{name}` does not support the surface of the other targets of API `{}`", self.key))
                .because(format!("the surface is `{}`, because of the first target", surface.word()))
                .also(self.named(all[0].0), "the first target is here"),
        };
        report.push(match (self.api.surface, targets) {
            (Some(_), Targets::All(found)) => {
                let kind = a_target(known, *found).kind();
                let foundry = AccountKind::Foundry.protocol(surface);
                finding.help(if kind == Some(AccountKind::AzureOpenAi) && foundry.is_some() {
                    "write `kind: foundry` at the backend if the account is a Foundry account; otherwise remove `surface`, which is derived from the target"
                } else {
                    "remove `surface`: it is derived from the target"
                })
            }
            (_, _) => finding.help("write `surface: openAI` if all of them accept the model in the body, or split them into two APIs"),
        });
        None
    }

    /// A target as the file names it.
    fn written(&self, model: Option<&str>) -> &str {
        let target = match model {
            Some(model) => self.api.models.as_ref().and_then(|models| models.get(model)),
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
            Some(model::Definition::Named(model::NamedDefinition::PassThrough)) => Some(match self.api.cors {
                Some(_) => builtin::any_path_of_pages(),
                None => builtin::any_path(),
            }),
            Some(model::Definition::Named(model::NamedDefinition::Builtin)) | None => {
                // Without a valid target it is unknown whether there is one.
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
                        .says("a REST API has no built-in definition")
                        .because("built-in definitions exist for model surfaces only"),
                    None => Code::NoBuiltin
                        .at(self.at(&[]))
                        .says(format!("REST API `{}` needs a definition", self.key))
                        .because("`definition` is not set, and built-in definitions exist for model surfaces only"),
                };
                report.push(
                    finding
                        .help("set its OpenAPI document: `definition: { file: specs/….yaml }`")
                        .help("or accept every path: `definition: passThrough`"),
                );
                None
            }
        }
    }

    /// The routes of requests, and the rest of their paths after a deployment.
    pub(super) fn routes(
        &self,
        known: KnownTargets<'_>,
        targets: &Targets<'_>,
        surface: Surface,
        definition: &Definition,
        report: &mut Report,
    ) -> Option<(Routes, Vec<(OperationId, String)>)> {
        let routes = match targets {
            Targets::All(found) => self.all(*found, surface, report),
            Targets::Models(models) => {
                let routes: Vec<Route> =
                    models.iter().filter_map(|(model, found)| self.route(model, *found, surface, report)).collect();
                (routes.len() == models.len()).then_some(Routes::Models(routes))
            }
        }?;
        let ends_in_deployment = |destination: &Destination| match destination {
            Destination::Backend(one) => one.deployment.is_some(),
            Destination::Pool(name) => known.pools.is_some_and(|pools| pools[name].is_of_deployments()),
        };
        let asks_path = match &routes {
            Routes::All(to) => ends_in_deployment(to),
            Routes::Models(_) => true,
        };
        match surface.model_in() {
            ModelIn::Path if asks_path && definition.lists_operations() => {
                let paths = self.paths(definition, report)?;
                Some((routes, paths))
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
                        .map(|deployment| Route { model: deployment.name.clone(), to: one(backend, Some(deployment)) })
                        .collect(),
                ),
            },
            Found::Backend(backend, Some(deployment)) => {
                let to = one(backend, Some(deployment));
                if !in_body {
                    return Some(Routes::All(to));
                }
                // The account reads the model from the body, so no other model can be allowed.
                Routes::Models(vec![Route { model: deployment.name.clone(), to }])
            }
            Found::Pool(pool) => {
                let to = Destination::Pool(pool.name.clone());
                let first = pool.members[0].to.deployment.as_ref();
                let Some(deployment) = first.filter(|_| in_body) else {
                    return Some(Routes::All(to));
                };
                self.check_names(deployment, pool, self.named(None), report)
                    .then(|| Routes::Models(vec![Route { model: deployment.clone(), to }]))?
            }
        })
    }

    /// The target of one model.
    fn route(&self, model: &str, found: Found<'_>, surface: Surface, report: &mut Report) -> Option<Route> {
        let at = || self.named(Some(model));
        let in_body = surface.model_in() == ModelIn::Body;
        let name = DeploymentName::requested(model).expect("shape: keys of models are model names");
        if !in_body && !name.is_segment() {
            report.push(
                Code::ModelInPath
                    .at(self.context.key(&self.path(&["models", model])))
                    .says(format!("the model name `{model}` cannot be part of a path"))
                    .because("callers of this surface name the model in the path, as one segment")
                    .help("use the name of the deployment, or a surface that names the model in the body, such as `openAI`"),
            );
            return None;
        }
        let to = match found {
            Found::Pool(pool) => {
                if in_body && !self.check_names(&name, pool, at(), report) {
                    return None;
                }
                Destination::Pool(pool.name.clone())
            }
            Found::Backend(backend, None) if !backend.target.deployments().is_empty() => {
                let deployments = backend.target.deployments();
                let same = deployments.iter().find(|deployment| deployment.name == name);
                let Some(deployment) = same else {
                    let names: Vec<String> =
                        deployments.iter().map(|deployment| format!("{}/{}", backend.name, deployment.name)).collect();
                    report.push(
                        Code::UnknownDeployment
                            .at(at())
                            .says(format!("backend `{}` has no deployment `{model}`", backend.name))
                            .because("it lists its deployments, and none is named like the model")
                            .help(format!("set the deployment: {}", list(names.iter()))),
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

    /// True if all members of a pool have the model under the name that callers use, since the body is forwarded unchanged.
    fn check_names(&self, model: &DeploymentName, pool: &Pool, at: Location, report: &mut Report) -> bool {
        let deployments = pool.members.iter().filter_map(|member| member.to.deployment.as_ref());
        match deployments.into_iter().find(|deployment| *deployment != model) {
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
        at: Location,
        report: &mut Report,
    ) {
        report.push(
            Code::OtherName
                .at(at)
                .says(format!("a request for `{model}` cannot reach deployment `{deployment}`"))
                .because("the account looks for a deployment with the name in the body, and the gateway does not change the body")
                .help(format!(
                    "name the model `{deployment}`, rename the deployment, or use `surface: azureOpenAI`, which has the name in the path"
                )),
        );
    }
}

/// The kinds that support a surface, and the surfaces of a target that does not.
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
            format!("; `{}` supports {}", kind.word(), all.join(", "))
        }
        None => String::new(),
    };
    format!("`{}` requires a backend of kind {}{speaks}", surface.word(), kinds.join(" or "))
}

fn one(backend: &Backend, deployment: Option<&Deployment>) -> Destination {
    Destination::Backend(BackendRef {
        backend: backend.name.clone(),
        deployment: deployment.map(|deployment| deployment.name.clone()),
    })
}
