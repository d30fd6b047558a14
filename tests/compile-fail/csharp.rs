//~ is not text that a filter may encode
//! C# stands in policies, never in a string of Bicep.

mod emit {
    pub use gatewright::emit::refuse;
}

mod filters {
    pub use gatewright::emit::bicep::filters::*;
}

use gatewright::plan::policy::CsExpr;

#[derive(askama::Template)]
#[template(source = r#"{{ name|str }}"#, ext = "bicep")]
struct View<'a> {
    name: &'a CsExpr,
}

fn main() {
    let view: Option<View<'_>> = None;
    let _ = view.map(|view| askama::Template::render(&view));
}
