//! From what will exist to text in the targets' languages. Encoders, symbols and values live here; templates only place them.
//! This is the only file that lets askama render.

pub mod bicep;
pub mod markdown;
pub mod policy;
pub mod refuse;
pub mod symbols;
pub mod terraform;
pub mod text;
pub mod value;

use refuse::Fragment;

use crate::output::FileTree;
use crate::plan::Plan;

/// A language that gateways are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// Bicep modules, under `bicep/`.
    Bicep,
    /// Terraform, under `terraform/`.
    Terraform,
}

/// All files of a gateway in these targets.
pub fn emit(plan: &Plan, targets: &[Target]) -> FileTree {
    let _ = (plan, targets);
    FileTree::new()
}

/// The text of a view. Writing to a `String` cannot fail, and our filters do not.
pub(crate) fn render(template: &impl askama::Template) -> String {
    template
        .render()
        .expect("emit: filters never fail, and neither does writing to a string")
}

/// The text of a view that another view places with `nest`.
pub(crate) fn fragment(template: &impl askama::Template) -> Fragment {
    Fragment::new(render(template))
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
        source = "resource {{ name|ident }} = { // {{ file|comment }}\n  {{ tags|nest(2) }}\n  size: {{ size|bare }}\n}",
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
        let tags = fragment(&Tags {
            key: "a-b",
            value: &"O'Brien".to_owned(),
        });
        let name = &symbols::Symbols::reserving(&[]).add("east-1", "Backend");
        insta::assert_snapshot!(render(&Resource { name, file: "a\nb".to_owned(), tags, size: 3 }), @r"
        resource east1 = { // a\u{a}b
          tags: {
            'a-b': 'O\'Brien'
          }
          size: 3
        }
        ");
    }
}
