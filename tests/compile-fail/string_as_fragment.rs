//~ the trait bound `Fragment: From<String>` is not satisfied
//! Text becomes no finished Markdown.

use gatewright::emit::refuse::Fragment;

fn main() {
    let name = "a *name*";
    let _ = Fragment::from(format!("hello {name}"));
}
