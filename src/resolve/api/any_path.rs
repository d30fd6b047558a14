//! APIs whose operations are not listed here: what callers reach because of that.

use super::{Resolver, Routes};
use crate::catalogue::surface::{ModelIn, Surface};
use crate::diag::{Code, Report};
use crate::resolve::backend::Target;
use crate::resolve::credential::Credential;
use crate::resolve::reference::{Destination, Known};

/// Whether a caller who may choose the path gets to the Responses API. No deployment has it below its own path.
pub(super) fn reaches_responses(surface: Surface, is_deployment: bool) -> bool {
    match surface {
        Surface::OpenAi => true,
        Surface::AzureOpenAi => !is_deployment,
        Surface::FoundryModels | Surface::Anthropic | Surface::Rest => false,
    }
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

impl Resolver<'_> {
    /// The gateway's identity belongs to nobody, so what it may read at an account every caller may.
    pub(super) fn check_any_path(&self, known: Known<'_>, routes: &Routes, surface: Surface, report: &mut Report) {
        let whole = routes
            .destinations()
            .flat_map(|to| match to {
                Destination::One(one) => vec![one],
                Destination::Pool(name) => {
                    let members = known.pools.map(|pools| pools[name].members.as_slice());
                    members.into_iter().flatten().map(|member| &member.one).collect()
                }
            })
            .filter(|one| one.deployment.is_none() || surface.model_in() != ModelIn::Path)
            .map(|one| &known.backends[&one.backend])
            .find(|backend| shows_own(&backend.target));
        let Some(backend) = whole else { return };
        report.push(
            Code::AnyPathOfAccount
                .at(self.value(&["definition"]))
                .says(format!(
                    "callers of API `{}` can use the gateway's full access to `{}`",
                    self.key, backend.name
                ))
                .because(match backend.target {
                    Target::Account { .. } => "files, batches and stored responses belong to the account, so each caller can read the data of the others",
                    Target::Http { .. } => "the gateway adds its credential to requests with any path",
                })
                .help("list the operations that callers need in a definition file: `definition: { file: … }`")
                .help(match surface.model_in() {
                    ModelIn::Path => "or set `models` with their deployments: such requests can reach one deployment only",
                    ModelIn::Body | ModelIn::Nothing => "or accept it, if all callers trust each other",
                }),
        );
    }
}
