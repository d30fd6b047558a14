//! What will exist, in no language: resources, policy documents, and the vocabulary of policies.

mod account;
mod build;
pub mod name;
pub mod policy;

pub use crate::catalogue::kind::Role;
pub use account::Account;
pub use build::build;

use std::collections::BTreeSet;

use crate::definition::Format;
use crate::plan::policy::Document;
use crate::resolve::ResourcePlace;
use crate::resolve::name::{HeaderName, Line, Name, ResourceName};

/// What will exist, each list in the order of its names.
#[derive(Debug)]
pub struct Plan {
    /// Name of the file it comes from, without folders.
    pub source_name: String,
    /// The service, which exists.
    pub service: Service,
    /// The user-assigned identity that calls backends, if it is not the service's own.
    pub identity: Option<ResourcePlace>,
    /// Azure AI accounts, which exist.
    pub accounts: Vec<Account>,
    /// Named values that policies use. None is secret.
    pub named_values: Vec<NamedValue>,
    /// Backends.
    pub backends: Vec<Backend>,
    /// APIs.
    pub apis: Vec<Api>,
}

impl Plan {
    /// Backends of the file that are no Azure accounts, and their URLs.
    pub fn hosts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.backends
            .iter()
            .filter_map(|backend| match &backend.url {
                Url::Host { backend, url } => Some((backend.as_str(), url.as_str())),
                Url::Account { .. } => None,
            })
    }

    /// Whether the deployment assigns roles.
    pub fn assigns_roles(&self) -> bool {
        self.service.creates_roles && !self.accounts.is_empty()
    }

    /// The roles that the identity needs on accounts, each once.
    pub fn roles(&self) -> impl Iterator<Item = Role> {
        let roles: BTreeSet<Role> = self
            .accounts
            .iter()
            .map(|account| account.kind.role())
            .collect();
        roles.into_iter()
    }
}

/// The API Management service.
#[derive(Debug)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// Its resource group; absent: known at deployment only.
    pub resource_group: Option<String>,
    /// What callers call, without a slash at the end; absent: the URL of the service itself.
    pub public_url: Option<String>,
    /// What stands before the names of all that is made; may be empty.
    pub prefix: String,
    /// Whether the deployment assigns roles.
    pub creates_roles: bool,
}

/// A named value, whose value is known at deployment only.
#[derive(Debug)]
pub struct NamedValue {
    /// Its name in the service.
    pub resource: ResourceName,
    /// Its name without prefix.
    pub key: &'static str,
    /// What it holds.
    pub value: NamedValueSource,
}

/// What a named value holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedValueSource {
    /// The client id of the identity that calls backends.
    IdentityClientId,
}

/// A backend of the service.
#[derive(Debug)]
pub struct Backend {
    /// Its name in the service.
    pub resource: ResourceName,
    /// Its name without prefix, unique among backends.
    pub key: String,
    /// Where it is.
    pub url: Url,
}

/// Where a backend is.
#[derive(Debug)]
pub enum Url {
    /// At an account.
    Account {
        /// Key of the account.
        account: String,
        /// What follows its host, with a slash at the start and none at the end.
        path: String,
    },
    /// At the URL of a backend of the file.
    Host {
        /// The backend of the file.
        backend: Name,
        /// Its URL, without a slash at the end.
        url: String,
    },
}

/// An API with its operations, its policy and the subscriptions to it alone.
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
    /// Whether callers need a key.
    pub needs_key: bool,
    /// Header of the key.
    pub key_header: HeaderName,
    /// Query parameter of the key.
    pub key_query: &'static str,
    /// Notation of the definition.
    pub format: Format,
    /// The definition.
    pub definition: String,
    /// The policy.
    pub policy: Document,
    /// What the policy names and what has to exist before it.
    pub needs: Vec<Need>,
    /// Names of the subscriptions, without the API's.
    pub subscriptions: Vec<String>,
    /// What callers reach.
    pub serves: Serves,
    /// Its operations: method in upper case, and path.
    pub operations: Vec<(String, String)>,
    /// Seconds that the gateway waits for the first byte of an answer.
    pub timeout: u32,
    /// Whether answers are passed on as they come.
    pub streams: bool,
}

impl Api {
    /// The roles that the deployment assigns for its sake.
    pub fn roles(&self, plan: &Plan) -> impl Iterator<Item = Role> {
        let account = match &self.serves {
            Serves::Account { account }
            | Serves::Deployments { account, .. }
            | Serves::Deployment { account, .. } => Some(account),
            Serves::Http { .. } => None,
        };
        let accounts = plan.accounts.iter().filter(|_| plan.assigns_roles());
        let accounts = accounts.filter(|one| Some(&one.key) == account);
        accounts
            .map(|account| account.kind.role())
            .collect::<Vec<_>>()
            .into_iter()
    }
}

/// What callers of an API reach.
#[derive(Debug)]
pub enum Serves {
    /// All deployments of an account.
    Account {
        /// Key of the account.
        account: String,
    },
    /// Deployments of an account, by the name in the path.
    Deployments {
        /// Key of the account.
        account: String,
        /// Their names.
        deployments: Vec<String>,
    },
    /// One deployment of an account, whatever the path names.
    Deployment {
        /// Key of the account.
        account: String,
        /// Its name.
        deployment: String,
    },
    /// An HTTP service.
    Http {
        /// Its URL.
        url: String,
    },
}

/// Something that has to exist before a policy that names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// The backend with this key.
    Backend(String),
    /// The named value with this key.
    NamedValue(&'static str),
}
