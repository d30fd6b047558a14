//! APIs: what each is called, and in the files of this folder who may call, where requests go, and how.

mod addresses;
mod cors;
mod entra;
mod fit;
mod forwarding;
mod include;
mod key;
mod limit;
mod link;
mod routes;

pub(super) use addresses::allowed;
pub use addresses::{Addresses, Allowed, holders};
pub use cors::Cors;
pub use entra::{Entra, EntraId, EntraKind};
pub use forwarding::streams;
pub use include::{End, Inclusion};
pub use key::{requires_key, requires_token};
pub use limit::{LimitBy, RateLimit, is_credential_header};

use std::collections::BTreeMap;
use std::sync::Arc;

use super::context::Context;
use super::destination::Destination;
use super::measure::Seconds;
use super::name::{DeploymentName, HeaderName, Line, Name, ResourceName};
use super::reference::KnownTargets;
use super::service::Service;
use super::space::Names;
use crate::catalogue::surface::Surface;
use crate::definition::{Definition, Operation, OperationId};
use crate::diag::{Code, Location, Report};
use crate::include::Included;
use crate::model;

/// The longest name that people see (reference arm-and-terraform §1.4), in bytes.
const LONGEST_DISPLAY_NAME: usize = 300;

/// Something that callers use.
#[derive(Debug)]
pub struct Api {
    /// Its name in the file.
    pub name: Name,
    /// Its name in the service.
    pub resource: ResourceName,
    /// The display name.
    pub display_name: Line,
    /// Path below the gateway's URL.
    pub path: String,
    /// Its shape.
    pub surface: Surface,
    /// The destination of requests.
    pub routes: Routes,
    /// Operation and the rest of its path after the deployment, where the path has one and a backend needs it.
    pub paths: Vec<(OperationId, String)>,
    /// Its operations.
    pub definition: Definition,
    /// How callers send a key.
    pub key: Key,
    /// The token that callers send, if they need one.
    pub entra: Option<Entra>,
    /// The allowed addresses; empty: any address.
    pub addresses: Vec<Addresses>,
    /// Web pages that may call.
    pub cors: Option<Cors>,
    /// How often callers may call.
    pub rate_limit: Option<RateLimit>,
    /// Custom policies, in the order in which they run at each place.
    pub includes: Vec<Inclusion>,
    /// How long to wait for the first byte of a response.
    pub timeout: Seconds,
    /// True if responses are streamed.
    pub streams: bool,
    /// True if the usage of streamed chats is requested.
    pub adds_usage: bool,
    /// Keys for this API alone: name in the file, name in the service.
    pub subscriptions: Vec<(Name, ResourceName)>,
}

/// The destination of requests.
#[derive(Debug)]
pub enum Routes {
    /// All to one place, whatever model they name.
    All(Destination),
    /// By the model that the request names; at least one.
    Models(Vec<Route>),
}

/// The route of requests for one model.
#[derive(Debug)]
pub struct Route {
    /// The model that callers request.
    pub model: DeploymentName,
    /// Their destination.
    pub to: Destination,
}

impl Api {
    /// The operation that lists the models, if the gateway answers it: it knows which ones there are where requests name them.
    pub fn model_list(&self) -> Option<&OperationId> {
        let is_list = |operation: &&Operation| {
            operation.method == "get" && self.surface.model_list().is_some_and(|path| operation.path == path)
        };
        let by_model = matches!(self.routes, Routes::Models(_));
        by_model.then(|| self.definition.operations.iter().find(is_list)).flatten().map(|operation| &operation.id)
    }
}

impl Routes {
    /// Every place that requests go to, some more than once.
    pub fn destinations(&self) -> impl Iterator<Item = &Destination> {
        let (all, models) = match self {
            Self::All(to) => (Some(to), [].as_slice()),
            Self::Models(routes) => (None, routes.as_slice()),
        };
        all.into_iter().chain(models.iter().map(|route| &route.to))
    }
}

/// How callers send a subscription key.
#[derive(Debug)]
pub struct Key {
    /// True if callers need one.
    pub is_required: bool,
    /// Its header.
    pub header: HeaderName,
    /// True if it may also be in `Authorization: Bearer`.
    pub is_bearer: bool,
}

/// The query parameter of the key: the service's own default, whatever the header is called.
pub const KEY_QUERY: &str = "subscription-key";

/// The default header of the key, which is the service's own.
pub const KEY_HEADER: &str = "Ocp-Apim-Subscription-Key";

