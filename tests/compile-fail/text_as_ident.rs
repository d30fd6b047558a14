//~ AsRef<Symbol>
//! Text is no symbol.

mod emit {
    pub use gatewright::emit::refuse;
}

mod filters {
    pub use gatewright::emit::bicep::filters::*;
}

#[derive(askama::Template)]
#[template(source = r#"{{ name|ident }}"#, ext = "bicep")]
struct View {
    name: String,
}

fn main() {
    let view = View { name: String::new() };
    let _ = askama::Template::render(&view);
}
