//! What `generate` and `check` have in common: which gateways, which targets, where to, how to tell.

use std::ffi::OsString;

use anyhow::bail;
use camino::Utf8PathBuf;
use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Args, ValueEnum};

use crate::emit::Target;

/// The gateways of a run and where they go.
#[derive(Debug, Clone, Args)]
pub(super) struct Selection {
    /// Gateway files, or folders to search for `gateway.yaml`
    ///
    /// A file may have any name, and its output goes straight into the output folder. In a folder every `gateway.yaml` is found, and the output folder gets the same folders inside; hidden folders and the
    /// output folder are not searched, links not followed. Without a PATH: the `gateway.yaml` of the current folder, or
    /// else the current folder.
    #[arg(value_name = "PATH", value_parser = path())]
    pub(super) paths: Vec<Utf8PathBuf>,

    /// The language to write gateways in
    ///
    /// The output folder holds exactly this: a target that an earlier run wrote and this
    /// one leaves out is removed again, except for files that somebody edited.
    #[arg(long, value_enum, default_value_t = TargetChoice::All)]
    pub(super) target: TargetChoice,

    /// The output folder
    #[arg(long, value_name = "FOLDER", default_value = DEFAULT_OUT, value_parser = path())]
    pub(super) out: Utf8PathBuf,

    /// Treat warnings as errors
    ///
    /// They are still shown as warnings, but the answer is no, and nothing is written.
    #[arg(long)]
    pub(super) deny_warnings: bool,

    /// Text for people, or one JSON document on standard output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
}

/// The output folder of those who name none.
pub(super) const DEFAULT_OUT: &str = "out";

/// The languages of one run.
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

    /// The word that chooses it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Bicep => "bicep",
            Self::Terraform => "terraform",
            Self::All => "all",
        }
    }

    /// The target that it leaves out: its name and its folder.
    pub(super) fn left_out(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Bicep => Some(("Terraform", "terraform")),
            Self::Terraform => Some(("Bicep", "bicep")),
            Self::All => None,
        }
    }
}

/// How findings and results are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Findings with the lines they are about
    Text,
    /// All findings and results, for programs
    Json,
}

pub(super) fn path() -> impl TypedValueParser<Value = Utf8PathBuf> {
    OsStringValueParser::new().try_map(parse_path)
}

fn parse_path(word: OsString) -> anyhow::Result<Utf8PathBuf> {
    let Ok(path) = Utf8PathBuf::from_os_string(word) else {
        bail!("its name is not UTF-8, and gatewright cannot show or keep such a name; rename it");
    };
    if path.as_str().is_empty() {
        bail!("it is empty; write `.` for the current folder");
    }
    Ok(path)
}
