//! The only writer in the crate: writes a tree as a whole, or not at all.
//!
//! New content is staged beside the old. Then the journal says what is about to be written, files are renamed into place one by
//! one, and the manifest comes last. A run that is cut off anywhere leaves files that the manifest or the journal knows, so the
//! next run finishes the work and takes nothing of its own for somebody's edit.
//!
//! A loss of power is such an end too, so four things last on the disk before what follows them: all staged content, in one sync,
//! before the journal has its name; the journal, before the first file is replaced; new files, and that others are gone, before the
//! manifest; the manifest, before the journal is removed. What the journal knows is then never half of a file.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::bail;
use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;

use super::changes::Changes;
use super::manifest::{JOURNAL, MANIFEST, OwnFiles, STAGING};
use super::survey::Survey;
use super::tree::FileTree;
use super::{disk, sync};

/// How long to wait for another run, which may have to wait for a slow disk.
const PATIENCE: Duration = Duration::from_secs(30);

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
    /// The folder is that of another owner; nothing was changed.
    Taken {
        /// The owner of the folder.
        by: String,
    },
}

/// Makes a folder hold exactly a tree, besides what other people put there.
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
    let known = OwnFiles::read(out)?;
    if let (Some(owner), false) = (known.other_owner(tree), options.force) {
        return Ok(Outcome::Taken { by: owner.to_owned() });
    }
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

fn apply(tree: &FileTree, out: &Utf8Path, known: OwnFiles, survey: &Survey) -> anyhow::Result<()> {
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

impl Move {
    /// Writes the content.
    fn staged(from: Utf8PathBuf, to: Utf8PathBuf, text: &str) -> anyhow::Result<Self> {
        disk::create_file(&from, text, &to)?;
        Ok(Self { from, to })
    }

    /// Puts it into its place.
    fn done(&self) -> anyhow::Result<()> {
        disk::rename(&self.from, &self.to)
    }
}

/// Everything that can fail for lack of room happens here, before the first file is replaced.
fn stage(
    tree: &FileTree,
    out: &Utf8Path,
    staging: &Utf8Path,
    known: OwnFiles,
    survey: &Survey,
) -> anyhow::Result<Vec<Move>> {
    disk::create_folder(staging)?;
    let mut moves = Vec::new();
    for (number, path) in survey.changes.created.iter().chain(&survey.changes.changed).enumerate() {
        let text = tree.get(path).expect("output: the survey walked this tree");
        moves.push(Move::staged(staging.join(number.to_string()), out.join(path), text)?);
    }
    moves.push(Move::staged(staging.join("manifest"), out.join(MANIFEST), &survey.hashes.manifest())?);

    // It holds what the old journal knew, if there was one, and replaces it in one instant.
    let journal = Move::staged(staging.join("journal"), out.join(JOURNAL), &known.journal(&survey.hashes))?;
    let all = moves.iter().chain([&journal]);
    sync::files(staging, &all.map(|file| (file.from.as_path(), file.to.as_path())).collect::<Vec<_>>())?;
    journal.done()?;
    sync::folder(out)?;
    Ok(moves)
}

fn place(out: &Utf8Path, moves: &[Move], survey: &Survey, orphans: &[Utf8PathBuf]) -> anyhow::Result<()> {
    let (manifest, files) = moves.split_last().expect("output: the manifest is always staged");
    let paths = || survey.changes.created.iter().chain(&survey.changes.changed);
    let mut folders = BTreeSet::new();
    for folder in paths().filter_map(|path| path.parent()).collect::<BTreeSet<_>>() {
        folders.extend(disk::create_folders(out, folder)?);
    }
    // Before the new files: on a case-insensitive file system `Main` and its orphan `main` are the same.
    for path in &survey.changes.removed {
        still_clear(out, path)?;
        disk::remove_file(&out.join(path))?;
    }
    for (path, file) in paths().zip(files) {
        still_clear(out, path)?;
        file.done()?;
    }
    prune(out, orphans)?;
    folders.extend(survey.changes.removed.iter().filter_map(|path| Some(disk::existing(out, path.parent()?))));
    folders.iter().try_for_each(|folder| sync::folder(folder))?;
    manifest.done()?;
    sync::folder(out)
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
