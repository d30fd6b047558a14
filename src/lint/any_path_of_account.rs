//! Callers who choose the path, at a backend that gets the gateway's credential. The gateway's identity belongs to nobody, so what
//! it may read at an account every caller may.

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
                    "callers of API `{key}` may do all that the gateway may do at `{}`",
                    backend.name
                ))
                .because(match backend.target {
                    Target::Account { .. } => "files, batches and stored responses belong to the account, so each caller can read those of the others",
                    Target::Http { .. } => "whatever path they choose, it is called with the gateway's credential",
                })
                .help("list the operations that callers need in a document of your own: `definition: { file: … }`")
                .help(match api.surface.model_in() {
                    ModelIn::Path => "or name `models` and the deployments behind them: such requests stay below one deployment",
                    ModelIn::Body | ModelIn::Nothing => "or accept it, if all callers trust each other",
                }),
        );
    }
}

/// The first backend of which callers reach more than one deployment, and that is shown something.
fn whole<'a>(resolution: &'a Resolution<'_>, api: &Api) -> Option<&'a Backend> {
    let parts = &resolution.parts;
    let all = api.routes.destinations().flat_map(|to| parts.backend_refs(to));
    let whole = all.filter(|one| one.deployment.is_none() || api.surface.model_in() != ModelIn::Path);
    let mut backends = whole.map(|one| &parts.backends[&one.backend]);
    backends.find(|backend| shows_own(&backend.target))
}

/// Whether the gateway shows a backend something that callers do not have.
fn shows_own(target: &Target) -> bool {
    match target {
        Target::Account { .. } => true,
        Target::Http { credential, .. } => match credential {
            Credential::Identity(_) | Credential::Header(_) => true,
            Credential::None | Credential::PassThrough => false,
        },
    }
}
