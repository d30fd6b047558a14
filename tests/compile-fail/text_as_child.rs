//~ AsRef<Fragment>
//! Text is no finished child.

mod emit {
    pub use gatewright::emit::refuse;
}

mod filters {
    pub use gatewright::emit::bicep::filters::*;
}

#[derive(askama::Template)]
#[template(source = r#"{{ name|nest }}"#, ext = "bicep")]
struct View {
    name: String,
}

fn main() {
    let view = View { name: String::new() };
    let _ = askama::Template::render(&view);
}
