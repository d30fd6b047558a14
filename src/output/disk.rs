//! The elementary file operations: reading without following links, and the few changes.
//!
//! Each change calls `step()` first, where tests stop the program. No decisions are made here.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use camino::{Utf8Path, Utf8PathBuf};
use rustix::fs::{Access, FlockOperation, OFlags};

/// The contents of a path.
pub(super) enum Found {
    /// The path or its folder does not exist.
    Nothing,
    /// A regular file, reached without links.
    File {
        /// Its contents.
        content: Vec<u8>,
        /// True if it is read-only.
        is_read_only: bool,
    },
    /// Something that must not be replaced, as a sentence.
    Obstacle(String),
}

/// Reads `out/path`; below `out` no link is followed.
pub(super) fn look(out: &Utf8Path, path: &Utf8Path) -> anyhow::Result<Found> {
    let whole = out.join(path);
    if let Some(obstacle) = way(out, path)? {
        return Ok(Found::Obstacle(obstacle));
    }
    let metadata = match fs::symlink_metadata(&whole) {
        Ok(metadata) => metadata,
        Err(error) if is_absence(&error) => return Ok(Found::Nothing),
        Err(error) => return Err(error).with_context(|| format!("cannot access {whole}")),
    };
    if metadata.is_symlink() {
        return Ok(Found::Obstacle(format!(
            "{whole} is a symbolic link; gatewright writes regular files only and does not follow links"
        )));
    }
    if metadata.is_dir() {
        return Ok(Found::Obstacle(format!("{whole} is a folder, but must be a file")));
    }
    if !metadata.is_file() {
        return Ok(Found::Obstacle(format!("{whole} is not a regular file")));
    }
    let mut content = Vec::new();
    OpenOptions::new()
        .read(true)
        .custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed())
        .open(&whole)
        .and_then(|mut file| file.read_to_end(&mut content))
        .with_context(|| format!("cannot read {whole}"))?;
    Ok(Found::File { content, is_read_only: metadata.permissions().readonly() })
}

/// The obstacle between `out` and the last part of `path`, if these are not all real folders.
pub(super) fn way(out: &Utf8Path, path: &Utf8Path) -> anyhow::Result<Option<String>> {
    let mut folder = out.to_owned();
    for part in path.parent().into_iter().flat_map(Utf8Path::components) {
        folder.push(part);
        match fs::symlink_metadata(&folder) {
            Ok(metadata) if metadata.is_symlink() => {
                return Ok(Some(format!(
                    "{folder} is a symbolic link; gatewright does not follow links below the output folder"
                )));
            }
            Ok(metadata) if !metadata.is_dir() => {
                return Ok(Some(format!("{folder} is a file, but must be a folder")));
            }
            Ok(_) => {}
            Err(error) if is_absence(&error) => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("cannot access {folder}")),
        }
    }
    Ok(None)
}

/// The output folder; an empty path is the current folder.
pub(super) fn named(out: &Utf8Path) -> &Utf8Path {
    if out.as_str().is_empty() { ".".into() } else { out }
}

/// True if the output folder exists; only this folder may be a link.
pub(super) fn has_folder(out: &Utf8Path) -> anyhow::Result<bool> {
    match fs::metadata(out) {
        Ok(metadata) if metadata.is_dir() => Ok(true),
        Ok(_) => bail!("{out} is not a folder"),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if fs::symlink_metadata(out).is_ok() {
                bail!("{out} is a broken symbolic link");
            }
            Ok(false)
        }
        Err(error) => Err(error).with_context(|| format!("cannot access {out}")),
    }
}

/// A folder below `out`, or its nearest one that exists.
pub(super) fn existing(out: &Utf8Path, folder: &Utf8Path) -> Utf8PathBuf {
    // Joining nothing would add a slash, which people would be shown.
    let mut folder = if folder.as_str().is_empty() { out.to_owned() } else { out.join(folder) };
    while folder != out && fs::symlink_metadata(&folder).is_err() {
        folder.pop();
    }
    folder
}

/// Why nothing can be put into or taken from a folder, or its nearest one that exists.
pub(super) fn refusal(out: &Utf8Path, folder: &Utf8Path) -> Option<String> {
    let folder = existing(out, folder);
    // The bits too: root may do everything, and whoever took them away meant it.
    let metadata = fs::metadata(&folder).ok()?;
    if metadata.permissions().readonly() {
        return Some(format!("cannot write to {folder}: the folder is read-only"));
    }
    match rustix::fs::access(folder.as_std_path(), Access::WRITE_OK | Access::EXEC_OK) {
        Ok(()) => None,
        Err(error) => Some(format!("cannot write to {folder}: {}", io::Error::from(error))),
    }
}

