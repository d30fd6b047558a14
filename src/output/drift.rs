//! Drift: differences between a folder and the tree that would be written. Reads only.
//!
//! Files of the user are never drift. Line endings are: policies and definitions are embedded byte for byte, so a
//! checkout with CRLF deploys different contents; but that is one word, not a diff of every line.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;
use similar::{Algorithm, TextDiff};

use super::disk::{self, Found};
use super::manifest::{self, MANIFEST, OwnFiles};
use super::tree::FileTree;

/// Maximum number of diff lines.
const SHOWN: usize = 20;
/// Maximum number of characters of a line.
const WIDTH: usize = 200;

/// A file that differs from the generated one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Drift {
    /// Its path below the output folder.
    pub path: Utf8PathBuf,
    /// The kind of difference.
    pub kind: Kind,
    /// Details: a diff from the disk to the generated text, or a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// The kinds of differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// The file is missing.
    Missing,
    /// Its content differs, or it is not a regular file.
    Changed,
    /// It has CRLF line endings instead of LF, and no other difference.
    LineEnds,
    /// We wrote it, and it is no longer generated.
    Orphaned,
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.kind {
            Kind::Missing => "missing",
            Kind::Changed => "changed",
            Kind::LineEnds => "line endings differ",
            Kind::Orphaned => "orphaned",
        };
        write!(f, "{word}: {}", self.path)?;
        for line in self.detail.iter().flat_map(|detail| detail.lines()) {
            write!(f, "\n    {line}")?;
        }
        Ok(())
    }
}

/// Compares a tree with the disk; sorted by path, the manifest last.
///
/// # Errors
///
/// If a file or the manifest cannot be read.
pub fn drift(tree: &FileTree, out: &Utf8Path) -> anyhow::Result<Vec<Drift>> {
    let out = disk::named(out);
    disk::has_folder(out)?;
    let known = OwnFiles::read(out)?;
    let mut drifts = Vec::new();
    for (path, text) in tree.iter() {
        if let Some((kind, detail)) = compare(disk::look(out, path)?, text) {
            drifts.push(Drift { path: path.to_owned(), kind, detail });
        }
    }
    for path in known.orphans(tree) {
        let detail = match disk::look(out, path)? {
            Found::Nothing => continue,
            Found::File { content, .. } if known.is_ours(path, &content) => None,
            Found::File { .. } => Some("it was edited".to_owned()),
            Found::Obstacle(obstacle) => Some(obstacle),
        };
        drifts.push(Drift { path: path.to_owned(), kind: Kind::Orphaned, detail });
    }
    drifts.sort_by(|one, other| one.path.cmp(&other.path));
    let manifest = match manifest::lists(out, tree)? {
        None => Some((Kind::Missing, None)),
        Some(false) => {
            let detail = match known.other_owner(tree) {
                Some(owner) => format!("the folder contains the output of another gateway, `{owner}`"),
                None => "it does not list the files that would be generated now".to_owned(),
            };
            Some((Kind::Changed, Some(detail)))
        }
        Some(true) => None,
    };
    drifts.extend(manifest.map(|(kind, detail)| Drift { path: MANIFEST.into(), kind, detail }));
    Ok(drifts)
}

fn compare(found: Found, text: &str) -> Option<(Kind, Option<String>)> {
    let content = match found {
        Found::Nothing => return Some((Kind::Missing, None)),
        Found::Obstacle(obstacle) => return Some((Kind::Changed, Some(obstacle))),
        Found::File { content, .. } => content,
    };
    if content == text.as_bytes() {
        return None;
    }
    let lines = manifest::without_cr(&content);
    if *lines == *text.as_bytes() {
        return Some((Kind::LineEnds, None));
    }
    let detail = match std::str::from_utf8(&lines) {
        Ok(lines) => diff(lines, text),
        Err(_) => "it is not UTF-8 text".to_owned(),
    };
    Some((Kind::Changed, Some(detail)))
}

fn diff(old: &str, new: &str) -> String {
    let diff =
        TextDiff::configure().algorithm(Algorithm::Patience).timeout(Duration::from_secs(2)).diff_lines(old, new);
    let whole = diff.unified_diff().context_radius(2).to_string();
    let lines: Vec<_> = whole.lines().collect();
    // A single omitted line is shown instead of a note.
    let shown = if lines.len() <= SHOWN + 1 { lines.len() } else { SHOWN };
    let mut kept: Vec<_> = lines[..shown].iter().map(|line| printable(line)).collect();
    if shown < lines.len() {
        kept.push(format!("… {} more lines", lines.len() - shown).into());
    }
    kept.join("\n")
}

/// A line for a terminal: control characters are escaped, long lines truncated.
fn printable(line: &str) -> Cow<'_, str> {
    let is_plain = !line.chars().any(|c| c.is_control() && c != '\t');
    if is_plain && line.len() <= WIDTH {
        return line.into();
    }
    let mut kept = String::new();
    for (count, c) in line.chars().enumerate() {
        match c {
            _ if count == WIDTH => {
                kept.push('…');
                break;
            }
            c if c.is_control() && c != '\t' => kept.extend(c.escape_unicode()),
            c => kept.push(c),
        }
    }
    kept.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_diff_is_whole_and_a_long_one_is_cut() {
        insta::assert_snapshot!(diff("a\nb\nc\n", "a\nB\nc\n"), @r"
        @@ -1,3 +1,3 @@
         a
        -b
        +B
         c
        ");
        let long: String = (0..40).map(|n| format!("{n}\n")).collect();
        let cut = diff("", &long);
        assert_eq!(cut.lines().count(), SHOWN + 1);
        assert!(cut.ends_with("+18\n… 21 more lines"), "{cut}");
    }

    #[test]
    fn a_diff_cannot_paint_the_terminal() {
        let shown = diff("\u{1b}[31mred\n", &"x".repeat(999));
        assert!(!shown.contains('\u{1b}'), "{shown}");
        assert!(shown.lines().all(|line| line.chars().count() <= WIDTH + 1), "{shown}");
    }

    #[test]
    fn content_is_compared() {
        let compare =
            |content: &[u8]| compare(Found::File { content: content.to_vec(), is_read_only: false }, "1\n2\n");
        assert_eq!(compare(b"1\n2\n"), None);
        assert_eq!(compare(b"1\r\n2\r\n"), Some((Kind::LineEnds, None)));
        assert_eq!(compare(b"\xff"), Some((Kind::Changed, Some("it is not UTF-8 text".into()))));
        let (kind, detail) = compare(b"1\n2").unwrap();
        assert_eq!(kind, Kind::Changed);
        assert!(detail.unwrap().contains("No newline"));
    }
}
