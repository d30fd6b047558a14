//! The resources that will exist, independent of the target: resources, policy documents, and the vocabulary of policies.

mod account;
mod build;
mod id;
mod include;
pub mod name;
pub mod params;
pub mod policy;
mod vault;

pub use crate::catalogue::kind::Host;
pub use crate::catalogue::role::Role;
pub use account::{Account, AccountBackend};
pub use build::build;
pub use id::{AccountBackendId, AccountId, BackendId, BreakerId, NamedValueId, PoolId, VaultId};
pub use include::{Expected, ExpectedKind};
pub use params::{Constraint, Group, Param, ParamId, ParamKind, ParamValue, Params};
pub use vault::Vault;

use std::collections::BTreeSet;
use std::ops::{Deref, Index};
use std::sync::Arc;

use crate::catalogue::Section;
use crate::definition::Coverage;
use crate::plan::policy::Document;
use crate::resolve::name::{HeaderName, Name, ResourceName};
use crate::resolve::{self, Credential, End, Pool, ResourceRef, Service};
use crate::source::FileId;

/// The resources that will exist, each list sorted by name.
#[derive(Debug)]
pub struct Plan {
    /// The file it comes from.
    pub file: FileId,
    /// Name of the file it comes from, without folders.
    pub source_name: String,
    /// The service, which exists.
    pub service: Service,
    /// The user-assigned identity that calls backends, if it is not the service's own.
    pub identity: Option<ResourceRef>,
    /// The destination of telemetry.
    pub insights: Option<Insights>,
    /// The parameters: values that differ between environments.
    pub params: Params,
    /// Azure AI accounts, which exist.
    pub accounts: Vec<Account>,
    /// The backends of the file that are at accounts, by name.
    pub account_backends: Vec<AccountBackend>,
    /// Key vaults with secrets of backends, which exist.
    pub vaults: Vec<Vault>,
    /// Named values that policies and backends use.
    pub named_values: Vec<NamedValue>,
    /// Circuit breakers that backends have.
    pub breakers: Vec<Breaker>,
    /// Backends and pools.
    pub backends: Vec<Backend>,
    /// HTTP services.
    pub services: Vec<HttpService>,
    /// Pools as the file has them, also those that policies make.
    pub pools: Vec<Pool>,
    /// APIs.
    pub apis: Vec<Api>,
}

impl Plan {
    /// Backends of the file that are no Azure accounts, and their URLs.
    pub fn hosts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.backends.iter().filter_map(|backend| match &backend.kind {
            BackendKind::Single { url: Url::Host { backend, url, .. }, .. } => Some((backend.as_str(), url.as_str())),
            BackendKind::Single { .. } | BackendKind::Pool { .. } => None,
        })
    }

    /// What a backend or pool of the service is, for people who see its name only.
    pub fn description(&self, backend: &Backend) -> String {
        match &backend.kind {
            BackendKind::Pool { .. } => format!("Pool {}", backend.source),
            BackendKind::Single { url: Url::Host { .. }, .. } => format!("HTTP service of backend {}", backend.source),
            BackendKind::Single { url: Url::Account { backend: of, .. }, .. } => {
                let of = &self[*of];
                let account = format!("{} account of backend {}", self[of.account].kind.name(), of.name);
                match backend.source.split_once('/') {
                    Some((_, deployment)) => format!("{account}, deployment {deployment}"),
                    None => account,
                }
            }
        }
    }

    /// The name of this gateway among those of its service, for deployments and deployment stacks: two gateways with one name would be one
    /// stack, and each would delete the resources of the other.
    pub fn deployment_name(&self) -> String {
        let prefix = self.service.prefix.trim_end_matches('-');
        let words = [self.service.name.as_str(), prefix];
        words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
    }

    /// True if the deployment assigns roles.
    pub fn assigns_roles(&self) -> bool {
        self.service.creates_roles && self.needs_roles()
    }

    /// True if the identity needs roles.
    pub fn needs_roles(&self) -> bool {
        !self.accounts.is_empty() || !self.vaults.is_empty() || self.insights.is_some()
    }

    /// True if the gateway uses its identity.
    pub fn uses_identity(&self) -> bool {
        let mut services = self.services.iter();
        self.needs_roles() || services.any(|service| matches!(service.credential, Credential::Identity(_)))
    }

    /// The roles that the identity needs on accounts, each once.
    pub fn account_roles(&self) -> impl Iterator<Item = Role> {
        let roles: BTreeSet<Role> = self.account_backends.iter().map(|backend| backend.role).collect();
        roles.into_iter()
    }

    /// All roles that the identity needs, each once.
    pub fn roles(&self) -> impl Iterator<Item = Role> {
        let vault = (!self.vaults.is_empty()).then_some(VAULT_ROLE);
        let telemetry = self.insights.as_ref().map(|_| TELEMETRY_ROLE);
        self.account_roles().chain(vault).chain(telemetry)
    }

    /// True if the output contains the client id of the identity.
    pub fn writes_client_id(&self) -> bool {
        let mut values = self.named_values.iter();
        self.identity.is_some()
            && values.any(|value| match value.value {
                NamedValueSource::IdentityClientId | NamedValueSource::Secret { .. } => true,
                NamedValueSource::Param(_) => false,
            })
    }

    /// The URL that callers of an API call. For a service without a custom domain this is Azure's name for it.
    pub fn url(&self, api: &Api) -> String {
        match &self.service.public_url {
            Some(base) => format!("{base}/{}", api.path),
            None => format!("https://{}.azure-api.net/{}", self.service.name, api.path),
        }
    }
}

