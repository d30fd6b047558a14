//! APIs: surface, target, definition, keys.

use std::collections::{BTreeMap, BTreeSet};

use super::Context;
use super::backend::{Backend, Deployment, Names, Target, find, list};
use super::name::{DeploymentName, HeaderName, Line, Name, ResourceName};
use super::service::Service;
use crate::definition::{Definition, OperationId, builtin};
use crate::diag::{Code, Place, Report};
use crate::model;
use crate::plan::sku::{Sku, Tier};

/// One loop of a deployment ends here (reference arm-and-terraform §3.6).
const MOST_KEYS: usize = 780;

/// The longest name that people see (reference arm-and-terraform §1.4), in bytes.
const LONGEST_DISPLAY_NAME: usize = 300;

/// A wait that the service honours (reference apim-policies §2.3), in seconds.
const LONGEST_TIMEOUT: u32 = 240;

/// Something that callers use.
#[derive(Debug)]
pub struct Api {
    /// Its name in the file.
    pub name: Name,
    /// Its name in the service.
    pub resource: ResourceName,
    /// What people see.
    pub display_name: Line,
    /// Path below the gateway's URL.
    pub path: String,
    /// Where requests go, and with it the surface.
    pub routes: Routes,
    /// Its operations.
    pub definition: Definition,
    /// How callers show a key.
    pub key: Key,
    /// Seconds to wait for the first byte of an answer.
    pub timeout: u32,
    /// Whether answers are passed on as they come.
    pub streams: bool,
    /// Keys for this API alone: name in the file, name in the service.
    pub subscriptions: Vec<(Name, ResourceName)>,
}

/// Where requests go.
#[derive(Debug)]
pub enum Routes {
    /// All to an Azure OpenAI account: its backend, with the path as it is.
    Account {
        /// The backend of the file.
        backend: Name,
    },
    /// By the deployment in the path, each to a backend whose URL ends in it.
    Deployments {
        /// The backend of the file.
        backend: Name,
        /// The deployments that callers may name.
        deployments: Vec<Deployment>,
        /// Operation and what remains of its path behind the deployment.
        paths: Vec<(OperationId, String)>,
    },
    /// All to one deployment, whatever the path names.
    Deployment {
        /// The backend of the file.
        backend: Name,
        /// The deployment.
        deployment: Deployment,
        /// Operation and what remains of its path behind the deployment.
        paths: Vec<(OperationId, String)>,
    },
    /// All to an HTTP service.
    Http {
        /// The backend of the file.
        backend: Name,
        /// Its name in the service.
        resource: ResourceName,
    },
}

impl Routes {
    /// The backend of the file.
    pub fn backend(&self) -> &Name {
        match self {
            Self::Account { backend }
            | Self::Deployments { backend, .. }
            | Self::Deployment { backend, .. }
            | Self::Http { backend, .. } => backend,
        }
    }

    /// Whether it is a surface of models.
    pub fn is_model(&self) -> bool {
        !matches!(self, Self::Http { .. })
    }
}

/// How callers show a subscription key.
#[derive(Debug)]
pub struct Key {
    /// Whether they need one.
    pub is_required: bool,
    /// Its header.
    pub header: HeaderName,
}

/// Headers that HTTP, proxies, browsers or the gateway use for something else.
const RESERVED_HEADERS: [&str; 27] = [
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "expect",
    "forwarded",
    "host",
    "keep-alive",
    "ocp-apim-trace",
    "origin",
    "proxy-authorization",
    "proxy-connection",
    "range",
    "server",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
];

/// The query parameter of the key: the service's own default, whatever the header is called.
pub const KEY_QUERY: &str = "subscription-key";

/// The header of the key where nothing else is said: the service's own default.
pub const KEY_HEADER: &str = "Ocp-Apim-Subscription-Key";

pub(super) fn resolve(
    context: &Context<'_>,
    service: &Service,
    backends: &BTreeMap<Name, Backend>,
    definitions: &mut BTreeMap<String, Definition>,
    report: &mut Report,
) -> BTreeMap<Name, Api> {
    let mut apis = BTreeMap::new();
    let mut spaces = Spaces {
        apis: Names::new("APIs share one space of names in API Management"),
        subscriptions: Names::new("subscriptions share one space of names in API Management"),
        paths: BTreeMap::new(),
    };
    for (key, api) in &context.gateway.apis {
        let definition = definitions.remove(key);
        if let Some(api) = (Resolver {
            context,
            service,
            key,
            api,
        })
        .resolve(backends, definition, &mut spaces, report)
        {
            apis.insert(api.name.clone(), api);
        }
    }
    report_unused(context, backends, report);
    apis
}

