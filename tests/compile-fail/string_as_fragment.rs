//~ Fragment: From<String>` is not satisfied
//! Text is not finished Markdown.

use gatewright::emit::fragment::Fragment;

fn main() {
    let name = "a *name*";
    let _ = Fragment::from(format!("hello {name}"));
}
