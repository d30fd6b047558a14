//! From the paths of a command line to gateway files. Lists folders, reads no files.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context, bail};
use camino::{Utf8Path, Utf8PathBuf};
use walkdir::{DirEntry, WalkDir};

use crate::output::MANIFEST;

/// The default name of a gateway file.
pub(super) const FILE: &str = "gateway.yaml";

/// A gateway file, and its folder relative to the searched one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GatewayFile {
    /// The path of the file, as it is shown.
    pub(super) path: Utf8PathBuf,
    /// Its folder below the searched folder; empty for a file that was passed itself.
    pub(super) below: Utf8PathBuf,
}

/// All gateway files of some paths, in the order of the paths and sorted within a folder.
pub(super) fn gateways(paths: &[Utf8PathBuf], out: &Utf8Path) -> anyhow::Result<Vec<GatewayFile>> {
    let mut found: Vec<GatewayFile> = Vec::new();
    let here = [here()];
    let paths = if paths.is_empty() { &here } else { paths };
    for path in paths {
        for gateway in at(path, out)? {
            // A file that is passed twice, or passed and found, is one gateway.
            let is_known =
                found.iter().any(|known| known.below == gateway.below && is_same(&known.path, &gateway.path));
            if !is_known {
                found.push(gateway);
            }
        }
    }
    Ok(found)
}

/// Folders below `out` that contain a gateway of an earlier run, but none of this run, which writes to `written`. Only if
/// a single folder was searched, `out` belongs to it alone.
pub(super) fn abandoned<'a>(
    paths: &[Utf8PathBuf],
    out: &Utf8Path,
    written: impl Iterator<Item = &'a Utf8Path>,
) -> Vec<Utf8PathBuf> {
    let is_folder = match paths {
        [] => here() != FILE,
        [only] => only.is_dir(),
        _ => false,
    };
    if !is_folder {
        return Vec::new();
    }
    let written: BTreeSet<&Utf8Path> = written.collect();
    let entries = WalkDir::new(out).sort_by_file_name().into_iter();
    // Inaccessible folders are reported by the comparison.
    let entries = entries.filter_map(Result::ok);
    entries
        .filter(|entry| entry.file_name() == MANIFEST && entry.file_type().is_file())
        .filter_map(|entry| Some(Utf8Path::from_path(entry.path())?.parent()?.to_owned()))
        .filter(|folder| !written.contains(folder.as_path()))
        .collect()
}

fn here() -> Utf8PathBuf {
    if is_here() { FILE.into() } else { ".".into() }
}

/// True if the current folder contains a gateway file.
pub(super) fn is_here() -> bool {
    fs::metadata(FILE).is_ok_and(|metadata| metadata.is_file())
}

fn is_same(one: &Utf8Path, other: &Utf8Path) -> bool {
    one == other
        || matches!(
            (one.canonicalize(), other.canonicalize()),
            (Ok(one), Ok(other)) if one == other
        )
}

fn at(path: &Utf8Path, out: &Utf8Path) -> anyhow::Result<Vec<GatewayFile>> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => bail!("{}", absence(path)),
        Err(error) => return Err(error).with_context(|| format!("cannot access `{path}`")),
    };
    if metadata.is_dir() {
        return within(path, out);
    }
    Ok(vec![GatewayFile { path: path.to_owned(), below: Utf8PathBuf::new() }])
}

fn absence(path: &Utf8Path) -> String {
    if path.is_relative() && std::env::current_dir().is_err() {
        return "the current folder no longer exists".to_owned();
    }
    if fs::symlink_metadata(path).is_ok() {
        return format!("`{path}` is a broken symbolic link");
    }
    format!("there is no file or folder `{path}`")
}

/// Every gateway file of a folder.
fn within(folder: &Utf8Path, out: &Utf8Path) -> anyhow::Result<Vec<GatewayFile>> {
    let cannot = || format!("cannot read the folder `{folder}`");
    let root = match folder.canonicalize() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => bail!("{}", absence(folder)),
        root => root.with_context(cannot)?,
    };
    // It may not exist yet; then it is empty.
    let out = out.canonicalize().ok();
    let is_out = |entry: &DirEntry| {
        let below = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        out.as_deref() == Some(&*root.join(below))
    };
    let walk = WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !(is_hidden(entry) || is_out(entry)));

    let mut found = Vec::new();
    let mut lookalike = None;
    for entry in walk {
        let entry = entry.map_err(plain).with_context(cannot)?;
        if !entry.file_type().is_file() {
            continue;
        }
        if entry.file_name() == FILE {
            found.push(gateway(folder, entry.path())?);
        } else if lookalike.is_none() && looks_alike(entry.file_name()) {
            let path = entry.path().strip_prefix(".").unwrap_or(entry.path());
            lookalike = Some(path.display().to_string());
        }
    }
    if found.is_empty() {
        bail!("{}", nothing(folder, lookalike));
    }
    Ok(found)
}

/// Walkdir's errors repeat the path in their cause.
fn plain(error: walkdir::Error) -> anyhow::Error {
    let path = error.path().map(|path| path.display().to_string());
    match (path, error.into_io_error()) {
        (Some(path), Some(error)) => anyhow::Error::new(error).context(format!("`{path}`")),
        (_, Some(error)) => error.into(),
        (_, None) => anyhow::anyhow!("its symbolic links are circular"),
    }
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_type().is_dir() && entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn looks_alike(name: &OsStr) -> bool {
    ["gateway.yml", FILE].iter().any(|known| name.eq_ignore_ascii_case(known))
}

fn gateway(folder: &Utf8Path, file: &Path) -> anyhow::Result<GatewayFile> {
    let Some(path) = Utf8Path::from_path(file) else {
        bail!("the path of `{}` is not UTF-8, which gatewright does not support; rename it", file.display());
    };
    let relative = path.strip_prefix(folder).unwrap_or(path);
    let below = relative.parent().unwrap_or("".into()).to_owned();
    // Shown as `team/gateway.yaml`, not `./team/gateway.yaml`.
    let path = if folder == "." { relative } else { path };
    Ok(GatewayFile { path: path.to_owned(), below })
}

fn nothing(folder: &Utf8Path, lookalike: Option<String>) -> String {
    let place = if folder == "." { "the current folder".to_owned() } else { format!("`{folder}`") };
    let advice = match lookalike {
        Some(path) => format!("if you mean `{path}`, rename it, or pass it as the PATH"),
        None => "pass a gateway file as the PATH, or a folder that contains some".to_owned(),
    };
    format!("there is no `{FILE}` in {place} or the folders below it; {advice}")
}
