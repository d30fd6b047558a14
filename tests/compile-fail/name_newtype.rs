//! Control: a name that implements `Raw` compiles.

mod emit {
    pub use gatewright::emit::refuse;
}

mod filters {
    pub use gatewright::emit::bicep::filters::*;
}

struct Name(String);

impl gatewright::emit::refuse::Raw for Name {
    fn raw(&self) -> &str {
        &self.0
    }
}

#[derive(askama::Template)]
#[template(source = r#"{{ name|str }}"#, ext = "tf")]
struct View {
    name: Name,
}

fn main() {
    let view = View { name: Name(String::new()) };
    let _ = askama::Template::render(&view);
}
