//! Reading one input file: regular, not too large, UTF-8. Failures are data, so that callers can choose
//! between a finding (the user's file is wrong) and the end of the run (there is no file).

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};

use camino::{Utf8Path, Utf8PathBuf};

use super::Source;

/// Maximum size of a gateway file: 1 MiB.
pub const GATEWAY_LIMIT: u64 = 1 << 20;

/// Maximum size of a file with policy text in bytes: more than a policy may have.
pub const POLICY_LIMIT: u64 = 1024 * 1024;

/// Maximum size of an API definition: 16 MiB.
pub const DEFINITION_LIMIT: u64 = 16 << 20;

/// A file that could not be read.
#[derive(Debug)]
pub struct ReadError {
    /// The path as requested.
    pub path: Utf8PathBuf,
    /// The reason.
    pub reason: Reason,
}

/// The reason why a file cannot be read.
#[derive(Debug)]
pub enum Reason {
    /// The path does not exist.
    Missing,
    /// It is a folder.
    Directory,
    /// It is a device, a pipe or a socket.
    NotRegular,
    /// It exceeds the maximum size.
    TooLarge {
        /// The maximum size in bytes.
        limit: u64,
    },
    /// It is not valid UTF-8.
    NotUtf8 {
        /// The text, with U+FFFD for bytes that are not UTF-8.
        source: Box<Source>,
        /// The first wrong byte: an offset in that text.
        at: usize,
        /// True if it looks like UTF-16.
        is_utf16: bool,
    },
    /// An error of the operating system.
    Io(io::Error),
}

impl Source {
    /// Reads a gateway file. `path` is also shown to the user.
    pub fn read(path: &Utf8Path) -> Result<Self, ReadError> {
        Self::read_for(path, GATEWAY_LIMIT, path.parent().unwrap_or(Utf8Path::new("")))
    }

    /// Reads a file of at most `limit` bytes for a gateway in `folder`. No finding shows the text of a file outside the folder or the
    /// git repository around it.
    pub fn read_for(path: &Utf8Path, limit: u64, folder: &Utf8Path) -> Result<Self, ReadError> {
        let mut read = Self::read_up_to(path, limit);
        if is_outside(path, folder) {
            match &mut read {
                Ok(source) => source.mark_foreign(),
                Err(ReadError { reason: Reason::NotUtf8 { source, .. }, .. }) => source.mark_foreign(),
                Err(_) => {}
            }
        }
        read
    }

    /// Reads a file of at most `limit` bytes.
    pub fn read_up_to(path: &Utf8Path, limit: u64) -> Result<Self, ReadError> {
        let bytes = bytes(path, limit).map_err(|reason| ReadError { path: path.to_owned(), reason })?;
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self::new(path, text)),
            Err(error) => Err(ReadError {
                path: path.to_owned(),
                reason: not_utf8(path, error.as_bytes(), error.utf8_error().valid_up_to()),
            }),
        }
    }
}

/// Names of the files in the folder of a path, sorted: suggestions if the path does not exist.
pub fn neighbours(path: &Utf8Path) -> Vec<String> {
    /// Maximum number of files to list.
    const MOST: usize = 1000;
    let folder = match path.parent() {
        Some(folder) if folder != "" => folder,
        _ => Utf8Path::new("."),
    };
    let entries = folder.read_dir_utf8().into_iter().flatten().take(MOST);
    let files = entries.filter_map(Result::ok).filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
    let mut names: Vec<String> = files.map(|entry| entry.file_name().to_owned()).collect();
    names.sort();
    names
}

/// True if a file is outside a folder and the git repository around it, with links resolved.
fn is_outside(path: &Utf8Path, folder: &Utf8Path) -> bool {
    let folder = if folder == "" { Utf8Path::new(".") } else { folder };
    let (Ok(file), Ok(folder)) = (path.canonicalize(), folder.canonicalize()) else {
        return false;
    };
    let root = folder.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(&folder);
    !file.starts_with(root)
}

/// True for a file that no disk holds.
fn is_of_system(path: &Utf8Path) -> bool {
    let path = path.canonicalize();
    path.is_ok_and(|path| ["/proc", "/sys", "/dev"].iter().any(|folder| path.starts_with(folder)))
}

