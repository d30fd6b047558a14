//! The tree to write: paths and texts, in memory.
//!
//! A bad path here is our own mistake, so it panics; the same rules read third-party manifests, where they are errors.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};

/// Files by their path below the output folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileTree {
    files: BTreeMap<Utf8PathBuf, String>,
    folded: BTreeSet<String>,
    /// Whose files they are.
    owner: Option<String>,
}

impl FileTree {
    /// A tree without files.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same tree, of this owner: its folder is not taken over by a tree of another one.
    #[must_use]
    pub fn of(mut self, owner: impl Into<String>) -> Self {
        self.owner = Some(owner.into());
        self
    }

    /// The owner, if it has one.
    pub fn owner(&self) -> Option<&str> {
        self.owner.as_deref()
    }

    /// Adds a file; line endings become LF, with exactly one at the end.
    ///
    /// # Panics
    ///
    /// If the path could leave the folder, is reserved, or conflicts with another one, also on case-insensitive file systems.
    pub fn insert(&mut self, path: impl Into<Utf8PathBuf>, text: impl AsRef<str>) {
        let path = path.into();
        if let Some(flaw) = flaw(&path) {
            panic!("output: the path `{path}` {flaw}");
        }
        let folded = fold(&path);
        let within = format!("{folded}/");
        let is_folder = self.folded.range(within.clone()..).next().is_some_and(|next| next.starts_with(&within));
        let is_below_file = folds_above(&folded).any(|above| self.folded.contains(above));
        assert!(!is_folder && !is_below_file, "output: `{path}` is both a file and a folder");
        assert!(self.folded.insert(folded), "output: `{path}` is written twice (or differs in case only)");
        self.files.insert(path, normal(text.as_ref()));
    }

    /// The text of a file.
    pub fn get(&self, path: impl AsRef<Utf8Path>) -> Option<&str> {
        self.files.get(path.as_ref()).map(String::as_str)
    }

    /// Paths and texts, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&Utf8Path, &str)> {
        self.files.iter().map(|(path, text)| (path.as_path(), text.as_str()))
    }

    /// The number of files.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// True if there are no files.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The size of all texts together.
    pub fn total_bytes(&self) -> usize {
        self.files.values().map(String::len).sum()
    }
}

/// The problem with a path below the output folder, as the end of a sentence.
pub(super) fn flaw(path: &Utf8Path) -> Option<&'static str> {
    let text = path.as_str();
    if text.is_empty() {
        return Some("is empty");
    }
    if path.is_absolute() {
        return Some("is absolute");
    }
    if text.contains('\\') || text.chars().any(char::is_control) {
        return Some("contains a backslash or a control character");
    }
    for (position, part) in text.split('/').enumerate() {
        // A third-party manifest must not make us delete the internals of a repository.
        let part = part.to_lowercase();
        match part.as_str() {
            "" | "." | ".." => return Some("has an empty segment, `.` or `..`"),
            ".git" => return Some("points into `.git`"),
            _ if position == 0 && part.starts_with(".gatewright") => return Some("is reserved"),
            _ => {}
        }
    }
    None
}

/// The same key for two paths that some file systems treat as one.
pub(super) fn fold(path: &Utf8Path) -> String {
    path.as_str().to_lowercase()
}

fn folds_above(folded: &str) -> impl Iterator<Item = &str> {
    folded.match_indices('/').map(|(end, _)| &folded[..end])
}

fn normal(text: &str) -> String {
    let mut text = text.replace("\r\n", "\n");
    text.truncate(text.trim_end_matches('\n').len());
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_fixed() {
        for (given, kept) in [
            ("a", "a\n"),
            ("a\n", "a\n"),
            ("a\r\nb\r\n\r\n", "a\nb\n"),
            ("a\n\n\n", "a\n"),
            ("", "\n"),
            ("a\rb", "a\rb\n"),
        ] {
            let mut tree = FileTree::new();
            tree.insert("x/y", given);
            assert_eq!(tree.get("x/y"), Some(kept), "{given:?}");
            assert_eq!(tree.total_bytes(), kept.len());
        }
    }

    #[test]
    fn paths_that_could_leave_are_flawed() {
        for path in [
            "",
            "/etc/passwd",
            "..",
            "../a",
            "a/../../b",
            "a/./b",
            "./a",
            "a//b",
            "a/",
            "a\\b",
            "a\0b",
            "a\nb",
            ".gatewright.json",
            ".Gatewright.tmp/0",
            ".git/config",
            "x/.GIT/config",
        ] {
            assert!(flaw(path.into()).is_some(), "{path:?}");
        }
        for path in ["a", "a/b.c", "terraform/.gitignore", "a/.gatewright.json", "..a/b..", "ä/日"] {
            assert_eq!(flaw(path.into()), None, "{path:?}");
        }
    }

    #[test]
    fn paths_that_meet_panic() {
        for (first, second) in
            [("a", "a"), ("a/B", "a/b"), ("a", "a/b"), ("a/b/c", "a/b"), ("A", "a/b"), ("ok", "../a")]
        {
            let met = std::panic::catch_unwind(|| {
                let mut tree = FileTree::new();
                tree.insert(first, "");
                tree.insert(second, "");
            });
            assert!(met.is_err(), "{first} {second}");
        }
        let mut tree = FileTree::new();
        tree.insert("a/b", "");
        tree.insert("a/bc", "");
        tree.insert("ab", "");
        tree.insert("a-b", "");
        assert_eq!(tree.len(), 4);
    }
}
