//! The `gatewright` program.

use gatewright::{compile, diag::render};

#[expect(clippy::print_stdout, reason = "provisional")]
fn main() {
    let path = std::env::args().nth(1).unwrap_or_default();
    let checked = compile::check(path.as_str().into()).expect("readable");
    println!("{}", render::text(&checked.report, &checked.sources, false));
    println!("{:#?}", checked.resolved);
}
