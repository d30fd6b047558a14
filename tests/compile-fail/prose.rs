//! Encoded text and words of our own do compile.

mod emit {
    pub use gatewright::emit::refuse;
}

mod filters {
    pub use gatewright::emit::markdown::filters::*;
}

use gatewright::emit::fragment::Fragment;
use gatewright::emit::prose::Prose;

#[derive(askama::Template)]
#[template(source = r#"{{ name|nest(0) }}, {{ others|codes }}"#, ext = "md")]
struct View {
    name: Fragment,
    others: Vec<String>,
}

fn main() {
    let name = String::from("a *name*");
    let view = View { name: Prose::fixed("hello ").text(&name).into(), others: vec![name] };
    let _ = askama::Template::render(&view);
}