pub(super) fn resolve(
    context: &Context<'_>,
    service: &Service,
    known: KnownTargets<'_>,
    definitions: &mut BTreeMap<String, Definition>,
    includes: &BTreeMap<String, Arc<Included>>,
    report: &mut Report,
) -> BTreeMap<Name, Api> {
    let mut apis = BTreeMap::new();
    let mut spaces = Spaces {
        apis: Names::new("APIs share one namespace in API Management"),
        subscriptions: Names::new("subscriptions share one namespace in API Management"),
        paths: BTreeMap::new(),
    };
    for (key, api) in &context.gateway.apis {
        let definition = definitions.remove(key);
        if let Some(api) =
            (Resolver { context, service, key, api }).resolve(known, definition, includes, &mut spaces, report)
        {
            apis.insert(api.name.clone(), api);
        }
    }
    for api in apis.values().filter(|api| !api.subscriptions.is_empty()) {
        let other = format!("{}-subscription", api.name);
        if context.gateway.apis.contains_key(&other) {
            // A label of Terraform is a contract (emit, terraform): another one would make keys anew.
            report.push(
                Code::NameCollision
                    .at(context.key(&["apis", &other]))
                    .says(format!(
                        "API `{other}` and the subscription keys of API `{}` would have the same address in Terraform",
                        api.name
                    ))
                    .because("both would be called that")
                    .also(context.key(&["apis", api.name.as_str(), "subscriptions"]), "the keys are defined here")
                    .help("rename one of the two APIs"),
            );
        }
    }
    entra::report_labels(context, &apis, report);
    key::report_passed_on(context, &apis, known, report);
    apis
}

struct Spaces {
    apis: Names,
    subscriptions: Names,
    /// By path in lower case: its location, and its spelling.
    paths: BTreeMap<String, (Location, String)>,
}

struct Resolver<'a> {
    context: &'a Context<'a>,
    service: &'a Service,
    key: &'a str,
    api: &'a model::Api,
}

impl Resolver<'_> {
    fn value(&self, keys: &[&str]) -> Location {
        self.context.value(&self.path(keys))
    }

    fn at(&self, keys: &[&str]) -> Location {
        self.context.key(&self.path(keys))
    }

    fn path<'a>(&'a self, keys: &[&'a str]) -> Vec<&'a str> {
        ["apis", self.key].into_iter().chain(keys.iter().copied()).collect()
    }

    fn resolve(
        &self,
        known: KnownTargets<'_>,
        definition: Option<Definition>,
        includes: &BTreeMap<String, Arc<Included>>,
        spaces: &mut Spaces,
        report: &mut Report,
    ) -> Option<Api> {
        let name = Name::parse(self.key).expect("shape: keys of apis are names");
        let called = self.key.to_owned();
        let at = self.at(&[]);
        let resource = spaces.apis.take(&self.service.prefix, &[self.key], called, at, report);
        self.check_path(&mut spaces.paths, report);
        let display_name = self.display_name(report);
        let targets = self.targets(known, report);
        let surface = targets.as_ref().and_then(|targets| self.surface(known, targets, report));
        // An unknown target is reported; what else is wrong is looked for as if it were the usual one.
        let likely = surface.or(self.written_surface()).unwrap_or(Surface::AzureOpenAi);
        let key = self.auth(likely, report);
        let entra = self.entra(report);
        let addresses = self.addresses(report);
        let rate_limit = self.rate_limit(key.as_ref(), report);
        let subscriptions = self.subscriptions(&mut spaces.subscriptions, report);
        let timeout = self.timeout(likely.is_model(), report);
        let streaming = self.streaming(likely, report);
        let definition = self.definition(surface, definition, report);
        let cors = self.cors(key.as_ref(), definition.as_ref(), likely, report);
        let surface = surface?;
        let (routes, paths) = self.routes(known, &targets?, surface, definition.as_ref()?, report)?;
        Some(Api {
            name,
            resource: resource?,
            display_name: display_name?,
            path: self.api.path.clone(),
            surface,
            routes,
            paths,
            definition: definition?,
            key: key?,
            entra,
            addresses,
            cors,
            rate_limit,
            includes: self.includes(includes, report),
            timeout: timeout?,
            streams: streaming.passes_on,
            adds_usage: streaming.adds_usage,
            subscriptions,
        })
    }

    fn check_path(&self, paths: &mut BTreeMap<String, (Location, String)>, report: &mut Report) {
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
                .says(format!("duplicate path `{path}`"))
                .because(if path == other {
                    "the path decides which API handles a request"
                } else {
                    "the path decides which API handles a request, and it is not case-sensitive"
                })
                .also(first.clone(), "the other API is here")
                .help("give each API a unique path"),
        );
    }

    fn display_name(&self, report: &mut Report) -> Option<Line> {
        let text = self.api.display_name.as_deref().unwrap_or(self.key);
        let line = Line::parse(text);
        if line.is_none() {
            report.push(
                Code::ControlCharacter
                    .at(self.value(&["displayName"]))
                    .says(format!("the display name of API `{}` must be a single line", self.key))
                    .because(match text.chars().find(|c| !Line::takes(*c)) {
                        Some('\n') => "it contains a line break".to_owned(),
                        Some(c) => format!("it contains the control character U+{:04X}", u32::from(c)),
                        None => String::new(),
                    })
                    .help("write it on one line; quotes, `$`, braces and emoji are allowed"),
            );
        }
        // The schema counts characters, Bicep UTF-16 code units, and Terraform's provider bytes, of which there are most.
        if text.len() > LONGEST_DISPLAY_NAME {
            report.push(
                Code::OutOfRange
                    .at(self.value(&["displayName"]))
                    .says(format!(
                        "`displayName` may have at most {LONGEST_DISPLAY_NAME} bytes, but has {}",
                        text.len()
                    ))
                    .because("Terraform counts bytes: two for an accented letter, four for an emoji")
                    .help("shorten it"),
            );
            return None;
        }
        line
    }
}
