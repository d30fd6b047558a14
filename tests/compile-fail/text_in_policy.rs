//! Control: a text of a policy compiles, in an attribute and between tags.

mod emit {
    pub use gatewright::emit::refuse;
}

mod filters {
    pub use gatewright::emit::policy::filters::*;
}

#[derive(askama::Template)]
#[template(source = r#"<x y="[[ value|attr ]]">[[ value|text ]]</x>"#, ext = "xml", syntax = "policy")]
struct View {
    value: gatewright::plan::policy::Text,
}

fn main() {
    let view = View { value: true.into() };
    let _ = askama::Template::render(&view);
}
