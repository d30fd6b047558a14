//! Names of operations without a usable id: derived from method and path, after all other names are known.

use std::collections::BTreeMap;

use super::{Findings, Operation, OperationId, Unusable};
use crate::diag::{Code, Diagnostic};
use crate::source::YamlPath;

/// An operation that may not have a name yet.
pub(super) struct Pending {
    pub(super) id: Result<OperationId, Unnamed>,
    pub(super) at: YamlPath,
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) parameters: Vec<String>,
    pub(super) takes_json: bool,
    pub(super) sends_events: bool,
}

/// The reason why the id of an operation cannot be used.
pub(super) enum Unnamed {
    Missing,
    NoText,
    Unusable(Unusable),
    /// Another operation has the same name; its id is there.
    Same(OperationId, YamlPath),
}

/// Gives every operation a name, and reports the generated ones.
pub(super) fn give(
    operations: Vec<Pending>,
    mut ids: BTreeMap<OperationId, YamlPath>,
    findings: &mut Findings<'_>,
) -> Vec<Operation> {
    let (mut missing, mut unusable, mut same) = (Vec::new(), Vec::new(), Vec::new());
    let mut named = Vec::with_capacity(operations.len());
    for operation in operations {
        let Pending { id, at, method, path, parameters, takes_json, sends_events } = operation;
        let id = match id {
            Ok(id) => id,
            Err(why) => {
                let id = free(method, &path, &ids);
                ids.insert(id.clone(), at.key("operationId"));
                let request = format!("{} {path}", method.to_uppercase());
                let finding = finding(&why, &request, &id, &at, findings);
                match why {
                    Unnamed::Missing => missing.push(finding),
                    Unnamed::NoText | Unnamed::Unusable(_) => unusable.push(finding),
                    Unnamed::Same(..) => same.push(finding),
                }
                id
            }
        };
        named.push(Operation { id, method: method.to_owned(), path, parameters, takes_json, sends_events });
    }
    // Documents usually lack ids for all operations, so the first one is reported for all.
    findings.push_first(missing, 1, "operation");
    findings.push_few(unusable, "operation");
    findings.push_few(same, "operation");
    named
}

/// A name that no operation has.
fn free(method: &str, path: &str, ids: &BTreeMap<OperationId, YamlPath>) -> OperationId {
    let name = OperationId::proposed(method, path);
    let numbered = (2..).map(|number| OperationId::numbered(&name, number));
    let mut names = [OperationId::numbered(&name, 1)].into_iter().chain(numbered);
    names.find(|id| !ids.contains_key(id)).expect("definition: numbers do not end")
}

fn finding(why: &Unnamed, request: &str, id: &OperationId, at: &YamlPath, findings: &Findings<'_>) -> Diagnostic {
    let own = at.key("operationId");
    let called = format!("until then Gatewright names it `{id}`, after its method and path");
    match why {
        Unnamed::Missing => findings
            .key(Code::MissingOperationId, at.clone())
            .says(format!("`{request}` has no `operationId`"))
            .because(format!("Gatewright names it `{id}`, which changes with the path"))
            .help(format!("add `operationId: {id}` if something depends on the name")),
        Unnamed::NoText => findings
            .value(Code::UnusableOperationId, own)
            .says(format!("the `operationId` of `{request}` is not a string"))
            .help(format!("write a string, such as `{id}`; {called}")),
        Unnamed::Unusable(reason) => {
            let unusable = findings
                .value(Code::UnusableOperationId, own)
                .says(format!("the `operationId` of `{request}` cannot be used as a name"));
            match reason {
                Unusable::Empty => unusable
                    .because("it contains no letter a-z and no digit")
                    .help(format!("use letters, digits and hyphens; {called}")),
                Unusable::Long(length) => unusable
                    .because(format!("it has {length} characters, the limit is 76"))
                    .help(format!("shorten it; {called}")),
            }
        }
        Unnamed::Same(name, first) => findings
            .value(Code::DuplicateOperationId, own)
            .says(format!("two operations get the same name `{name}`"))
            .because("names that differ only in upper case or special characters are the same")
            .also(findings.place_of_key(first), "the first operation keeps the name")
            .help(format!("rename one of the two; {called}")),
    }
}
