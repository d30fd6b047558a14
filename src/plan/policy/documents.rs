//! The policies of all APIs: built once, checked once. [`Documents`] contains only policies that the catalogue allows.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::api::{Misplaced, api};
use super::{Document, ViolationKind};
use crate::diag::{Code, Diagnostic, Location, Report};
use crate::model::path_of;
use crate::resolve::name::Name;
use crate::resolve::{self, Resolved};

/// The policies of a gateway, and what they were made from. [`documents`] alone makes them.
#[derive(Debug)]
pub struct Documents<'a> {
    resolved: &'a Resolved,
    by_api: BTreeMap<&'a Name, Document>,
}

/// The policies of all APIs. `None` exactly when the report gets an error: an element of a custom policy that the service would refuse.
pub fn documents<'a>(resolved: &'a Resolved, report: &mut Report) -> Option<Documents<'a>> {
    let mut by_api = BTreeMap::new();
    for (name, one) in &resolved.apis {
        match api(resolved, one) {
            Ok(document) => {
                by_api.insert(name, document);
            }
            Err(all) => all.into_iter().for_each(|found| report.push(refused(resolved, one, found))),
        }
    }
    (by_api.len() == resolved.apis.len()).then_some(Documents { resolved, by_api })
}

impl<'a> Documents<'a> {
    /// The resolved gateway that they were made from.
    pub(in crate::plan) fn resolved(&self) -> &'a Resolved {
        self.resolved
    }

    /// Each API with its policy, in the order of names.
    pub(in crate::plan) fn into_apis(self) -> impl Iterator<Item = (&'a Arc<resolve::Api>, Document)> {
        let resolved = self.resolved;
        self.by_api.into_iter().map(|(name, document)| (&resolved.apis[name], document))
    }
}

/// A finding for an element of a custom policy that the service would refuse.
fn refused(resolved: &Resolved, api: &resolve::Api, found: Misplaced) -> Diagnostic {
    let here = path_of(&["apis", api.name.as_str(), "include"]);
    let (text, at) = found.origin;
    Code::PolicyRefused
        .at(Location::range(text, at))
        .says(match found.fault {
            // The service takes these (page "cors", policy order; apim-policies §2.4), and they fail at work.
            ViolationKind::NotFirst | ViolationKind::Unbuffered => {
                format!("this `{}` would not work as intended", found.name)
            }
            _ => format!("the service would reject this `{}`", found.name),
        })
        .because(found.fault.to_string())
        .also(Location::key(resolved.file, here), "included here")
        .help(suggestion(&found.fault))
}

fn suggestion(fault: &ViolationKind) -> &'static str {
    match fault {
        ViolationKind::Section(_) => "move it to a file of a section that allows it, or remove it",
        ViolationKind::Scope(_) => "use it at a scope that allows it, outside of this gateway, or remove it",
        ViolationKind::Tier(_) => "use another tier, or remove it",
        ViolationKind::Again => "keep one; the policy that the gateway file itself generates counts as one",
        ViolationKind::NotFirst => "move it to the start of the first file under `inbound.first`",
        ViolationKind::Unbuffered | ViolationKind::NeverSent | ViolationKind::Backend(_) => {
            "remove it; Gatewright generates the policy that forwards the request"
        }
        _ => "correct it; the policy reference of API Management documents the allowed values",
    }
}