fn bytes(path: &Utf8Path, limit: u64) -> Result<Vec<u8>, Reason> {
    // Checked before opening: opening a pipe without a writer blocks forever.
    let metadata = fs::metadata(path).map_err(from_io)?;
    if metadata.is_dir() {
        return Err(Reason::Directory);
    }
    if !metadata.is_file() || is_of_system(path) {
        return Err(Reason::NotRegular);
    }
    if metadata.len() > limit {
        return Err(Reason::TooLarge { limit });
    }
    let mut bytes = Vec::new();
    // Limited nevertheless: the file may grow, and files in /proc report a size of zero.
    let file = File::open(path).map_err(from_io)?;
    file.take(limit + 1).read_to_end(&mut bytes).map_err(from_io)?;
    if bytes.len() as u64 > limit {
        return Err(Reason::TooLarge { limit });
    }
    Ok(bytes)
}

fn from_io(error: io::Error) -> Reason {
    match error.kind() {
        io::ErrorKind::NotFound => Reason::Missing,
        io::ErrorKind::IsADirectory => Reason::Directory,
        _ => Reason::Io(error),
    }
}

fn not_utf8(path: &Utf8Path, bytes: &[u8], valid: usize) -> Reason {
    let bom = if bytes.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
    let is_utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    Reason::NotUtf8 {
        source: Box::new(Source::new(path, String::from_utf8_lossy(bytes))),
        at: valid.saturating_sub(bom),
        is_utf16,
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        match &self.reason {
            Reason::Missing => write!(f, "there is no file `{path}`"),
            Reason::Directory => write!(f, "`{path}` is a folder, not a file"),
            Reason::NotRegular => write!(f, "`{path}` is a device, pipe, socket or system file, not a regular file"),
            Reason::TooLarge { limit } => {
                write!(f, "`{path}` is larger than {} MiB", limit >> 20)
            }
            Reason::NotUtf8 { .. } => write!(f, "`{path}` is not UTF-8 text"),
            Reason::Io(error) => write!(f, "cannot read `{path}`: {error}"),
        }
    }
}

// No source error: the text contains it, and a chain would repeat it.
impl std::error::Error for ReadError {}

#[cfg(test)]
mod tests {
    use super::{GATEWAY_LIMIT, Reason};
    use crate::source::Source;
    use camino::{Utf8Path, Utf8PathBuf};
    use std::io::Write;

    fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(folder.path()).unwrap().to_owned();
        (folder, path)
    }

    fn written(bytes: &[u8]) -> (tempfile::TempDir, Utf8PathBuf) {
        let (folder, path) = folder();
        let path = path.join("gateway.yaml");
        std::fs::File::create(&path).unwrap().write_all(bytes).unwrap();
        (folder, path)
    }

    fn reason(path: &Utf8Path) -> Reason {
        Source::read(path).unwrap_err().reason
    }

    #[test]
    fn what_is_no_file_is_told_apart() {
        let (_keep, path) = folder();
        assert!(matches!(reason(&path), Reason::Directory));
        assert!(matches!(reason(&path.join("none.yaml")), Reason::Missing));
        assert!(matches!(reason(Utf8Path::new("/dev/zero")), Reason::NotRegular));
    }

    #[test]
    fn a_huge_sparse_file_is_refused_at_once() {
        let (_keep, path) = written(b"");
        let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(100 << 20).unwrap();
        assert!(matches!(reason(&path), Reason::TooLarge { limit: GATEWAY_LIMIT }));
        let error = Source::read(&path).unwrap_err();
        assert!(error.to_string().ends_with("is larger than 1 MiB"));
    }

    #[test]
    fn the_limit_itself_is_allowed() {
        let (_keep, path) = written(&vec![b'#'; GATEWAY_LIMIT as usize]);
        assert!(Source::read(&path).is_ok());
        assert!(matches!(Source::read_up_to(&path, GATEWAY_LIMIT - 1).unwrap_err().reason, Reason::TooLarge { .. }));
    }

    #[test]
    fn bytes_that_are_no_text_are_found() {
        let (_keep, path) = written(b"\xef\xbb\xbfa: caf\xe9\nb: 1\n");
        let Reason::NotUtf8 { source, at, is_utf16 } = reason(&path) else {
            panic!("a reason of another kind");
        };
        assert_eq!((at, is_utf16), (6, false));
        assert_eq!(&source.text()[at..], "\u{fffd}\nb: 1\n");
        let (_keep, path) = written(b"\xff\xfea\0:\0");
        assert!(matches!(reason(&path), Reason::NotUtf8 { at: 0, is_utf16: true, .. }));
    }
}
