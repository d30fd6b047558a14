//! The `gatewright` program: arguments and streams in, exit code out.

use std::io;
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use gatewright::cli::{self, Streams};

fn main() -> ExitCode {
    let (mut out, mut err) = (io::stdout().lock(), io::stderr().lock());
    let mut streams = Streams {
        // Both ask for a terminal and for NO_COLOR.
        colours_out: AutoStream::choice(&out) != ColorChoice::Never,
        colours_err: AutoStream::choice(&err) != ColorChoice::Never,
        out: &mut out,
        err: &mut err,
    };
    cli::run(std::env::args_os(), &mut streams).into()
}