/// Locks a folder against other runs until it is dropped. Waits a while for them.
pub(super) fn lock(out: &Utf8Path, patience: Duration) -> anyhow::Result<File> {
    let folder = File::open(out).with_context(|| format!("cannot open {out}"))?;
    let start = Instant::now();
    loop {
        match rustix::fs::flock(&folder, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Ok(folder),
            // Some network file systems do not support locks. Concurrent runs are rare, and refusing to run would be worse.
            Err(rustix::io::Errno::NOTSUP | rustix::io::Errno::NOLCK | rustix::io::Errno::NOSYS) => return Ok(folder),
            Err(rustix::io::Errno::WOULDBLOCK | rustix::io::Errno::INTR) => {}
            Err(error) => {
                return Err(io::Error::from(error)).with_context(|| format!("cannot lock {out}"));
            }
        }
        if start.elapsed() > patience {
            bail!("another gatewright process is writing to {out}; try again when it has finished");
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// Creates the output folder and its parents.
pub(super) fn create_out(out: &Utf8Path) -> anyhow::Result<()> {
    step().and_then(|()| fs::create_dir_all(out)).with_context(|| format!("cannot create {out}"))
}

/// Makes a folder below `out` and those above that are missing, and names those that have a new entry or will have one.
pub(super) fn create_folders(out: &Utf8Path, path: &Utf8Path) -> anyhow::Result<Vec<Utf8PathBuf>> {
    let mut changed = Vec::new();
    let mut folder = out.to_owned();
    for part in path.components() {
        let above = folder.clone();
        folder.push(part);
        match step().and_then(|()| fs::create_dir(&folder)) {
            Ok(()) => changed.push(above),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error).with_context(|| format!("cannot create {folder}")),
        }
    }
    changed.push(folder);
    Ok(changed)
}

/// Creates one missing folder.
pub(super) fn create_folder(path: &Utf8Path) -> anyhow::Result<()> {
    step().and_then(|()| fs::create_dir(path)).with_context(|| format!("cannot create {path}"))
}

/// Writes a new file; `meant` is what people know it by.
pub(super) fn create_file(path: &Utf8Path, text: &str, meant: &Utf8Path) -> anyhow::Result<()> {
    let create = || {
        step()?;
        let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
        // In two pieces where a test may stop between them.
        let (first, rest) = text.as_bytes().split_at(if cfg!(test) { text.len() / 2 } else { text.len() });
        step()?;
        file.write_all(first)?;
        step()?;
        file.write_all(rest)
    };
    create().with_context(|| format!("cannot write {meant}"))
}

/// Renames a file to its final path, replacing an existing one.
pub(super) fn rename(from: &Utf8Path, to: &Utf8Path) -> anyhow::Result<()> {
    step().and_then(|()| fs::rename(from, to)).with_context(|| format!("cannot write {to}"))
}

/// Removes a file, if it is there.
pub(super) fn remove_file(path: &Utf8Path) -> anyhow::Result<()> {
    match step().and_then(|()| fs::remove_file(path)) {
        Err(error) if !is_absence(&error) => Err(error).with_context(|| format!("cannot remove {path}")),
        _ => Ok(()),
    }
}

/// Removes one of our folders with its contents, if it exists. A link is removed, not followed.
pub(super) fn remove_all(path: &Utf8Path) -> anyhow::Result<()> {
    if fs::symlink_metadata(path).is_err() {
        return Ok(());
    }
    match step().and_then(|()| fs::remove_dir_all(path)) {
        Err(error) if !is_absence(&error) => Err(error).with_context(|| format!("cannot remove {path}")),
        _ => Ok(()),
    }
}

/// Removes the empty folders above `out/path` that we may remove.
pub(super) fn prune(out: &Utf8Path, path: &Utf8Path) -> anyhow::Result<()> {
    if way(out, path)?.is_some() {
        return Ok(());
    }
    for folder in path.ancestors().skip(1).filter(|folder| !folder.as_str().is_empty()) {
        let folder = out.join(folder);
        match step().and_then(|()| fs::remove_dir(&folder)) {
            Err(error) if may_stay(&error) => break,
            Err(error) if !is_absence(&error) => {
                return Err(error).with_context(|| format!("cannot remove {folder}"));
            }
            _ => {}
        }
    }
    Ok(())
}

fn may_stay(error: &io::Error) -> bool {
    use io::ErrorKind::{DirectoryNotEmpty, PermissionDenied, ResourceBusy};
    matches!(error.kind(), DirectoryNotEmpty | PermissionDenied | ResourceBusy)
}

fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// The change that follows may be made: always, but in tests.
#[cfg(not(test))]
pub(super) fn step() -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
pub(super) use stop::step;

/// Stops the program, for tests, before the n-th change to the disk.
#[cfg(test)]
pub(super) mod stop {
    use std::cell::Cell;
    use std::io;

    /// The behaviour at the chosen step.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(in crate::output) enum How {
        /// As with `kill -9`: from there on nothing changes.
        Dead,
        /// As with a full disk: that step fails, later ones work.
        Once,
    }

    thread_local! {
        static LEFT: Cell<Option<(usize, How)>> = const { Cell::new(None) };
    }

    /// Runs a function that is stopped after `steps`, and returns true if it was.
    pub(in crate::output) fn after<T>(steps: usize, how: How, run: impl FnOnce() -> T) -> (T, bool) {
        LEFT.set(Some((steps, how)));
        let result = run();
        let was_stopped = match LEFT.take() {
            Some((left, How::Dead)) => left == 0,
            left => left.is_none(),
        };
        (result, was_stopped)
    }

    pub(in crate::output) fn step() -> io::Result<()> {
        match LEFT.get() {
            None => return Ok(()),
            Some((0, how)) => {
                if how == How::Once {
                    LEFT.set(None);
                }
            }
            Some((left, how)) => {
                LEFT.set(Some((left - 1, how)));
                return Ok(());
            }
        }
        Err(io::Error::new(io::ErrorKind::StorageFull, "stopped by a test"))
    }
}
