//! What `generate` and `check` do alike: read and check all files, report, and make the trees.

use anyhow::Result;
use camino::Utf8PathBuf;
use serde_json::Value;

use super::inputs::{Input, Inputs, inputs};
use super::{Format, InputArguments, Streams};
use crate::compile::{self, Checked};
use crate::diag::{Severity, render};
use crate::emit;
use crate::output::FileTree;

/// What the files of a run gave.
pub(super) struct Run {
    pub(super) inputs: Inputs,
    checked: Vec<Checked>,
    errors: usize,
    warnings: usize,
    denies_warnings: bool,
}

/// One gateway that can be written.
pub(super) struct Made {
    pub(super) input: Input,
    pub(super) tree: FileTree,
}

impl Run {
    /// Reads and checks all files.
    pub(super) fn new(arguments: &InputArguments) -> Result<Self> {
        let inputs = inputs(&arguments.paths, &arguments.out)?;
        let checked: Vec<Checked> = inputs
            .all
            .iter()
            .map(|input| compile::check(&input.file))
            .collect::<Result<_>>()?;
        let count = |severity| {
            checked
                .iter()
                .map(|checked| checked.report.count(severity))
                .sum()
        };
        Ok(Self {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            denies_warnings: arguments.deny_warnings,
            inputs,
            checked,
        })
    }

    /// Whether something stands in the way of writing.
    pub(super) fn is_refused(&self) -> bool {
        self.errors > 0 || (self.denies_warnings && self.warnings > 0)
    }

    /// The trees of all gateways, none if any is refused.
    pub(super) fn trees(&self, arguments: &InputArguments) -> Vec<Made> {
        if self.is_refused() {
            return Vec::new();
        }
        let all = self.inputs.all.iter().zip(&self.checked);
        all.filter_map(|(input, checked)| {
            Some(Made {
                input: input.clone(),
                tree: emit::emit(checked.plan.as_ref()?, arguments.target.list()),
            })
        })
        .collect()
    }

    /// Shows all findings to people.
    pub(super) fn show(&self, streams: &mut Streams<'_>) -> Result<()> {
        for checked in &self.checked {
            let text = render::text(&checked.report, &checked.sources, streams.colours_err);
            write!(streams.err, "{text}")?;
        }
        if self.errors + self.warnings > 0 {
            let denied = if self.errors == 0 && self.is_refused() {
                ", and warnings are denied"
            } else {
                ""
            };
            let counts = [
                counted(self.errors, "error"),
                counted(self.warnings, "warning"),
            ];
            let counts: Vec<String> = counts.into_iter().flatten().collect();
            writeln!(streams.err, "{}{denied}", counts.join(", "))?;
        }
        Ok(())
    }

    /// All findings as JSON.
    pub(super) fn findings(&self) -> Value {
        let all = self.checked.iter().flat_map(|checked| {
            let text = render::json(&checked.report, &checked.sources);
            let value = serde_json::from_str(&text).expect("render: JSON is JSON");
            match value {
                Value::Array(findings) => findings,
                other => vec![other],
            }
        });
        Value::Array(all.collect())
    }
}

/// Prints one JSON document.
pub(super) fn json(value: &Value, streams: &mut Streams<'_>) -> Result<()> {
    writeln!(streams.out, "{value:#}")?;
    Ok(())
}

impl Format {
    pub(super) fn is_json(self) -> bool {
        self == Self::Json
    }
}

/// `1 file`, `2 files`; nothing for none.
pub(super) fn counted(count: usize, what: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("1 {what}")),
        _ => Some(format!("{count} {what}s")),
    }
}

/// Folders below the output folder that hold a gateway which no file gives any more.
pub(super) fn orphans(run: &Run, arguments: &InputArguments) -> Vec<Utf8PathBuf> {
    if !run.inputs.is_complete {
        return Vec::new();
    }
    let mut orphans = Vec::new();
    let entries = walkdir::WalkDir::new(&arguments.out).sort_by_file_name();
    for entry in entries.into_iter().filter_map(std::result::Result::ok) {
        let path = camino::Utf8Path::from_path(entry.path());
        let folder = path.filter(|path| path.file_name() == Some(".gatewright.json"));
        if let Some(folder) = folder.and_then(camino::Utf8Path::parent)
            && !run.inputs.all.iter().any(|input| input.out == folder)
        {
            orphans.push(folder.to_owned());
        }
    }
    orphans
}
