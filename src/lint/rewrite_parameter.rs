//! `rewrite-uri` with a parameter in braces that no operation of the API has.

use super::included::each;
use crate::definition::Coverage;
use crate::diag::{Code, Report, closest};
use crate::resolve::Resolution;

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    each(resolution, |statement, position| {
        let definition = &position.api.definition;
        if statement.name != "rewrite-uri" || definition.coverage == Coverage::Linked {
            return;
        }
        let mut attributes = statement.attributes.iter();
        let Some((_, template)) = attributes.find(|(name, _)| *name == "template") else { return };
        if template.is_code() {
            return;
        }
        let operations = definition.operations.iter();
        let known: Vec<&str> = operations.flat_map(|one| &one.parameters).map(String::as_str).collect();
        let is_known = |name: &str| known.iter().any(|known| known.eq_ignore_ascii_case(name));
        for name in names(&template.literal().unwrap_or_default()).iter().filter(|name| !is_known(name)) {
            let near = closest(name, known.iter().copied());
            let found = position
                .at(Code::RewriteParameter, template.at())
                .says(format!("no operation of API `{}` has a path parameter `{name}`", position.api.name))
                .because(
                    "the gateway fills in the parameters of the operation that was called, and fails if one is missing",
                )
                .help(match near {
                    Some(near) => format!("did you mean `{{{near}}}`?"),
                    None => {
                        "use a parameter of the paths in the definition, or build the path in an expression: `@(…)`"
                            .to_owned()
                    }
                });
            position.push(found, report);
        }
    });
}

/// The names in braces.
fn names(template: &str) -> Vec<String> {
    let parts = template.split('{').skip(1);
    parts.filter_map(|part| Some(part.split_once('}')?.0.to_owned())).filter(|name| !name.is_empty()).collect()
}
