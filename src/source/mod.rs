//! Text and positions. Knows nothing of gateways; the only reader of input files.

mod index;
mod path;
mod read;
mod syntax;
mod tree;
mod value;

pub use index::{SpanIndex, Spans};
pub use path::{Step, YamlPath};
pub use read::{DEFINITION_LIMIT, GATEWAY_LIMIT, POLICY_LIMIT, ReadError, Reason, neighbours};
pub use syntax::{SyntaxError, SyntaxKind};
pub use tree::{Duplicate, Entry, Kind, MAX_DEPTH, Map, Node, NodeId, Tag, Tree};
pub use value::{
    DEFINITION_LIMITS, Document, Failure, GATEWAY_LIMITS, Language, Limits, Numbers, OddNumber, is_string, value,
};

use std::sync::OnceLock;

use camino::{Utf8Path, Utf8PathBuf};

/// A text file with the data needed to show locations in it.
#[derive(Debug)]
pub struct Source {
    path: Utf8PathBuf,
    text: String,
    lines: OnceLock<Vec<usize>>,
    index: OnceLock<SpanIndex>,
}

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
        Self { path: path.into(), text, lines: OnceLock::new(), index: OnceLock::new() }
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
