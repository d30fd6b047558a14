//! The command line: arguments in, exit code out. Results go to one writer and talk to the other; both come from `main`.

mod check;
mod completions;
mod explain;
mod generate;
mod inputs;
mod run;
mod schema;

use std::io::{self, Write};
use std::process::ExitCode;

use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::emit::Target;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done and clean.
    Done,
    /// It ran and says no: errors in a file, drift, denied warnings.
    No,
    /// It could not run: usage, or the world.
    CouldNot,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::SUCCESS,
            Exit::No => Self::FAILURE,
            Exit::CouldNot => Self::from(2),
        }
    }
}

/// Where commands write.
pub struct Streams<'a> {
    /// What a command is for.
    pub out: &'a mut dyn Write,
    /// All else.
    pub err: &'a mut dyn Write,
    /// Whether colours are wanted in `out`.
    pub colours_out: bool,
    /// Whether colours are wanted in `err`.
    pub colours_err: bool,
}

/// Compiles one YAML description of an AI gateway on Azure API Management into Bicep and Terraform.
#[derive(Debug, Parser)]
#[command(
    name = "gatewright",
    version,
    max_term_width = 100,
    after_help = "Exit codes: 0 done, 1 the answer is no (errors in a file, drift, denied warnings), 2 could not run."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write Bicep and Terraform for gateway files
    ///
    /// Nothing is written unless all files are free of errors and no file that somebody edited would be lost. Files that
    /// an earlier run wrote and that are not needed any more are removed, also those of a target that is not asked for now.
    #[command(
        after_help = "Examples:\n  gatewright generate\n  gatewright generate gateway.yaml --out infra --target bicep\n  gatewright generate gateways/ --dry-run"
    )]
    Generate(GenerateArguments),
    /// Say whether gateway files are right and the output is what they give
    ///
    /// Writes nothing. Every missing, changed or orphaned file is shown with a short diff, from the disk to what would be
    /// written, and then the command that mends it.
    #[command(
        after_help = "Examples:\n  gatewright check\n  gatewright check fixtures/valid --format json"
    )]
    Check(InputArguments),
    /// Print the JSON Schema of gateway files, for editors
    #[command(
        after_help = "Example:\n  gatewright schema > gateway.schema.json\nand as the first line of gateway.yaml:\n  # yaml-language-server: $schema=gateway.schema.json"
    )]
    Schema,
    /// Explain the code of a finding, or list all codes
    #[command(after_help = "Example:\n  gatewright explain R001")]
    Explain {
        /// Code, such as R001; case does not matter. All codes, if left out
        code: Option<String>,
    },
    /// Print completions for a shell
    #[command(
        after_help = "Example:\n  gatewright completions bash > ~/.local/share/bash-completion/completions/gatewright"
    )]
    Completions {
        /// Shell
        shell: clap_complete::Shell,
    },
}

/// What `generate` and `check` share.
#[derive(Debug, Args)]
struct InputArguments {
    /// Gateway file, or folder in which every gateway.yaml is found. Default: gateway.yaml here, or else this folder
    ///
    /// A file's output goes into the output folder itself. Below a folder, each file's output goes into the same folder
    /// below the output folder. Hidden folders, the output folder and links are skipped.
    #[arg(value_name = "PATH")]
    paths: Vec<Utf8PathBuf>,
    /// What to write
    #[arg(long, value_enum, default_value_t = Targets::All)]
    target: Targets,
    /// Output folder
    #[arg(long, value_name = "FOLDER", default_value = "out")]
    out: Utf8PathBuf,
    /// Treat warnings like errors
    #[arg(long)]
    deny_warnings: bool,
    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Args)]
struct GenerateArguments {
    #[command(flatten)]
    input: InputArguments,
    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Replace files that somebody edited, and files in the way that are not ours
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Targets {
    /// Bicep and Terraform
    All,
    /// Bicep alone
    Bicep,
    /// Terraform alone
    Terraform,
}

impl Targets {
    fn list(self) -> &'static [Target] {
        match self {
            Self::All => &[Target::Bicep, Target::Terraform],
            Self::Bicep => &[Target::Bicep],
            Self::Terraform => &[Target::Terraform],
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Bicep => "bicep",
            Self::Terraform => "terraform",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON document on standard output
    Json,
}

/// Runs the command that the arguments name; the first one is the program.
pub fn run<I, T>(arguments: I, streams: &mut Streams<'_>) -> Exit
where
    I: IntoIterator<Item = T>,
    T: Into<std::ffi::OsString> + Clone,
{
    let done = match Cli::try_parse_from(arguments) {
        Ok(cli) => command(cli.command, streams),
        Err(error) => usage(&error, streams),
    };
    match done {
        Ok(exit) => exit,
        // Who reads has seen enough.
        Err(error) if is_broken_pipe(&error) => Exit::Done,
        Err(error) => {
            // Nothing is left to tell it to, if this fails too.
            let _ = writeln!(streams.err, "error: {error:#}");
            Exit::CouldNot
        }
    }
}

fn command(command: Command, streams: &mut Streams<'_>) -> anyhow::Result<Exit> {
    let exit = match command {
        Command::Generate(arguments) => generate::generate(&arguments, streams),
        Command::Check(arguments) => check::check(&arguments, streams),
        Command::Schema => schema::schema(streams),
        Command::Explain { code } => explain::explain(code.as_deref(), streams),
        Command::Completions { shell } => completions::completions(shell, streams),
    }?;
    streams.out.flush()?;
    streams.err.flush()?;
    Ok(exit)
}

/// Help and versions are results, mistakes are talk.
fn usage(error: &clap::Error, streams: &mut Streams<'_>) -> anyhow::Result<Exit> {
    let text = error.render();
    let (stream, is_coloured, exit) = if error.use_stderr() {
        (&mut streams.err, streams.colours_err, Exit::CouldNot)
    } else {
        (&mut streams.out, streams.colours_out, Exit::Done)
    };
    if is_coloured {
        write!(stream, "{}", text.ansi())?;
    } else {
        write!(stream, "{text}")?;
    }
    stream.flush()?;
    Ok(exit)
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io = error.downcast_ref::<io::Error>();
    io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// The command line, for completions.
fn command_line() -> clap::Command {
    use clap::CommandFactory as _;
    Cli::command()
}
