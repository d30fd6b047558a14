//! The only writer in the crate: a tree goes to the disk as a whole, or not at all.
//!
//! New content is staged beside the old. Then the journal says what is about to be written, files are renamed into place one by
//! one, and the manifest comes last. A run that is cut off anywhere leaves files that the manifest or the journal knows, so the
//! next run finishes the work and takes nothing of its own for somebody's edit.

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

/// How to write.
#[derive(Debug, Clone, Copy, Default)]
pub struct WriteOptions {
    /// Replaces files that somebody edited and files of others that are in the way.
    pub force: bool,
    /// Finds out what would happen, and touches nothing.
    pub dry_run: bool,
}

/// What a run did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// The folder holds the tree.
    Done(Changes),
    /// Somebody's work is in the way; nothing was changed.
    Refused {
        /// Files that we wrote and somebody changed since.
        edited: Vec<Utf8PathBuf>,
        /// Files that we did not write, where ours are to be.
        foreign: Vec<Utf8PathBuf>,
    },
}

/// Paths by what became of them, each list sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Was not there.
    pub created: Vec<Utf8PathBuf>,
    /// Was there with other content.
    pub changed: Vec<Utf8PathBuf>,
    /// Ours, unchanged and no longer wanted.
    pub removed: Vec<Utf8PathBuf>,
    /// Ours once and no longer wanted, but edited: from now on it is the user's, with `force` too. It is in nobody's way,
    /// and the edit may be nowhere else.
    pub kept: Vec<Utf8PathBuf>,
    /// Not touched.
    pub unchanged: Vec<Utf8PathBuf>,
}

impl Changes {
    /// Whether nothing on disk changes.
    pub fn is_empty(&self) -> bool {
        self.created.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }
}

/// Makes a folder hold exactly a tree, besides what other people put there.
///
/// # Errors
///
/// If the disk does not let us, or something that is not a plain file of a plain folder is in the way.
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
    // We hold the lock, so whoever staged this is dead.
    let staging = out.join(STAGING);
    disk::remove_all(&staging)?;
    let orphans: Vec<_> = known.orphans(tree).map(Utf8Path::to_owned).collect();
    if survey.is_idle() {
        // A run that was cut off may have left a folder for files that are not wanted after all.
        prune(out, &orphans)?;
    } else {
        let done = stage(tree, out, &staging, known, survey).and_then(|moves| place(out, &moves, survey, &orphans));
        if done.is_err() {
            // As well as we can: the next run does it again, and the first error is the one to show.
            let _ = disk::remove_all(&staging);
        }
        done?;
    }
    disk::remove_all(&staging)?;
    disk::remove_file(&out.join(JOURNAL))
}

/// One file on its way.
struct Move {
    from: Utf8PathBuf,
    to: Utf8PathBuf,
}

/// Everything that can fail for lack of room happens here, before the first file is replaced.
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

    // It holds what the old journal knew, if there was one, and replaces it in one instant.
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
    // Before the new files: where case does not count, `Main` and its orphan `main` are one.
    for path in &survey.changes.removed {
        still_clear(out, path)?;
        disk::remove_file(&out.join(path))?;
    }
    for file in files {
        still_clear(out, &file.to)?;
        disk::rename(&file.from, &out.join(&file.to))?;
    }
    prune(out, orphans)?;
    // The list must not reach the disk before the files that it lists.
    for folder in &folders {
        disk::sync_folder(folder)?;
    }
    disk::rename(&manifest.from, &out.join(MANIFEST))?;
    disk::sync_folder(out)
}

fn prune(out: &Utf8Path, orphans: &[Utf8PathBuf]) -> anyhow::Result<()> {
    orphans.iter().try_for_each(|path| disk::prune(out, path))
}

/// The survey looked already; this makes the time between look and change short.
fn still_clear(out: &Utf8Path, path: &Utf8Path) -> anyhow::Result<()> {
    match disk::way(out, path)? {
        Some(obstacle) => {
            bail!("{obstacle}; it changed while gatewright was writing, which the next run repairs")
        }
        None => Ok(()),
    }
}
