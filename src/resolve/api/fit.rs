//! The check that a definition fits the routing of its requests: paths with deployments.

use super::Resolver;
use crate::definition::{Definition, OperationId};
use crate::diag::{Code, Report, list};

impl Resolver<'_> {
    /// The rest of each operation's path after `/deployments/{…}`.
    pub(super) fn paths(&self, definition: &Definition, report: &mut Report) -> Option<Vec<(OperationId, String)>> {
        let mut paths = Vec::with_capacity(definition.operations.len());
        let mut others = Vec::new();
        for operation in &definition.operations {
            match rest_after_deployment(&operation.path) {
                Some(rest) => paths.push((operation.id.clone(), rest.to_owned())),
                None => others.push(operation.id.as_str().to_owned()),
            }
        }
        if others.is_empty() {
            return Some(paths);
        }
        report.push(
            Code::NoDeploymentInPath
                .at(self.value(&["definition"]))
                .says(match (others.len(), definition.operations.len()) {
                    (some, all) if some == all => "no operation has a deployment in its path".to_owned(),
                    (1, all) => format!("1 of {all} operations has no deployment in its path"),
                    (some, all) => format!("{some} of {all} operations have no deployment in their path"),
                })
                .because(format!("these do not start with `/deployments/{{…}}/`: {}", list(others.iter())))
                .also(self.at(&[self.targets_key()]), "requests are sent to single deployments because of this")
                .help("remove these operations from the document, or make a backend without `deployments` the target"),
        );
        None
    }

    /// The key that sets the destination of requests.
    fn targets_key(&self) -> &'static str {
        match self.api.models {
            Some(_) => "models",
            None => "target",
        }
    }
}

/// `/chat/completions` of `/deployments/{deployment-id}/chat/completions`.
fn rest_after_deployment(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("/deployments/{")?;
    let (_, rest) = rest.split_once('}')?;
    rest.starts_with('/').then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_after_a_deployment() {
        assert_eq!(rest_after_deployment("/deployments/{deployment-id}/chat/completions"), Some("/chat/completions"));
        assert_eq!(rest_after_deployment("/deployments/{d}/x/{y}"), Some("/x/{y}"));
        for path in ["/files", "/deployments/{d}", "/deployments/{d", "/deployments/x/y", ""] {
            assert_eq!(rest_after_deployment(path), None, "{path}");
        }
    }
}