macro_rules! index {
    ($($id:ident => $list:ident: $thing:ty)*) => { $(
        impl Index<$id> for Plan {
            type Output = $thing;

            fn index(&self, id: $id) -> &$thing {
                &self.$list[id.position()]
            }
        }
    )* };
}
index! {
    AccountId => accounts: Account
    AccountBackendId => account_backends: AccountBackend
    VaultId => vaults: Vault
    NamedValueId => named_values: NamedValue
    BreakerId => breakers: Breaker
    BackendId => backends: Backend
    PoolId => pools: Pool
}

/// A named value, whose value is known at deployment only.
#[derive(Debug)]
pub struct NamedValue {
    /// Its name in the service.
    pub resource: ResourceName,
    /// Its name without prefix.
    pub key: String,
    /// Its value.
    pub value: NamedValueSource,
}

/// The value of a named value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NamedValueSource {
    /// The client id of the identity that calls backends.
    IdentityClientId,
    /// The value of a parameter.
    Param(ParamId),
    /// A secret that the service reads from a key vault.
    Secret {
        /// The vault.
        vault: VaultId,
        /// The name of the secret.
        name: String,
    },
}

/// The role that reads secrets.
pub const VAULT_ROLE: Role = Role::KeyVaultSecretsUser;

/// The role that sends telemetry to a component.
pub const TELEMETRY_ROLE: Role = Role::MonitoringMetricsPublisher;

/// An Application Insights component, which exists, and the logger for it.
#[derive(Debug)]
pub struct Insights {
    /// Name and place of the component.
    pub place: ResourceRef,
    /// Name of the logger in the service.
    pub logger: ResourceName,
    /// Percentage of requests that it receives; errors are always sent.
    pub sampling: u8,
    /// Name of the named value with the connection string of the component. The service would make one more for each deployment of a
    /// logger with a literal connection string (reference arm-and-terraform §1.8).
    pub connection_string: ResourceName,
    /// True if it is, or may be, in another group or subscription than the service.
    pub is_elsewhere: bool,
}

/// A circuit breaker that some backends have.
#[derive(Debug)]
pub struct Breaker {
    /// Its name, unique among breakers.
    pub key: String,
    /// The rule by which it trips.
    pub rule: resolve::Breaker,
}

/// A backend or a pool of the service.
#[derive(Debug)]
pub struct Backend {
    /// Its name in the service.
    pub resource: ResourceName,
    /// Its name without prefix, unique among backends.
    pub key: String,
    /// Its reference in the file: `east`, `east/gpt-4o` or the name of a pool.
    pub source: String,
    /// Its kind.
    pub kind: BackendKind,
}

/// The kind of a backend.
#[derive(Debug)]
pub enum BackendKind {
    /// One place that requests go to.
    Single {
        /// Its location.
        url: Url,
        /// Its circuit breaker.
        breaker: Option<BreakerId>,
        /// The secret that it receives.
        credential: Option<BackendCredential>,
    },
    /// Several backends that share the load.
    Pool {
        /// Its members.
        members: Vec<PoolMember>,
        /// The cookie that keeps a caller at one member.
        cookie: Option<String>,
    },
}

/// An HTTP service.
#[derive(Debug)]
pub struct HttpService {
    /// Its name in the file.
    pub backend: Name,
    /// Its URL.
    pub url: String,
    /// The credential that it receives.
    pub credential: Credential,
}

/// A secret in a header of every request to a backend.
#[derive(Debug)]
pub struct BackendCredential {
    /// The header.
    pub header: HeaderName,
    /// The word before the secret.
    pub scheme: Option<HeaderName>,
    /// The named value with the secret.
    pub named_value: NamedValueId,
}

/// A member of a pool.
#[derive(Debug)]
pub struct PoolMember {
    /// The backend.
    pub backend: BackendId,
    /// Lower ones first.
    pub priority: Option<u32>,
    /// Share of the load.
    pub weight: Option<u32>,
}

