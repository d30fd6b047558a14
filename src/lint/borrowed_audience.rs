//! Tokens for Microsoft's own services that open an API, which goes on with none of them.

use crate::catalogue::host;
use crate::diag::{Code, Location, Report};
use crate::resolve::Resolution;

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    let parts = &resolution.parts;
    for (name, api) in &parts.apis {
        let Some(entra) = &api.entra else { continue };
        let goes_away = api.routes.destinations().any(|to| parts.passes_token_away(to));
        let stays = !goes_away && api.routes.destinations().any(|to| parts.passes_token(to));
        if stays || !entra.applications.is_empty() && !goes_away {
            continue;
        }
        for (position, audience) in entra.audiences.iter().enumerate() {
            if !host::is_audience_of_azures(&audience.value) {
                continue;
            }
            let list = resolution.path(&["apis", name.as_str(), "auth", "entra", "audiences"]);
            let here = match &audience.label {
                Some(label) => list.key(label),
                None => list.index(position),
            };
            report.push(
                Code::BorrowedAudience
                    .at(Location::value(parts.file, here))
                    .says(format!("`{}` is the audience of a Microsoft service", audience.value))
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
