//! What a run did, or would do, by path.

use camino::Utf8PathBuf;
use serde::Serialize;

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
