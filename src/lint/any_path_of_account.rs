//! Callers who choose the path, at a backend that gets the gateway's credential. The gateway's identity is shared by all callers, so
//! every caller may read what it may read at an account.

use crate::catalogue::surface::ModelIn;
use crate::definition::Coverage;
use crate::diag::{Code, Report};
use crate::resolve::{Api, Backend, Credential, Resolution, Target};

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    for (key, api) in &resolution.parts.apis {
        if api.definition.coverage != Coverage::AnyPath {
            continue;
        }
        let Some(backend) = whole(resolution, api) else { continue };
        report.push(
            Code::AnyPathOfAccount
                .at(resolution.value(&["apis", key.as_str(), "definition"]))
                .says(format!(
                    "callers of API `{key}` can use the gateway's full access to `{}`",
                    backend.name
                ))
                .because(match backend.target {
                    Target::Account { .. } => "files, batches and stored responses belong to the account, so each caller can read the data of the others",
                    Target::Http { .. } => "the gateway adds its credential to requests with any path",
                })
                .help("list the operations that callers need in a definition file: `definition: { file: … }`")
                .help(match api.surface.model_in() {
                    ModelIn::Path => "or set `models` with their deployments: such requests can reach one deployment only",
                    ModelIn::Body | ModelIn::Nothing => "or accept it, if all callers trust each other",
                }),
        );
    }
}

/// The first backend of which callers reach more than one deployment, and that receives a credential.
fn whole<'a>(resolution: &'a Resolution<'_>, api: &Api) -> Option<&'a Backend> {
    let parts = &resolution.parts;
    let all = api.routes.destinations().flat_map(|to| parts.backend_refs(to));
    let whole = all.filter(|one| one.deployment.is_none() || api.surface.model_in() != ModelIn::Path);
    let mut backends = whole.map(|one| &parts.backends[&one.backend]);
    backends.find(|backend| sends_own_credential(&backend.target))
}

/// True if the gateway sends a backend a credential that callers do not have.
fn sends_own_credential(target: &Target) -> bool {
    match target {
        Target::Account { .. } => true,
        Target::Http { credential, .. } => match credential {
            Credential::Identity(_) | Credential::Header(_) => true,
            Credential::None | Credential::PassThrough => false,
        },
    }
}
