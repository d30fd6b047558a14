//! From what will exist to text in the targets' languages. Encoders, symbols and values live here; templates only place them.
//! This is the only file that lets askama render.

pub mod bicep;
mod filters;
pub mod fragment;
pub mod layout;
pub mod markdown;
mod monitoring;
mod named_value;
pub mod policy;
mod pool;
pub mod prose;
pub mod refuse;
pub mod symbols;
pub mod terraform;
pub mod text;
pub mod value;

use fragment::Fragment;
use policy::Policies;

use crate::output::FileTree;
use crate::plan::{Api, Plan};

/// A language that gateways are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// Bicep modules, under `bicep/`.
    Bicep,
    /// Terraform, under `terraform/`.
    Terraform,
}

impl Target {
    /// The folder of its files.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Bicep => "bicep",
            Self::Terraform => "terraform",
        }
    }
}

/// All files of a gateway in these targets. `policies` are those of the plan.
pub fn emit(plan: &Plan, policies: &Policies, targets: &[Target]) -> FileTree {
    let mut tree = FileTree::new();
    for target in targets {
        let mut files = Files { tree: &mut tree, target: *target };
        match target {
            Target::Bicep => bicep::files(plan, &mut files),
            Target::Terraform => terraform::files(plan, &mut files),
        }
        for api in &plan.apis {
            files.copy(&policy_file(api), policies.of(api));
            if api.link().is_none() {
                files.copy(&definition_file(api), api.definition_text());
            }
        }
    }
    tree.insert("GATEWAY.md", markdown::gateway(plan, targets));
    tree.of(plan.deployment_name())
}

/// Files of one target.
struct Files<'a> {
    tree: &'a mut FileTree,
    target: Target,
}

impl Files<'_> {
    /// Adds source of the target, as templates give it, in the layout of the target's formatter. `path` is made of our own words and of
    /// names that hold nothing but letters, digits and hyphens.
    fn add(&mut self, path: &str, source: impl AsRef<str>) {
        let source = layout::layout(source.as_ref());
        match self.target {
            Target::Bicep => self.copy(path, source),
            Target::Terraform => self.copy(path, terraform::align::align(&source)),
        }
    }

    /// Adds a file as it is.
    fn copy(&mut self, path: &str, text: impl AsRef<str>) {
        self.tree.insert(format!("{}/{path}", self.target.folder()), text);
    }
}

/// The path of an API's policy below a target's folder.
fn policy_file(api: &Api) -> String {
    format!("policies/api-{}.xml", api.name)
}

/// The path of an API's definition below a target's folder.
fn definition_file(api: &Api) -> String {
    // Not the bare name: Windows has no file `con.json`.
    format!("specs/api-{}.json", api.name)
}

/// The text of a view. Writing to a `String` cannot fail, and our filters do not.
pub(crate) fn render(template: &impl askama::Template) -> String {
    template.render().expect("emit: filters never fail, and neither does writing to a string")
}

/// The text of a view that another view places with `nest`.
pub(crate) fn fragment(template: &impl askama::Template) -> Fragment {
    Fragment::of(template)
}

#[cfg(test)]
mod tests {
    use super::*;

    mod filters {
        pub(super) use crate::emit::bicep::filters::*;
    }

    #[derive(askama::Template)]
    #[template(source = "tags: {\n  {{ key|key }}: {{ value|str }}\n}", ext = "bicep")]
    struct Tags<'a> {
        key: &'a str,
        value: &'a String,
    }

    #[derive(askama::Template)]
    #[template(
        source = "resource {{ name|ident }} = { // {{ file|comment }}\n  {{ tags|nest }}\n  size: {{ size|bare }}\n}",
        ext = "bicep"
    )]
    struct Resource<'a> {
        name: &'a symbols::Symbol,
        file: String,
        tags: Fragment,
        size: u32,
    }

    #[test]
    fn children_are_nested() {
        let tags = fragment(&Tags { key: "a-b", value: &"O'Brien".to_owned() });
        let name = &symbols::Symbols::reserving(&[]).add("east-1", "Backend");
        let source = render(&Resource { name, file: "a\nb".to_owned(), tags, size: 3 });
        insta::assert_snapshot!(layout::layout(&source), @r"
        resource east1 = { // a\u{a}b
          tags: {
            'a-b': 'O\'Brien'
          }
          size: 3
        }
        ");
    }
}
