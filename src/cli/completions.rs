//! `gatewright completions`.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{CommandLine, Console, Verdict};

/// Print a script that completes commands in a shell
#[derive(Debug, Args)]
#[command(
    after_long_help = "Example:\n  gatewright completions bash > ~/.local/share/bash-completion/completions/gatewright"
)]
pub(super) struct Arguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments, console: &mut Console<'_>) -> anyhow::Result<Verdict> {
    // Into memory first: the generator panics if it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut CommandLine::command(), "gatewright", &mut script);
    console.result(String::from_utf8_lossy(&script))?;
    Ok(Verdict::Yes)
}
