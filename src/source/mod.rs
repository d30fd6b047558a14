//! Text and positions. Knows nothing of gateways; the only reader of input files.

mod hidden;
mod index;
mod path;
mod read;
mod syntax;
mod tree;
mod value;

pub use hidden::{
    MASK, all_but_keys, constants_of_policy, is_connection_string, secrets_of_address, secrets_of_urls, values_of_xml,
    without_secrets_of_address, without_secrets_of_urls,
};
pub use index::{SpanIndex, Spans};
pub use path::{Step, YamlPath};
pub use read::{DEFINITION_LIMIT, GATEWAY_LIMIT, POLICY_LIMIT, ReadError, Reason, neighbours};
pub use syntax::{SyntaxError, SyntaxKind};
pub use tree::{Duplicate, Entry, Kind, MAX_DEPTH, Map, Node, NodeId, Tag, Tree};
pub use value::{
    DEFINITION_LIMITS, Document, Failure, GATEWAY_LIMITS, Language, Limits, Numbers, OddNumber, is_string, value,
};

use std::ops::Range;
use std::sync::{Mutex, OnceLock, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};

/// A text file with the data needed to show locations in it.
#[derive(Debug)]
pub struct Source {
    path: Utf8PathBuf,
    text: String,
    lines: OnceLock<Vec<usize>>,
    index: OnceLock<SpanIndex>,
    hidden: Mutex<Vec<Range<usize>>>,
    /// Finds more hidden parts, when a finding needs them.
    hider: Option<Hider>,
    is_foreign: bool,
}

/// Finds the parts of a text that no finding shows.
type Hider = fn(&Source) -> Vec<Range<usize>>;

/// A line and a column of a text, both from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
}

impl Source {
    /// A source from text in memory; `path` is shown to the user. A byte order mark is dropped.
    pub fn new(path: impl Into<Utf8PathBuf>, text: impl Into<String>) -> Self {
        let mut text = text.into();
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        Self {
            path: path.into(),
            text,
            lines: OnceLock::new(),
            index: OnceLock::new(),
            hidden: Mutex::default(),
            hider: None,
            is_foreign: false,
        }
    }

    /// The path as it is shown to the user.
    pub fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The locations of all paths of the document; built on first use.
    pub fn index(&self) -> &SpanIndex {
        self.index.get_or_init(|| SpanIndex::new(&self.text))
    }

    /// Hides parts of the text from all findings: they may be secrets.
    pub fn hide(&self, parts: impl IntoIterator<Item = Range<usize>>) {
        self.hidden.lock().unwrap_or_else(PoisonError::into_inner).extend(parts);
    }

    /// Sets how to find more parts to hide. It is called only if the file has findings.
    pub fn hide_by(&mut self, hider: Hider) {
        self.hider = Some(hider);
    }

    /// The parts that no finding shows, in no order.
    pub fn hidden(&self) -> Vec<Range<usize>> {
        let mut parts = self.hidden.lock().unwrap_or_else(PoisonError::into_inner).clone();
        parts.extend(self.hider.into_iter().flat_map(|hider| hider(self)));
        parts
    }

    /// Marks a file outside the repository, whose text no finding shows.
    pub fn mark_foreign(&mut self) {
        self.is_foreign = true;
    }

    /// True if no finding shows the text, because the file is outside the repository.
    pub fn is_foreign(&self) -> bool {
        self.is_foreign
    }

    /// The number of lines, at least one.
    pub fn line_count(&self) -> usize {
        self.starts().len()
    }

    /// The line (from 1) of a byte. Bytes after the end belong to the last line.
    pub fn line_of(&self, byte: usize) -> usize {
        self.starts().partition_point(|start| *start <= byte).max(1)
    }

    /// The first byte of a line (from 1); the end of the text for a line that does not exist.
    pub fn line_start(&self, line: usize) -> usize {
        let line = line.saturating_sub(1);
        self.starts().get(line).copied().unwrap_or(self.text.len())
    }

    /// The text of a line (from 1) without its line break.
    pub fn line(&self, line: usize) -> &str {
        let text = &self.text[self.line_start(line)..self.line_start(line.saturating_add(1))];
        text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text))
    }

    /// The line and column of a byte, of the character that contains it, or of the end of the text.
    pub fn line_column(&self, byte: usize) -> LineColumn {
        let byte = self.text.floor_char_boundary(byte);
        let line = self.line_of(byte);
        let column = self.text[self.line_start(line)..byte].chars().count() + 1;
        LineColumn { line, column }
    }

    /// The byte of a line and column, or of the end of a shorter line.
    pub fn byte(&self, at: LineColumn) -> usize {
        let line = self.line(at.line);
        let inside = line.char_indices().nth(at.column.saturating_sub(1));
        self.line_start(at.line) + inside.map_or(line.len(), |(byte, _)| byte)
    }

    fn starts(&self) -> &[usize] {
        self.lines.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect()
        })
    }
}

/// A handle on one source of a [`Sources`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(usize);

/// All files that one run has read.
#[derive(Debug, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Stores a source and returns its handle.
    pub fn add(&mut self, source: Source) -> FileId {
        self.0.push(source);
        FileId(self.0.len() - 1)
    }

    /// The source of a handle of this store.
    pub fn get(&self, id: FileId) -> &Source {
        &self.0[id.0]
    }
}

#[cfg(test)]
mod tests {
    use super::{LineColumn, Source};

    #[test]
    fn columns_count_characters() {
        let source = Source::new("g.yaml", "a: 1\r\n😀é: x\r\n\r\n");
        let x = source.text().find('x').unwrap();
        assert_eq!(source.line_column(x), LineColumn { line: 2, column: 5 });
        assert_eq!(source.byte(LineColumn { line: 2, column: 5 }), x);
        assert_eq!(source.line(2), "😀é: x");
        assert_eq!(source.line(3), "");
        assert_eq!(source.line_count(), 4);
        let end = LineColumn { line: 4, column: 1 };
        assert_eq!(source.line_column(usize::MAX), end);
        // In the middle of the emoji.
        assert_eq!(source.line_column(7), LineColumn { line: 2, column: 1 });
        assert_eq!(source.byte(LineColumn { line: 1, column: 99 }), 4);
        assert_eq!(source.byte(LineColumn { line: 99, column: 9 }), source.text().len());
    }

    #[test]
    fn a_byte_order_mark_is_dropped() {
        assert_eq!(Source::new("g.yaml", "\u{feff}a: 1").text(), "a: 1");
    }
}
