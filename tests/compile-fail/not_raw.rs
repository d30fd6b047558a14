//~ is not text that a filter may encode
//! A type of ours that is no text.

mod emit {
    pub use gatewright::emit::refuse;
}

mod filters {
    pub use gatewright::emit::bicep::filters::*;
}

struct Plan(String);

#[derive(askama::Template)]
#[template(source = r#"{{ name|str }}"#, ext = "bicep")]
struct View {
    name: Plan,
}

fn main() {
    let view = View { name: Plan(String::new()) };
    let _ = askama::Template::render(&view);
}