struct Spaces {
    apis: Names,
    subscriptions: Names,
    /// By path in lower case: where it stands, and how it is written.
    paths: BTreeMap<String, (Place, String)>,
}

struct Resolver<'a> {
    context: &'a Context<'a>,
    service: &'a Service,
    key: &'a str,
    api: &'a model::Api,
}

impl Resolver<'_> {
    fn value(&self, keys: &[&str]) -> Place {
        self.context.value(&self.path(keys))
    }

    fn at(&self, keys: &[&str]) -> Place {
        self.context.key(&self.path(keys))
    }

    fn path<'a>(&'a self, keys: &[&'a str]) -> Vec<&'a str> {
        ["apis", self.key]
            .into_iter()
            .chain(keys.iter().copied())
            .collect()
    }

    fn resolve(
        &self,
        backends: &BTreeMap<Name, Backend>,
        definition: Option<Definition>,
        spaces: &mut Spaces,
        report: &mut Report,
    ) -> Option<Api> {
        let name = Name::parse(self.key).expect("shape: keys of apis are names");
        let resource = spaces
            .apis
            .take(&self.service.prefix, &[self.key], self.at(&[]), report);
        self.check_path(&mut spaces.paths, report);
        let display_name = self.display_name(report);
        let target = self.target(backends, report);
        let kind = target
            .as_ref()
            .map(|(backend, _)| matches!(backend.target, Target::AzureOpenAi { .. }));
        let is_model = kind.unwrap_or(self.api.surface != Some(model::Surface::Rest));
        let key = self.auth(is_model, report);
        let subscriptions = self.subscriptions(&mut spaces.subscriptions, report);
        let timeout = self.timeout(is_model, report);
        let streams = self.streams(is_model, report);
        let definition = self.definition(kind, definition, report);
        let (backend, deployment) = target?;
        let definition = definition?;
        let routes = self.routes(backend, deployment, &definition, report)?;
        Some(Api {
            name,
            resource: resource?,
            display_name: display_name?,
            path: self.api.path.clone(),
            routes,
            definition,
            key: key?,
            timeout: timeout?,
            streams,
            subscriptions,
        })
    }

    fn check_path(&self, paths: &mut BTreeMap<String, (Place, String)>, report: &mut Report) {
        let at = self.value(&["path"]);
        // The service compares paths without regard to case.
        let path = &self.api.path;
        let Some((first, other)) = paths.get(&path.to_ascii_lowercase()) else {
            paths.insert(path.to_ascii_lowercase(), (at, path.clone()));
            return;
        };
        report.push(
            Code::PathCollision
                .at(at)
                .says(format!("two APIs have the path `{path}`"))
                .because(if path == other {
                    "the path decides which API answers"
                } else {
                    "the path decides which API answers, and case does not matter"
                })
                .also(first.clone(), "the other one is here")
                .help("give each API a path of its own"),
        );
    }

    fn display_name(&self, report: &mut Report) -> Option<Line> {
        let text = self.api.display_name.as_deref().unwrap_or(self.key);
        let line = Line::parse(text);
        if line.is_none() {
            report.push(
                Code::ControlCharacter
                    .at(self.value(&["displayName"]))
                    .says(format!(
                        "the display name of API `{}` is not one line of text",
                        self.key
                    ))
                    .because(match text.chars().find(|c| !Line::takes(*c)) {
                        Some('\n') => "it has a line break".to_owned(),
                        Some(c) => format!("it holds the character U+{:04X}", u32::from(c)),
                        None => String::new(),
                    })
                    .help("write it in one line; quotes, `$`, braces and emoji are fine"),
            );
        }
        // The schema counts characters, Bicep UTF-16 code units, and Terraform's provider bytes, of which there are most.
        if text.len() > LONGEST_DISPLAY_NAME {
            report.push(
                Code::OutOfRange
                    .at(self.value(&["displayName"]))
                    .says(format!(
                        "`displayName` may have at most {LONGEST_DISPLAY_NAME} bytes, and has {}",
                        text.len()
                    ))
                    .because(
                        "Terraform counts bytes: two for an accented letter, four for an emoji",
                    )
                    .help("shorten it"),
            );
            return None;
        }
        line
    }

    fn target<'a>(
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
        let is_model = matches!(found.0.target, Target::AzureOpenAi { .. });
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

    fn auth(&self, is_model: bool, report: &mut Report) -> Option<Key> {
        let auth = self.api.auth.as_ref();
        let is_required =
            auth.and_then(|auth| auth.subscription_key) != Some(model::KeyRequirement::None);
        let has_keys = !self.api.subscriptions.is_empty();
        if is_required && !has_keys && self.context.gateway.tenancy.is_none() {
            report.push(
                Code::NobodyCalls
                    .at(self.at(&[]))
                    .says(format!("nobody has a key for API `{}`", self.key))
                    .because("it needs a key, and the file makes none for it")
                    .help("list the names of callers: `subscriptions: [first-team]`"),
            );
        }
        if !is_required && has_keys {
            report.push(
                Code::KeysWithoutUse
                    .at(self.at(&["subscriptions"]))
                    .says(format!("API `{}` has keys and asks for none", self.key))
                    .because("callers would believe that they need these")
                    .also(
                        self.value(&["auth", "subscriptionKey"]),
                        "no key is asked for, because of this",
                    )
                    .help("remove `subscriptions`, or `subscriptionKey: none`"),
            );
        } else if !is_required && auth.is_some_and(|auth| auth.entra.is_none()) {
            report.push(
                Code::AnybodyCalls
                    .at(self.value(&["auth", "subscriptionKey"]))
                    .says(format!("anybody can call API `{}`", self.key))
                    .because("it asks for no key and no token")
                    .help("remove `subscriptionKey: none`, unless something in front of the gateway checks callers"),
            );
        }
        let default = if is_model { "api-key" } else { KEY_HEADER };
        let header = auth
            .and_then(|auth| auth.key_header.as_deref())
            .unwrap_or(default);
        if RESERVED_HEADERS.contains(&header.to_ascii_lowercase().as_str()) {
            report.push(
                Code::ReservedHeader
                    .at(self.value(&["auth", "keyHeader"]))
                    .says(format!("`{header}` cannot carry the key"))
                    .because("HTTP and the gateway use this header for something else")
                    .help(format!("use another header, such as `{default}`")),
            );
            return None;
        }
        Some(Key {
            is_required,
            header: HeaderName::parse(header).expect("shape: keyHeader is a token"),
        })
    }

    fn subscriptions(&self, names: &mut Names, report: &mut Report) -> Vec<(Name, ResourceName)> {
        let all = &self.api.subscriptions;
        if all.len() > MOST_KEYS {
            report.push(
                Code::TooManyKeys
                    .at(self.at(&["subscriptions"]))
                    .says(format!("API `{}` has {} keys", self.key, all.len()))
                    .because(format!("one deployment can make {MOST_KEYS} of them"))
                    .help("split the API, or let callers share a key"),
            );
        }
        let mut unique = BTreeSet::new();
        let mut subscriptions = Vec::new();
        for (position, name) in all.iter().enumerate() {
            let at = Place::value(
                self.context.file,
                self.context
                    .path(&self.path(&["subscriptions"]))
                    .index(position),
            );
            // The schema reports one that stands twice.
            if !unique.insert(name) {
                continue;
            }
            if let Some(resource) = names.take(&self.service.prefix, &[self.key, name], at, report)
            {
                let name = Name::parse(name).expect("shape: subscriptions are names");
                subscriptions.push((name, resource));
            }
        }
        subscriptions.sort();
        subscriptions
    }

    fn timeout(&self, is_model: bool, report: &mut Report) -> Option<u32> {
        let Some(text) = &self.api.timeout else {
            return Some(if is_model { 120 } else { 30 });
        };
        let at = self.value(&["timeout"]);
        let seconds = seconds(text);
        let default = if is_model { "120s" } else { "30s" };
        match seconds {
            Some(0) => {
                report.push(
                    Code::MeaninglessDuration
                        .at(at)
                        .says(format!("a timeout of `{text}` would end every request at once"))
                        .because("it has to be a second at least")
                        .help(format!("remove it for the default, `{default}`")),
                );
                return None;
            }
            None => {
                report.push(
                    Code::MeaninglessDuration
                        .at(at)
                        .says(format!("a timeout of `{text}` is longer than a day"))
                        .because(format!("the service waits about {LONGEST_TIMEOUT} s for the first byte of an answer"))
                        .help(format!("use `{LONGEST_TIMEOUT}s` or less, or remove it for the default, `{default}`")),
                );
                return None;
            }
            Some(seconds) if seconds > LONGEST_TIMEOUT => report.push(
                Code::LongTimeout
                    .at(at)
                    .says(format!("a timeout of {seconds} s may not be honoured"))
                    .because(format!("the service waits about {LONGEST_TIMEOUT} s for the first byte of an answer"))
                    .help(format!("use `{LONGEST_TIMEOUT}s` or less; a stream may last longer than its first byte takes")),
            ),
            Some(_) => {}
        }
        seconds
    }

    fn streams(&self, is_model: bool, report: &mut Report) -> bool {
        let streams = match &self.api.streaming {
            None => is_model,
            Some(model::Streaming::Flag(flag)) => *flag,
            Some(model::Streaming::Options(_)) => true,
        };
        if streams && self.service.sku.map(Sku::tier) == Some(Tier::Consumption) {
            let (at, because, help) = match self.api.streaming {
                Some(_) => (
                    self.value(&["streaming"]),
                    "answers would be passed on unbuffered, because of this",
                    "write `streaming: false`, or use another tier",
                ),
                None => (
                    self.at(&[]),
                    "APIs of models pass answers on unbuffered, unless they are told not to",
                    "add `streaming: false`, or use another tier",
                ),
            };
            report.push(
                Code::Tier
                    .at(at)
                    .says(format!(
                        "API `{}` streams, which the Consumption tier cannot",
                        self.key
                    ))
                    .because(because)
                    .also(
                        self.context.value(&["gateway", "sku"]),
                        "the tier is named here",
                    )
                    .help(help),
            );
        }
        streams
    }

    fn definition(
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

    fn routes(
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
                Some(Routes::Http {
                    backend: name,
                    resource: resource.clone(),
                })
            }
            (Target::AzureOpenAi { .. }, Some(deployment)) => {
                let paths = self.paths(definition, report)?;
                Some(Routes::Deployment {
                    backend: name,
                    deployment: deployment.clone(),
                    paths,
                })
            }
            (Target::AzureOpenAi { deployments, .. }, None) if deployments.is_empty() => {
                Some(Routes::Account { backend: name })
            }
            (Target::AzureOpenAi { deployments, .. }, None) => {
                let paths = self.paths(definition, report)?;
                Some(Routes::Deployments {
                    backend: name,
                    deployments: deployments.clone(),
                    paths,
                })
            }
        }
    }

    /// What remains of each operation's path behind `/deployments/{…}`.
    fn paths(
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

    fn check_server_path(&self, url: &str, definition: &Definition, report: &mut Report) {
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

/// Seconds of a duration like `30s`, `5m`, `1h`; `None` past a day.
fn seconds(text: &str) -> Option<u32> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let factor = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return None,
    };
    let seconds = number.parse::<u32>().ok()?.checked_mul(factor)?;
    (seconds <= 86_400).then_some(seconds)
}

