//~ Value>` is not satisfied
//! Text is no value: who makes one says that it is text.

mod emit {
    pub use gatewright::emit::refuse;
}

mod filters {
    pub use gatewright::emit::terraform::filters::*;
}

#[derive(askama::Template)]
#[template(source = r#"name = {{ name|val }}"#, ext = "tf")]
struct View {
    name: String,
}

fn main() {
    let view = View { name: String::new() };
    let _ = askama::Template::render(&view);
}
