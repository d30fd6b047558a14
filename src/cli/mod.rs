//! The command line: arguments and commands.
//!
//! Results go to standard output, everything else to standard error. Nothing here knows about gateways; it reads files, calls the library and prints.

mod arguments;
mod check;
mod compiled;
mod completions;
mod console;
mod explain;
mod find;
mod generate;
mod layout;
mod schema;
mod together;
mod words;

pub use console::Console;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Compiles one YAML description of an AI gateway on Azure API Management into Bicep and Terraform.
///
/// Describe the gateway in `gateway.yaml`, write Bicep and Terraform with `gatewright generate`, commit both, and deploy
/// with `az deployment group create` or `terraform apply`. Gatewright itself never talks to Azure.
///
/// Results go to standard output, everything else to standard error. Exit codes: 0 success; 1 a negative result (errors in
/// the YAML, drift, denied warnings, edited files in the way); 2 the command could not run (usage, missing paths, I/O).
#[derive(Debug, Parser)]
#[command(
    name = "gatewright",
    version,
    max_term_width = 100,
    after_long_help = "Example:\n  gatewright generate gateway.yaml --out out"
)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Generate(generate::Arguments),
    Check(check::Arguments),
    Explain(explain::Arguments),
    Schema(schema::Arguments),
    Completions(completions::Arguments),
}

/// The exit status of a command; a worse one is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Success.
    Yes,
    /// The command ran, with a negative result.
    No,
    /// It could not run.
    Failed,
}

impl Verdict {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Yes => 0,
            Self::No => 1,
            Self::Failed => 2,
        }
    }
}

impl From<Verdict> for ExitCode {
    fn from(verdict: Verdict) -> Self {
        verdict.code().into()
    }
}

/// Runs one command line; the first argument is the program's name.
pub fn run(words: impl IntoIterator<Item = OsString>, console: &mut Console<'_>) -> Verdict {
    let ended = match CommandLine::try_parse_from(words) {
        Ok(line) => answer(&line.command, console),
        // Requested help is a result; other help is a message.
        Err(talk) if talk.use_stderr() => {
            console.say(talk.render().ansi());
            return Verdict::Failed;
        }
        Err(help) => console.result(help.render().ansi()).map(|()| Verdict::Yes),
    };
    ended.unwrap_or_else(|error| {
        console.error(&error);
        Verdict::Failed
    })
}

fn answer(command: &Command, console: &mut Console<'_>) -> anyhow::Result<Verdict> {
    match command {
        Command::Generate(arguments) => generate::run(arguments, console),
        Command::Check(arguments) => check::run(arguments, console),
        Command::Explain(arguments) => explain::run(arguments, console),
        Command::Schema(_) => schema::run(console),
        Command::Completions(arguments) => completions::run(arguments, console),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_holds_together() {
        CommandLine::command().debug_assert();
    }
}
