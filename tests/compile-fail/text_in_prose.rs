//~ argument requires that `name` is borrowed for `'static`
//! Only words of our own code get into Markdown as they are.

use gatewright::emit::prose::Prose;

fn main() {
    let name = String::from("a *name*");
    let _ = Prose::fixed("hello ").then(&name);
}
