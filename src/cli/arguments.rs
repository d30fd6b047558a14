//! The common arguments of `generate` and `check`: gateways, targets, output folder and format.

use std::ffi::OsString;

use anyhow::bail;
use camino::Utf8PathBuf;
use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Args, ValueEnum};

use crate::diag::{Code, Level, Levels, Severity};
use crate::emit::Target;

/// The gateways of a run and their output folder.
#[derive(Debug, Clone, Args)]
pub(super) struct Selection {
    /// Gateway files, or folders to search for `gateway.yaml`
    ///
    /// A file may have any name, and its output is written directly into the output folder. A folder is searched for files named `gateway.yaml`, and the output folder gets the same subfolders; hidden folders and the
    /// output folder are not searched, links are not followed. Without a PATH: the `gateway.yaml` of the current folder, or
    /// otherwise the current folder is searched.
    #[arg(value_name = "PATH", value_parser = path())]
    pub(super) paths: Vec<Utf8PathBuf>,

    /// The target language
    ///
    /// The output folder contains exactly this: the files of a target that an earlier run wrote and this
    /// run does not generate are removed, except for edited ones. Without this option: the target that the output folder contains, or
    /// both.
    #[arg(long, value_enum)]
    pub(super) target: Option<TargetChoice>,

    /// The output folder
    #[arg(long, value_name = "FOLDER", default_value = DEFAULT_OUT, value_parser = path())]
    pub(super) out: Utf8PathBuf,

    /// Treat warnings as errors
    ///
    /// They are still shown as warnings, but the exit code is 1 and nothing is written.
    #[arg(long)]
    pub(super) deny_warnings: bool,

    /// Accept warnings of a code, such as D012
    ///
    /// They are neither shown nor counted. Repeat the option for further codes. Errors cannot be accepted.
    #[arg(long, value_name = "CODE", value_parser = warning)]
    pub(super) allow: Vec<Code>,

    /// Output format: readable text, or one JSON document on standard output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
}

/// The default output folder.
pub(super) const DEFAULT_OUT: &str = "out";

/// The targets of one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TargetChoice {
    /// Bicep only
    Bicep,
    /// Terraform only
    Terraform,
    /// Both
    All,
}

impl TargetChoice {
    /// The targets, as the library knows them.
    pub(super) fn targets(self) -> &'static [Target] {
        match self {
            Self::Bicep => &[Target::Bicep],
            Self::Terraform => &[Target::Terraform],
            Self::All => &[Target::Bicep, Target::Terraform],
        }
    }

    /// Its value on the command line.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Bicep => "bicep",
            Self::Terraform => "terraform",
            Self::All => "all",
        }
    }

    /// The target that is not generated: its name and its folder.
    pub(super) fn left_out(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Bicep => Some(("Terraform", "terraform")),
            Self::Terraform => Some(("Bicep", "bicep")),
            Self::All => None,
        }
    }
}

/// Output format of findings and results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Findings with their source lines
    Text,
    /// All findings and results, for programs
    Json,
}

impl Selection {
    /// The levels of warnings.
    pub(super) fn levels(&self) -> Levels {
        let all = self.allow.iter();
        all.fold(Levels::default(), |levels, code| {
            levels.with(*code, Level::Allow).expect("arguments: warnings have levels")
        })
    }
}

/// The code of a warning.
fn warning(text: &str) -> anyhow::Result<Code> {
    let found = Code::ALL.iter().find(|code| code.id().eq_ignore_ascii_case(text));
    match found {
        Some(code) if code.severity() == Severity::Warning => Ok(*code),
        Some(code) => bail!("{} is an error, and errors cannot be accepted", code.id()),
        None => bail!("there is no such code; findings show theirs in brackets"),
    }
}

pub(super) fn path() -> impl TypedValueParser<Value = Utf8PathBuf> {
    OsStringValueParser::new().try_map(parse_path)
}

fn parse_path(word: OsString) -> anyhow::Result<Utf8PathBuf> {
    let Ok(path) = Utf8PathBuf::from_os_string(word) else {
        bail!("the file name is not UTF-8, which gatewright does not support; rename the file");
    };
    if path.as_str().is_empty() {
        bail!("the path is empty; write `.` for the current folder");
    }
    Ok(path)
}
