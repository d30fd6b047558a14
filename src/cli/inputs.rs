//! Which gateway files a command is about, and where the output of each goes.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};
use camino::{Utf8Path, Utf8PathBuf};
use walkdir::WalkDir;

/// The name of gateway files in folders.
const NAME: &str = "gateway.yaml";

/// A gateway file and the folder of its output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Input {
    pub(super) file: Utf8PathBuf,
    pub(super) out: Utf8PathBuf,
}

/// Everything that paths stand for.
#[derive(Debug)]
pub(super) struct Inputs {
    /// In the order of their files.
    pub(super) all: Vec<Input>,
    /// Whether a folder was searched, so that the output folder holds what came of it and nothing else.
    pub(super) is_complete: bool,
}

/// Finds the gateway files of paths.
pub(super) fn inputs(paths: &[Utf8PathBuf], out: &Utf8Path) -> anyhow::Result<Inputs> {
    let default = [default_path()];
    let paths = if paths.is_empty() {
        &default[..]
    } else {
        paths
    };
    let mut all = Vec::new();
    for path in paths {
        // A path that is not there is reported as such when it is read.
        if path.is_dir() {
            all.extend(below(path, out)?);
        } else {
            all.push(Input {
                file: path.clone(),
                out: out.to_owned(),
            });
        }
    }
    all.sort_by(|a, b| a.file.cmp(&b.file));
    all.dedup();
    distinct(&all)?;
    Ok(Inputs {
        all,
        is_complete: matches!(paths, [only] if only.is_dir()),
    })
}

fn default_path() -> Utf8PathBuf {
    let file = Utf8Path::new(NAME);
    if file.is_file() {
        file.to_owned()
    } else {
        ".".into()
    }
}

/// The gateway files below a folder.
fn below(folder: &Utf8Path, out: &Utf8Path) -> anyhow::Result<Vec<Input>> {
    // Compared after links and `..`: `./out` and `out` are one folder.
    let skipped = out.canonicalize_utf8().ok();
    let is_wanted = |entry: &walkdir::DirEntry| {
        let is_hidden = entry.depth() > 0
            && entry
                .file_name()
                .to_str()
                .is_some_and(|name| name.starts_with('.'));
        let is_output = entry.depth() > 0
            && entry.file_type().is_dir()
            && skipped.is_some()
            && entry.path().canonicalize().ok().as_deref()
                == skipped.as_deref().map(Utf8Path::as_std_path);
        !is_hidden && !is_output
    };
    let mut found = Vec::new();
    for entry in WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(is_wanted)
    {
        let entry = entry.with_context(|| format!("cannot search {folder}"))?;
        if !entry.file_type().is_file() || entry.file_name() != NAME {
            continue;
        }
        let Some(file) = Utf8Path::from_path(entry.path()) else {
            bail!("the path {} is not UTF-8", entry.path().display());
        };
        let within = file.strip_prefix(folder).unwrap_or(file);
        let within = within.parent().unwrap_or(Utf8Path::new(""));
        found.push(Input {
            file: file.to_owned(),
            out: join(out, within),
        });
    }
    if found.is_empty() {
        bail!("no {NAME} in {folder} or its folders");
    }
    Ok(found)
}

/// `out/a`, and `out` where nothing follows.
fn join(out: &Utf8Path, within: &Utf8Path) -> Utf8PathBuf {
    if within.as_str().is_empty() {
        out.to_owned()
    } else {
        out.join(within)
    }
}

/// Two files may not write into one folder.
fn distinct(inputs: &[Input]) -> anyhow::Result<()> {
    let mut by_out: BTreeMap<&Utf8Path, &Utf8Path> = BTreeMap::new();
    for input in inputs {
        if let Some(other) = by_out.insert(&input.out, &input.file) {
            bail!(
                "{other} and {} would both be written to {}; give them in runs of their own with different --out, or their common folder",
                input.file,
                input.out,
            );
        }
    }
    Ok(())
}
