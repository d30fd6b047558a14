//! Tokens of Entra ID: whose, for what, and of whom.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{Api, Resolver};
use crate::diag::{Code, Location, Report};
use crate::model::{Applications, Audiences, TenantId};
use crate::resolve::context::Context;
use crate::resolve::name::{Name, kebab};

/// The requirements for a caller's token.
#[derive(Debug)]
pub struct Entra {
    /// The tenant that issues it.
    pub tenant: EntraId,
    /// The token's audience: one of these, at least one.
    pub audiences: Vec<EntraId>,
    /// The application that it must be issued to: one of these; none: any.
    pub applications: Vec<EntraId>,
    /// The roles of which it must have one; empty: no role is required.
    pub roles: Vec<String>,
}

/// An id that tokens must name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntraId {
    /// The kind of the id.
    pub kind: EntraKind,
    /// The label of the file, if it has one.
    pub label: Option<String>,
    /// The id, GUIDs in lower case, as tokens have them.
    pub value: String,
}

/// The kind of an id of Entra ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntraKind {
    /// A client application.
    Application,
    /// The token's audience.
    Audience,
    /// A tenant.
    Tenant,
}

impl EntraKind {
    /// Its name in parameters and named values.
    pub fn word(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Audience => "audience",
            Self::Tenant => "tenant",
        }
    }
}

impl EntraId {
    fn new(kind: EntraKind, label: Option<&str>, value: &str) -> Self {
        // An App ID URI is compared letter by letter.
        let value = if value.contains(':') { value.to_owned() } else { value.to_ascii_lowercase() };
        Self { kind, label: label.map(str::to_owned), value }
    }

    /// Its name among ids: `application-portal` with a label, else `application-` and a hash of eight digits. No id depends on another
    /// for its name. A hash starts with a decimal digit, and a label with a letter.
    pub fn key(&self) -> String {
        let name = match &self.label {
            Some(label) => kebab(label),
            None => {
                let hash = Sha256::digest(self.value.as_bytes());
                format!("{}{:x}{:02x}{:02x}{:02x}", (hash[0] >> 4) % 10, hash[0] & 15, hash[1], hash[2], hash[3])
            }
        };
        format!("{}-{name}", self.kind.word())
    }
}

impl Entra {
    /// All ids.
    pub fn ids(&self) -> impl Iterator<Item = &EntraId> {
        self.applications.iter().chain(&self.audiences).chain([&self.tenant])
    }
}

impl Resolver<'_> {
    pub(super) fn entra(&self, report: &mut Report) -> Option<Entra> {
        let entra = self.api.auth.as_ref()?.entra.as_ref()?;
        let audiences = match &entra.audiences {
            None => Vec::new(),
            Some(Audiences::List(all)) => listed(EntraKind::Audience, all),
            Some(Audiences::Labelled(all)) => labelled(EntraKind::Audience, all),
        };
        let applications = match &entra.applications {
            None => Vec::new(),
            Some(Applications::List(all)) => listed(EntraKind::Application, all),
            Some(Applications::Labelled(all)) => labelled(EntraKind::Application, all),
        };
        let tenant = match &entra.tenant_id {
            TenantId::Id(id) => EntraId::new(EntraKind::Tenant, None, id),
            TenantId::Labelled(one) => labelled(EntraKind::Tenant, one).pop().expect("shape: one label and one id"),
        };
        if audiences.is_empty() {
            let because = if applications.is_empty() {
                "every token of the tenant would be accepted, whatever its audience"
            } else {
                "tokens of these applications for other services, such as Microsoft Graph, would be accepted"
            };
            report.push(
                Code::OpenToken
                    .at(self.at(&["auth", "entra"]))
                    .says(format!("API `{}` accepts tokens for any audience", self.key))
                    .because(because)
                    .help("set the App ID URI or client id that callers request tokens for: `audiences: [api://ai]`"),
            );
        }
        Some(Entra { tenant, audiences, applications, roles: entra.roles.clone() })
    }
}

fn listed(kind: EntraKind, all: &[String]) -> Vec<EntraId> {
    let mut ids: Vec<EntraId> = Vec::new();
    // The schema compares letter by letter, and GUIDs may differ in case.
    for id in all.iter().map(|id| EntraId::new(kind, None, id)) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

fn labelled(kind: EntraKind, all: &BTreeMap<String, String>) -> Vec<EntraId> {
    all.iter().map(|(label, id)| EntraId::new(kind, Some(label), id)).collect()
}

/// Reports ids of one name: a label of two ids, or two ids of one hash.
pub(super) fn report_labels(context: &Context<'_>, apis: &BTreeMap<Name, Api>, report: &mut Report) {
    let mut known: BTreeMap<String, (Location, &EntraId)> = BTreeMap::new();
    for api in apis.values() {
        for id in api.entra.iter().flat_map(Entra::ids) {
            let list = match id.kind {
                EntraKind::Application => "applications",
                EntraKind::Audience => "audiences",
                EntraKind::Tenant => "tenantId",
            };
            let mut here = vec!["apis", api.name.as_str(), "auth", "entra", list];
            here.extend(id.label.as_deref());
            let at = context.value(&here);
            let (first, other) = known.entry(id.key()).or_insert_with(|| (at.clone(), id));
            if other.value == id.value {
                continue;
            }
            let finding = Code::LabelTwice.at(at);
            report.push(match &id.label {
                Some(label) => finding
                    .says(format!("label `{label}` would mean two ids"))
                    .because("the parameter and the named value of an id are named by its label")
                    .also(first.clone(), format!("here it is `{}`", other.value))
                    .help("choose another label for one of the two"),
                None => finding
                    .says(format!("`{}` and `{}` have one hash", other.value, id.value))
                    .because("an id without a label is named by a hash of it")
                    .also(first.clone(), "the other API is here")
                    .help("give one of the two a label: `{ portal: … }` in place of the list"),
            });
        }
    }
}