/// The location of a backend.
#[derive(Debug)]
pub enum Url {
    /// At an account.
    Account {
        /// The backend of the file that is at the account.
        backend: AccountBackendId,
        /// The host of the account.
        host: Host,
        /// The path after the host, with a leading slash and no trailing one.
        path: String,
    },
    /// At the URL of a backend of the file.
    Host {
        /// The backend of the file.
        backend: Name,
        /// Its URL, without a slash at the end.
        url: String,
        /// The parameter with the URL.
        param: ParamId,
    },
}

/// An API with its operations, its policy and the subscriptions to it alone.
#[derive(Debug)]
pub struct Api {
    /// The resolved API.
    resolved: Arc<resolve::Api>,
    /// The definition on one line, if it is written so.
    shortened: Option<String>,
    /// The policy.
    pub policy: Document,
    /// The resources that the policy names and that must exist before it.
    pub needs: Vec<Need>,
    /// The resources that custom policies name and that the service has already.
    pub expects: Vec<Expected>,
    /// Custom policies: the position and the file.
    pub includes: Vec<(Section, End, String)>,
    /// Names of the subscriptions, without the API's.
    pub subscriptions: Vec<String>,
    /// The destination: one for all requests, or one for each model.
    pub serves: Vec<ServedModel>,
    /// Its operations: method in upper case, and path.
    pub operations: Vec<(String, String)>,
}

impl Deref for Api {
    type Target = resolve::Api;

    fn deref(&self) -> &resolve::Api {
        &self.resolved
    }
}

impl Api {
    /// Writes the definition on one line.
    pub fn shorten_definition(&mut self) {
        self.shortened = self.definition.on_one_line();
    }

    /// The text of the definition, as it is written.
    pub fn definition_text(&self) -> &str {
        self.shortened.as_deref().unwrap_or(&self.definition.text)
    }

    /// The roles on accounts that the deployment assigns for its sake.
    pub fn roles(&self, plan: &Plan) -> impl Iterator<Item = Role> {
        let accounts = self.serves.iter().flat_map(ServedModel::accounts).filter(|_| plan.assigns_roles());
        let roles: BTreeSet<Role> = accounts.flat_map(|account| plan[account].roles.keys().copied()).collect();
        roles.into_iter()
    }

    /// The roles of which the caller's token must hold one; empty: no role is required.
    pub fn token_roles(&self) -> &[String] {
        self.entra.as_ref().map_or(&[], |entra| &entra.roles)
    }

    /// True if requests reach Azure accounts.
    pub fn reaches_accounts(&self) -> bool {
        let mut accounts = self.serves.iter().flat_map(ServedModel::accounts);
        accounts.next().is_some()
    }

    /// True if callers may request any path.
    pub fn is_open_ended(&self) -> bool {
        self.definition.coverage == Coverage::AnyPath
    }

    /// True if its operations are known at compile time.
    pub fn lists_operations(&self) -> bool {
        self.definition.coverage == Coverage::Operations
    }

    /// The URL of its definition, where the service fetches it.
    pub fn link(&self) -> Option<&str> {
        (self.definition.coverage == Coverage::Linked).then_some(&*self.definition.text)
    }

    /// True if requests are routed by the model that they name.
    pub fn is_by_model(&self) -> bool {
        self.serves.iter().any(|served| served.model.is_some())
    }
}

/// The destination of requests.
#[derive(Debug)]
pub struct ServedModel {
    /// The model that they name; `None`: whatever they name.
    pub model: Option<String>,
    /// The backend or pool.
    pub by: Upstream,
    /// The credential that it receives.
    pub credential: Credential,
    /// True if its circuit breaker may also be tripped by requests of a pool that it is a member of.
    pub can_trip: bool,
}

impl ServedModel {
    /// Its accounts.
    pub fn accounts(&self) -> impl Iterator<Item = AccountId> {
        let (one, several) = match &self.by {
            Upstream::Account { account } | Upstream::Deployment { account, .. } => (Some(account), [].as_slice()),
            Upstream::Pool { accounts, .. } => (None, accounts.as_slice()),
            Upstream::Http { .. } => (None, [].as_slice()),
        };
        one.into_iter().chain(several).copied()
    }
}

/// A backend or pool that serves requests.
#[derive(Debug)]
pub enum Upstream {
    /// An account, with all of its deployments.
    Account {
        /// The account.
        account: AccountId,
    },
    /// A deployment of an account.
    Deployment {
        /// The account.
        account: AccountId,
        /// Its name.
        deployment: String,
    },
    /// An HTTP service.
    Http {
        /// Its name in the file.
        backend: Name,
        /// Its URL.
        url: String,
    },
    /// A pool.
    Pool {
        /// The pool of the file.
        pool: PoolId,
        /// Its accounts, each once.
        accounts: Vec<AccountId>,
    },
}

/// Something that has to exist before a policy that names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// A backend or a pool.
    Backend(BackendId),
    /// A named value.
    NamedValue(NamedValueId),
}
