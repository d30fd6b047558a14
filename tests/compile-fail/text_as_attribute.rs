//~ AsRef<gatewright::plan::policy::Text>
//! An attribute of a policy takes a text of the policy's tree, which says whether it is code. A string does not.

mod emit {
    pub use gatewright::emit::refuse;
}

mod filters {
    pub use gatewright::emit::policy::filters::*;
}

#[derive(askama::Template)]
#[template(source = r#"<a b="[[ key|attr ]]" />"#, ext = "xml", syntax = "policy")]
struct View<'a> {
    key: &'a str,
}

fn main() {
    let view: Option<View<'_>> = None;
    let _ = view.map(|view| askama::Template::render(&view));
}
