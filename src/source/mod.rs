//! Text and positions. Knows nothing of gateways; the only reader of input files.

mod path;

pub use path::{Step, YamlPath};

use camino::{Utf8Path, Utf8PathBuf};

/// A text file that was read, with what is needed to show places in it.
#[derive(Debug)]
pub struct Source {
    path: Utf8PathBuf,
    text: String,
}

impl Source {
    /// A source from text in memory; `path` is what people are shown.
    pub fn new(path: impl Into<Utf8PathBuf>, text: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
        }
    }

    /// The path as people are shown it.
    pub fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// A handle on one source of a [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(usize);

/// All files that one run has read.
#[derive(Debug, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Keeps a source and names it.
    pub fn add(&mut self, source: Source) -> FileId {
        self.0.push(source);
        FileId(self.0.len() - 1)
    }

    /// The source behind a handle of this store.
    pub fn get(&self, id: FileId) -> &Source {
        &self.0[id.0]
    }
}
