//! Tokens of Entra ID: whose, for what, and of whom.

use super::Resolver;
use crate::catalogue::host;
use crate::diag::{Code, Place, Report};

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
    /// Says where tokens for Microsoft's own services open the API, which goes on with none of them.
    pub(super) fn check_audiences(&self, entra: &Entra, goes_away: bool, report: &mut Report) {
        if !entra.applications.is_empty() && !goes_away {
            return;
        }
        for (position, audience) in entra.audiences.iter().enumerate() {
            if !host::is_audience_of_azures(audience) {
                continue;
            }
            let list = self.context.path(&self.path(&["auth", "entra", "audiences"]));
            report.push(
                Code::BorrowedAudience
                    .at(Place::value(self.context.file, list.index(position)))
                    .says(format!("`{audience}` is the audience of a Microsoft service"))
                    .because(if goes_away {
                        "the backend is not that service, but receives such tokens and could use them there as the caller"
                    } else {
                        "every account of the tenant can get such tokens, and they are not issued for this gateway"
                    })
                    .help("register the gateway as an application and set its App ID URI: `audiences: [api://ai]`")
                    .help(if goes_away {
                        "or do not pass tokens on to this backend"
                    } else {
                        "or restrict the accepted applications with `applications`"
                    }),
            );
        }
    }
}
