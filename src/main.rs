//! provisional
use gatewright::{compile, diag::render, emit, output, plan};

#[expect(clippy::print_stdout, reason = "provisional")]
fn main() {
    let path = std::env::args().nth(1).unwrap_or_default();
    let out = std::env::args().nth(2).unwrap_or_default();
    let checked = compile::check(path.as_str().into()).expect("readable");
    println!("{}", render::text(&checked.report, &checked.sources, false));
    if let Some(resolved) = &checked.resolved {
        let tree = emit::emit(
            &plan::build(resolved),
            &[emit::Target::Bicep, emit::Target::Terraform],
        );
        println!(
            "{:?}",
            output::write(&tree, out.as_str().into(), output::WriteOptions::default())
        );
    }
}
