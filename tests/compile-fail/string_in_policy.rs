//~ AsRef<gatewright::plan::policy::Text>
//! A string says not whether it is text or code.

mod emit {
    pub use gatewright::emit::refuse;
}

mod filters {
    pub use gatewright::emit::policy::filters::*;
}

#[derive(askama::Template)]
#[template(source = r#"<set-variable value="[[ value|attr ]]" />"#, ext = "xml", syntax = "policy")]
struct View {
    value: String,
}

fn main() {
    let view = View { value: String::new() };
    let _ = askama::Template::render(&view);
}
