//! Policy text of the team's in the policy as a whole: what the catalogue refuses, and what the service must have for it.

use super::policy::{Fault, misplaced};
use crate::diag::{Code, Place, Report};
use crate::resolve::Resolved;
use crate::source::{FileId, YamlPath};

/// Something that policy text of the team's names, and nobody here makes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expected {
    /// What it is.
    pub kind: ExpectedKind,
    /// Its name in the service; of a named value the one that people see.
    pub name: String,
}

/// What it is that somebody else makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExpectedKind {
    /// A backend or a pool.
    Backend,
    /// A policy fragment.
    Fragment,
    /// A logger.
    Logger,
    /// A named value.
    NamedValue,
}

/// Reports elements of the team's that the service would refuse. `file` is the gateway file.
pub fn check(resolved: &Resolved, file: FileId, report: &mut Report) {
    for api in resolved.apis.values() {
        let here = ["apis", api.name.as_str(), "include"];
        let here = here.iter().fold(YamlPath::root(), |path, key| path.key(*key));
        for found in misplaced(resolved, api) {
            let (text, at) = found.origin;
            report.push(
                Code::PolicyRefused
                    .at(Place::range(text, at))
                    .says(match found.fault {
                        // The service takes these (page "cors", policy order; reference §2.4), and they fail at work.
                        Fault::NotFirst | Fault::Unbuffered => {
                            format!("this `{}` would not work as intended", found.name)
                        }
                        _ => format!("the service would reject this `{}`", found.name),
                    })
                    .because(found.fault.to_string())
                    .also(Place::key(file, here.clone()), "included here")
                    .help(mend(&found.fault)),
            );
        }
    }
}

fn mend(fault: &Fault) -> &'static str {
    match fault {
        Fault::Section(_) => "move it to a file of a section that allows it, or remove it",
        Fault::Scope(_) => "use it at a scope that allows it, outside of this gateway, or remove it",
        Fault::Tier(_) => "use another tier, or remove it",
        Fault::Again => "keep one; the policy that the gateway file itself generates counts as one",
        Fault::NotFirst => "move it to the start of the first file under `inbound.first`",
        Fault::Unbuffered | Fault::NeverSent | Fault::Backend(_) => {
            "remove it; Gatewright generates the policy that forwards the request"
        }
        _ => "correct it; the policy reference of API Management documents the allowed values",
    }
}
