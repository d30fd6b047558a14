//! The only writer in the crate: writes a tree as a whole, or not at all.
//!
//! New content is staged beside the old. Then the journal records the pending changes, files are renamed into place one by
//! one, and the manifest comes last. An interrupted run leaves only files that the manifest or the journal lists, so the
//! next run finishes the work and does not mistake its own files for edited ones.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::bail;
use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;

use super::disk;
use super::manifest::{JOURNAL, Known, MANIFEST, STAGING};
use super::survey::Survey;
use super::tree::FileTree;

/// How long to wait for another run.
const PATIENCE: Duration = Duration::from_secs(5);

/// Options of a write.
#[derive(Debug, Clone, Copy, Default)]
pub struct WriteOptions {
    /// Overwrites edited files and other files at the paths of generated ones.
    pub force: bool,
    /// Reports the changes without making them.
    pub dry_run: bool,
}

/// The result of a run, or of a dry run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// The folder contains the tree.
    Done(Changes),
    /// Edited or other files are in the way; nothing was changed.
    Refused {
        /// Generated files that were edited.
        edited: Vec<Utf8PathBuf>,
        /// Other files at the paths of generated ones.
        foreign: Vec<Utf8PathBuf>,
    },
}

/// Paths by result, each list sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Created files.
    pub created: Vec<Utf8PathBuf>,
    /// Files whose content changed.
    pub changed: Vec<Utf8PathBuf>,
    /// Removed files: unedited and no longer generated.
    pub removed: Vec<Utf8PathBuf>,
    /// Edited files that are no longer generated: they now belong to the user, with `force` too. They are not in the way,
    /// and may be the only copy of the edit.
    pub kept: Vec<Utf8PathBuf>,
    /// Unchanged files.
    pub unchanged: Vec<Utf8PathBuf>,
}

impl Changes {
    /// True if nothing on disk changes.
    pub fn is_empty(&self) -> bool {
        self.created.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }
}

/// Makes a folder contain exactly a tree, besides files of the user.
///
/// # Errors
///
/// If the operating system reports an error, or an obstacle that is not a regular file or folder is in the way.
pub fn write(tree: &FileTree, out: &Utf8Path, options: WriteOptions) -> anyhow::Result<Outcome> {
    let out = disk::named(out);
    let _lock = match disk::has_folder(out)? {
        false if options.dry_run => None,
        false => {
            disk::create_out(out)?;
            Some(disk::lock(out, PATIENCE)?)
        }
        true => Some(disk::lock(out, PATIENCE)?),
    };
    let known = Known::read(out)?;
    let survey = Survey::make(tree, out, &known)?;
    if !survey.obstacles.is_empty() {
        bail!("nothing was written\n{}", survey.obstacles.join("\n"));
    }
    let is_contested = !survey.edited.is_empty() || !survey.foreign.is_empty();
    if is_contested && !options.force {
        return Ok(Outcome::Refused { edited: survey.edited, foreign: survey.foreign });
    }
    if !options.dry_run {
        apply(tree, out, known, &survey)?;
    }
    Ok(Outcome::Done(survey.changes))
}

fn apply(tree: &FileTree, out: &Utf8Path, known: Known, survey: &Survey) -> anyhow::Result<()> {
    // We hold the lock, so the process that staged this has ended.
    let staging = out.join(STAGING);
    disk::remove_all(&staging)?;
    let orphans: Vec<_> = known.orphans(tree).map(Utf8Path::to_owned).collect();
    if survey.is_idle() {
        // An interrupted run may have left a folder for files that are not needed after all.
        prune(out, &orphans)?;
    } else {
        let done = stage(tree, out, &staging, known, survey).and_then(|moves| place(out, &moves, survey, &orphans));
        if done.is_err() {
            // Best effort: the next run repeats it, and the first error is the one to show.
            let _ = disk::remove_all(&staging);
        }
        done?;
    }
    disk::remove_all(&staging)?;
    disk::remove_file(&out.join(JOURNAL))
}

/// A staged file.
struct Move {
    from: Utf8PathBuf,
    to: Utf8PathBuf,
}

/// Everything that can fail on a full disk happens here, before the first file is replaced.
fn stage(
    tree: &FileTree,
    out: &Utf8Path,
    staging: &Utf8Path,
    known: Known,
    survey: &Survey,
) -> anyhow::Result<Vec<Move>> {
    disk::create_folder(staging)?;
    let mut moves = Vec::new();
    for (number, path) in survey.changes.created.iter().chain(&survey.changes.changed).enumerate() {
        let from = staging.join(number.to_string());
        let text = tree.get(path).expect("output: the survey walked this tree");
        disk::create_file(&from, text, &out.join(path))?;
        moves.push(Move { from, to: path.clone() });
    }
    let manifest = staging.join("manifest");
    disk::create_file(&manifest, &survey.hashes.manifest(), &out.join(MANIFEST))?;
    moves.push(Move { from: manifest, to: MANIFEST.into() });

    // It contains the entries of the old journal, if any, and replaces it atomically.
    let journal = staging.join("journal");
    disk::create_file(&journal, &known.journal(&survey.hashes), &out.join(JOURNAL))?;
    disk::rename(&journal, &out.join(JOURNAL))?;
    disk::sync_folder(out)?;
    Ok(moves)
}

fn place(out: &Utf8Path, moves: &[Move], survey: &Survey, orphans: &[Utf8PathBuf]) -> anyhow::Result<()> {
    let (manifest, files) = moves.split_last().expect("output: the manifest is always staged");
    let mut folders = BTreeSet::new();
    for file in files {
        folders.extend(disk::create_folders(out, &file.to)?);
    }
    // Before the new files: on a case-insensitive file system `Main` and its orphan `main` are the same.
    for path in &survey.changes.removed {
        still_clear(out, path)?;
        disk::remove_file(&out.join(path))?;
    }
    for file in files {
        still_clear(out, &file.to)?;
        disk::rename(&file.from, &out.join(&file.to))?;
    }
    prune(out, orphans)?;
    // The manifest must not reach the disk before the files that it lists.
    for folder in &folders {
        disk::sync_folder(folder)?;
    }
    disk::rename(&manifest.from, &out.join(MANIFEST))?;
    disk::sync_folder(out)
}

fn prune(out: &Utf8Path, orphans: &[Utf8PathBuf]) -> anyhow::Result<()> {
    orphans.iter().try_for_each(|path| disk::prune(out, path))
}

/// The survey checked this already; this shortens the time between check and change.
fn still_clear(out: &Utf8Path, path: &Utf8Path) -> anyhow::Result<()> {
    match disk::way(out, path)? {
        Some(obstacle) => {
            bail!("{obstacle}; it changed while gatewright was writing; the next run repairs this")
        }
        None => Ok(()),
    }
}
