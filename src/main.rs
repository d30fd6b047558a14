//! The `gatewright` program: everything it does is in the library.

use std::process::ExitCode;

use gatewright::cli::{self, Console};

fn main() -> ExitCode {
    cli::run(std::env::args_os(), &mut Console::standard()).into()
}
