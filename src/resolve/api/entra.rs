//! Tokens of Entra ID: whose, for what, and of whom.

use super::Resolver;
use crate::diag::{Code, Report};

/// What a caller's token has to be. Ids are in lower case, as tokens have them.
#[derive(Debug)]
pub struct Entra {
    /// The tenant that issues it.
    pub tenant: String,
    /// What it must be made out to: one of these, at least one.
    pub audiences: Vec<String>,
    /// The application that it must be made for: one of these; none: any.
    pub applications: Vec<String>,
    /// The role that it must hold: one of these; none: no role is asked for.
    pub roles: Vec<String>,
}

impl Resolver<'_> {
    pub(super) fn entra(&self, report: &mut Report) -> Option<Entra> {
        let entra = self.api.auth.as_ref()?.entra.as_ref()?;
        if entra.audiences.is_empty() {
            let because = if entra.applications.is_empty() {
                "every token of the tenant would open the API, whatever it was made for"
            } else {
                "tokens of these applications for other services, such as Microsoft Graph, would open the API"
            };
            report.push(
                Code::OpenToken
                    .at(self.at(&["auth", "entra"]))
                    .says(format!("API `{}` takes tokens that were made for something else", self.key))
                    .because(because)
                    .help("name what callers ask tokens for, the App ID URI or client id of a registration: `audiences: [api://ai]`"),
            );
        }
        // A client id as audience is a GUID, and tokens have those in lower case.
        let audience = |text: &String| match text.contains(':') {
            true => text.clone(),
            false => text.to_ascii_lowercase(),
        };
        Some(Entra {
            tenant: entra.tenant_id.to_ascii_lowercase(),
            audiences: entra.audiences.iter().map(audience).collect(),
            applications: entra.applications.iter().map(|id| id.to_ascii_lowercase()).collect(),
            roles: entra.roles.clone(),
        })
    }
}
