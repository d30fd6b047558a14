//! What makes changes last: content and names that a loss of power does not take back.
//!
//! Decides nothing about order, which is `write`'s.

use std::fs::File;
use std::io;

use anyhow::Context;
use camino::Utf8Path;

use super::disk::step;

/// Up to so many files are synced one by one: a sync of the whole file system also waits for what other programs wrote there.
pub(super) const FEW: usize = 16;

/// Makes the content of new files last, given by where they are and what people know them by. All of them are in `folder`.
pub(super) fn files(folder: &Utf8Path, files: &[(&Utf8Path, &Utf8Path)]) -> anyhow::Result<()> {
    if files.len() > FEW && file_system(folder).with_context(|| format!("cannot write below {folder}"))? {
        return Ok(());
    }
    files.iter().try_for_each(|(path, meant)| {
        let sync = || {
            step()?;
            File::open(path)?.sync_all()
        };
        sync().with_context(|| format!("cannot write {meant}"))
    })
}

/// Makes the entries of a folder last.
pub(super) fn folder(path: &Utf8Path) -> anyhow::Result<()> {
    match step().and_then(|()| File::open(path)?.sync_all()) {
        // Not every file system can.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        result => result.with_context(|| format!("cannot write {path}")),
    }
}

/// Makes everything last that was written to the file system of a folder; `false` where that cannot be asked for.
#[cfg(target_os = "linux")]
fn file_system(folder: &Utf8Path) -> io::Result<bool> {
    use rustix::io::Errno;

    step()?;
    match rustix::fs::syncfs(File::open(folder)?) {
        Ok(()) => Ok(true),
        Err(Errno::NOSYS | Errno::INVAL | Errno::NOTSUP | Errno::PERM) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(target_os = "linux"))]
fn file_system(_: &Utf8Path) -> io::Result<bool> {
    Ok(false)
}
