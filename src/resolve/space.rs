//! Spaces of names in the service: what is in one has to be called differently.

use std::collections::BTreeMap;

use super::name::{LONGEST_RESOURCE_NAME, ResourceName};
use crate::diag::{Code, Location, Report};

/// Names that were given in one space, to find two that are the same.
#[derive(Debug)]
pub(super) struct Names {
    /// A named thing: its location, and its name in the file.
    taken: BTreeMap<ResourceName, (Location, String)>,
    why: &'static str,
}

impl Names {
    pub(super) fn new(why: &'static str) -> Self {
        Self { taken: BTreeMap::new(), why }
    }

    /// Names a thing by its location and its name in the file, unless the name is too long or taken.
    pub(super) fn take(
        &mut self,
        prefix: &str,
        parts: &[&str],
        called: String,
        at: Location,
        report: &mut Report,
    ) -> Option<ResourceName> {
        let Some(name) = ResourceName::join(prefix, parts) else {
            let name = format!("{prefix}{}", parts.join("-"));
            let help = match (parts, prefix) {
                ([_], _) => "shorten the name, or `gateway.prefix`",
                (_, "") => "shorten one of the two combined names",
                _ => "shorten one of the two combined names, or `gateway.prefix`",
            };
            report.push(
                Code::NameTooLong
                    .at(at)
                    .says(format!("the resource name `{name}` is too long"))
                    .because(format!(
                        "this makes it {} characters, the limit is {LONGEST_RESOURCE_NAME}",
                        name.chars().count()
                    ))
                    .help(help),
            );
            return None;
        };
        if let Some((first, other)) = self.taken.get(&name) {
            report.push(
                Code::NameCollision
                    .at(at)
                    .says(format!("`{other}` and `{called}` would have the same name `{name}` in the service"))
                    .because(self.why)
                    .also(first.clone(), format!("this already has the name `{name}`"))
                    .help("rename one of the two"),
            );
            return None;
        }
        self.taken.insert(name.clone(), (at, called));
        Some(name)
    }
}
