//! The nodes of a YAML (or JSON) document with their byte ranges, from one pass over the parser's events.
//!
//! Aliases remain aliases here: their expanded size is counted, never built. Nothing recurses, so that no text can exhaust
//! the stack. Problems of a text are kept as data; `model` writes the messages.

mod build;

pub(super) use build::has_more_values;

use std::ops::Range;
use std::sync::Arc;

use super::SyntaxError;

/// Maximum depth; deeper nodes are ignored.
pub const MAX_DEPTH: usize = 512;

/// A handle on a node of a [`Tree`].
pub type NodeId = usize;

/// The kind of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A string, number, boolean or null.
    Scalar,
    /// A list and its items.
    List(Vec<NodeId>),
    /// An object and its keys, in file order.
    Map(Map),
    /// `*name`, and the node with that anchor; `None` if it refers to itself.
    Alias(Option<NodeId>),
}

/// The entries of an object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Map {
    /// In the order of the text.
    pub entries: Vec<Entry>,
    /// Positions in `entries`, sorted by key, then position.
    sorted: Vec<usize>,
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key's text; `None` if the key is a list or an object.
    pub key: Option<Arc<str>>,
    /// True if the key has no quotes and no tag, so that YAML may read it as a number or boolean.
    pub is_plain: bool,
    /// The range of the key.
    pub at: Range<usize>,
    /// The value.
    pub value: NodeId,
}

/// One node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its kind.
    pub kind: Kind,
    /// Its bytes, without anchor and tag.
    pub range: Range<usize>,
    /// True if it is a list or object without brackets.
    pub is_block: bool,
    /// The number of nodes after all aliases are expanded.
    pub size: u64,
    /// The bytes of all strings and keys after all aliases are expanded.
    pub bytes: u64,
    /// The number of levels after all aliases are expanded; 1 for a scalar.
    pub height: usize,
}

/// A duplicate key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// The key.
    pub key: Arc<str>,
    /// The range of its first occurrence.
    pub first: Range<usize>,
    /// The range of the duplicate.
    pub again: Range<usize>,
}

/// A tag like `!secret` on a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Its text.
    pub name: String,
    /// Its range.
    pub at: Range<usize>,
}

/// A document as nodes.
#[derive(Debug, Default)]
pub struct Tree {
    /// All nodes; children come after their parents.
    pub nodes: Vec<Node>,
    /// The first document's node.
    pub root: Option<NodeId>,
    /// The start of each document.
    pub documents: Vec<usize>,
    /// Duplicate keys.
    pub duplicates: Vec<Duplicate>,
    /// Tags other than YAML's own.
    pub tags: Vec<Tag>,
    /// The syntax error, if any.
    pub error: Option<SyntaxError>,
    /// The first node of each depth, the root's first.
    pub levels: Vec<Range<usize>>,
}

impl Map {
    /// The entry with this key; the first, if there are two.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        let place = |position: &usize| self.entries[*position].key.as_deref() < Some(key);
        let position = *self.sorted.get(self.sorted.partition_point(place))?;
        Some(&self.entries[position]).filter(|entry| entry.key.as_deref() == Some(key))
    }

    fn close(&mut self, duplicates: &mut Vec<Duplicate>) {
        self.sorted = (0..self.entries.len()).collect();
        self.sorted.sort_by(|a, b| self.entries[*a].key.cmp(&self.entries[*b].key));
        let mut first: Option<&Entry> = None;
        for position in &self.sorted {
            let entry = &self.entries[*position];
            match (first, &entry.key) {
                (Some(first), Some(key)) if first.key.as_deref() == Some(key) => {
                    duplicates.push(Duplicate { key: key.clone(), first: first.at.clone(), again: entry.at.clone() });
                }
                _ => first = Some(entry),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, MAX_DEPTH, Tree};

    #[test]
    fn sizes_count_what_aliases_stand_for() {
        let mut bomb = String::from("a0: &a0 [x, x]\n");
        for level in 1..=60 {
            let last = level - 1;
            bomb += &format!("a{level}: &a{level} [*a{last}, *a{last}]\n");
        }
        let tree = Tree::new(&bomb);
        let root = &tree.nodes[tree.root.unwrap()];
        assert!(root.size > 1 << 60, "{}", root.size);
        assert_eq!(root.height, 63);
        assert!(tree.nodes.len() < 300);
    }

    #[test]
    fn bytes_count_what_aliases_stand_for() {
        let bytes = |text: &str| {
            let tree = Tree::new(text);
            tree.nodes[tree.root.unwrap()].bytes
        };
        assert_eq!(bytes("a: é\n? bc\n: [d, 'e', 12]\n"), 9);
        assert_eq!(bytes("a: &x yyyy\nb: [*x, *x, {*x : 1}]\n"), 19);
    }

    #[test]
    fn an_alias_inside_its_own_anchor_has_no_target() {
        let tree = Tree::new("a: &x [1, *x]\nb: *x\n");
        let kinds: Vec<_> = tree.nodes.iter().filter(|node| matches!(node.kind, Kind::Alias(_))).collect();
        assert_eq!(kinds[0].kind, Kind::Alias(None));
        assert!(matches!(kinds[1].kind, Kind::Alias(Some(_))));
    }

    #[test]
    fn depth_ends_the_reading() {
        let blocks = (0..600).fold(String::new(), |text, level| text + &"  ".repeat(level) + "a:\n");
        assert_eq!(Tree::new(&blocks).levels.len(), MAX_DEPTH);
        // The scanner looks for a colon after the brackets and gives up by itself.
        let error = Tree::new(&"[".repeat(10_000)).error.unwrap();
        assert_eq!(error.reason, "recursion limit exceeded");
    }

    #[test]
    fn keys_that_stand_twice_are_listed_and_merges_are_not() {
        let tree = Tree::new("a: &x {k: 1, k: 2}\nb: {<<: *x, k: 3}\n\"a\": 1\na: 2\n");
        let keys: Vec<_> = tree.duplicates.iter().map(|double| (&*double.key, double.again.start)).collect();
        assert_eq!(keys, [("k", 13), ("a", 37), ("a", 44)]);
    }

    #[test]
    fn a_text_that_breaks_off_keeps_what_was_read() {
        let tree = Tree::new("a: 1\nb: {c: [1, 2\nd: ]\n");
        assert!(tree.error.is_some());
        assert!(tree.root.is_some());
    }

    #[test]
    fn odd_tags_do_not_leave_the_text() {
        for text in ["a: !", "!", "! a", "a: !é", "a: !<tag:x,2000:y> 1", "- !a !b", "a: !x\n  b: c"] {
            for tag in Tree::new(text).tags {
                assert!(text.get(tag.at.clone()).is_some(), "{text:?} {tag:?}");
            }
        }
    }
}