fn report_unused(context: &Context<'_>, backends: &BTreeMap<Name, Backend>, report: &mut Report) {
    let gateway = context.gateway;
    // Parts that are not built yet, or could not be read, may use any backend.
    if context.lost.touches(&context.path(&["apis"])) {
        return;
    }
    if !gateway.pools.is_empty() || gateway.apis.values().any(|api| api.models.is_some()) {
        return;
    }
    let targets: BTreeSet<&str> = gateway
        .apis
        .values()
        .filter_map(|api| api.target.as_deref())
        .collect();
    // Who names nothing that exists may mean any of them.
    let is_target = |target: &str| {
        let (backend, deployment) = target
            .split_once('/')
            .map_or((target, None), |(backend, deployment)| {
                (backend, Some(deployment))
            });
        let declared = gateway.backends.get(backend);
        declared.is_some_and(|declared| {
            deployment.is_none_or(|deployment| {
                let deployments = declared.deployments.as_ref();
                deployments.is_some_and(|all| all.contains_key(deployment))
            })
        })
    };
    let has_targets = gateway.apis.values().all(|api| api.target.is_some());
    if gateway.apis.is_empty() || !has_targets || !targets.iter().all(|target| is_target(target)) {
        return;
    }
    for (name, backend) in backends {
        if targets.contains(name.as_str()) {
            continue;
        }
        let deployments: &[Deployment] = match &backend.target {
            Target::AzureOpenAi { deployments, .. } => deployments,
            Target::Http { .. } => &[],
        };
        let unused: Vec<&DeploymentName> = deployments
            .iter()
            .map(|deployment| &deployment.name)
            .filter(|deployment| !targets.contains(format!("{name}/{deployment}").as_str()))
            .collect();
        if unused.len() == deployments.len() {
            report.push(
                Code::UnusedBackend
                    .at(context.key(&["backends", name.as_str()]))
                    .says(format!("no API uses backend `{name}`"))
                    .because("no `target` names it")
                    .help("make it the `target` of an API, or remove it"),
            );
            continue;
        }
        for deployment in unused {
            report.push(
                Code::UnusedBackend
                    .at(context.key(&[
                        "backends",
                        name.as_str(),
                        "deployments",
                        deployment.as_str(),
                    ]))
                    .says(format!("no API uses deployment `{name}/{deployment}`"))
                    .because("no `target` names it, or its backend as a whole")
                    .help("make it the `target` of an API, or remove it"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        assert_eq!(seconds("30s"), Some(30));
        assert_eq!(seconds("5m"), Some(300));
        assert_eq!(seconds("24h"), Some(86_400));
        for text in ["25h", "", "s", "5", "999999h", "4294967295h"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

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
