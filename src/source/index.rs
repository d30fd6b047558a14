//! From a path in a document to the bytes to show: its key and its value.
//!
//! A path through an alias or a merge key leads to the text of the anchor, because that is where it can be fixed.

use std::ops::Range;

use super::path::{Step, YamlPath};
use super::tree::{Duplicate, Kind, Node, NodeId, Tree};

/// Maximum number of merges per look-up. They may multiply like aliases, and a missing key is looked for in all.
const MAX_MERGES: usize = 10_000;

/// Maximum nesting of merges per look-up; a document nested deeper is rejected anyway.
const MAX_MERGE_DEPTH: usize = 64;

/// The location of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spans {
    /// The range of its key; `None` for the root and for items of a list.
    pub key: Option<Range<usize>>,
    /// The range of its value, never more than a line: a block is shown by its first line, a missing value by its key.
    pub value: Range<usize>,
}

/// The paths of one document and their locations.
#[derive(Debug)]
pub struct SpanIndex {
    tree: Tree,
    /// For each node, the end of its first line.
    line_ends: Vec<usize>,
    /// For each node, its key.
    keys: Vec<Option<Range<usize>>>,
}

impl SpanIndex {
    /// Reads a text up to the first syntax error.
    pub fn new(text: &str) -> Self {
        let tree = Tree::new(text);
        let breaks: Vec<usize> = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at).collect();
        let line_end = |at: usize| {
            let next = breaks.get(breaks.partition_point(|end| *end < at)).copied();
            let line = &text[at..next.unwrap_or(text.len()).max(at)];
            at + line.trim_end().len()
        };
        let line_ends = tree.nodes.iter().map(|node| line_end(node.range.start)).collect();
        let mut keys = vec![None; tree.nodes.len()];
        for node in &tree.nodes {
            if let Kind::Map(map) = &node.kind {
                map.entries.iter().for_each(|entry| keys[entry.value] = Some(entry.at.clone()));
            }
        }
        Self { tree, line_ends, keys }
    }

    /// Its nodes.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Duplicate keys.
    pub fn duplicates(&self) -> &[Duplicate] {
        &self.tree.duplicates
    }

    /// The location of a path; `None` if it does not exist.
    pub fn find(&self, path: &YamlPath) -> Option<Spans> {
        let (spans, found) = self.walk(path);
        spans.filter(|_| found == path.steps().len())
    }

    /// The location of a path, or of the innermost node around it; `None` only if there is no document.
    pub fn nearest(&self, path: &YamlPath) -> Option<Spans> {
        self.walk(path).0
    }

    /// The deepest existing node on the way, and the number of steps to it.
    fn walk(&self, path: &YamlPath) -> (Option<Spans>, usize) {
        let Some(root) = self.tree.root else {
            return (None, 0);
        };
        let (mut node, mut key) = (root, None);
        let mut found = 0;
        for step in path.steps() {
            let next = match (step, &self.target(node).kind) {
                (Step::Key(name), Kind::Map(_)) => self.entry(node, name, MAX_MERGE_DEPTH, &mut 0),
                (Step::Index(index), Kind::List(items)) => items.get(*index).map(|item| (None, *item)),
                _ => None,
            };
            let Some((next_key, next)) = next else { break };
            (node, key) = (next, next_key);
            found += 1;
        }
        (Some(self.spans(key, node)), found)
    }

    /// The target of an alias; the node itself if it is not an alias.
    fn target(&self, node: NodeId) -> &Node {
        match self.tree.nodes[node].kind {
            Kind::Alias(Some(target)) => &self.tree.nodes[target],
            _ => &self.tree.nodes[node],
        }
    }

    /// An entry of an object: its own, or else one that it merges.
    fn entry(
        &self,
        node: NodeId,
        key: &str,
        depth: usize,
        merges: &mut usize,
    ) -> Option<(Option<Range<usize>>, NodeId)> {
        let Kind::Map(map) = &self.target(node).kind else {
            return None;
        };
        if let Some(entry) = map.get(key) {
            return Some((Some(entry.at.clone()), entry.value));
        }
        let merged = map.get("<<")?.value;
        let depth = depth.checked_sub(1)?;
        *merges += 1;
        if *merges > MAX_MERGES {
            return None;
        }
        match &self.target(merged).kind {
            Kind::Map(_) => self.entry(merged, key, depth, merges),
            Kind::List(items) => items.iter().find_map(|item| self.entry(*item, key, depth, merges)),
            Kind::Scalar | Kind::Alias(_) => None,
        }
    }

    fn spans(&self, key: Option<Range<usize>>, node: NodeId) -> Spans {
        let target = match self.tree.nodes[node].kind {
            Kind::Alias(Some(target)) => target,
            _ => node,
        };
        let range = &self.tree.nodes[target].range;
        let mut value = range.start..range.end.min(self.line_ends[target]).max(range.start);
        if let (true, Some(key)) = (value.is_empty(), &key) {
            value = key.clone();
        }
        // The value of `key:` with a block below it is best shown by that key.
        if let (true, Some(key)) = (self.tree.nodes[target].is_block, &self.keys[target]) {
            value = key.clone();
        }
        Spans { key, value }
    }
}

#[cfg(test)]
mod tests {
    use super::SpanIndex;
    use crate::source::{Step, YamlPath};

    fn path(text: &str) -> YamlPath {
        let step = |step: &str| step.parse().map_or_else(|_| Step::Key(step.to_owned()), Step::Index);
        text.split('.').filter(|step| !step.is_empty()).map(step).collect()
    }

    /// The texts of the key and the value.
    fn at<'t>(text: &'t str, steps: &str) -> Option<(&'t str, &'t str)> {
        let spans = SpanIndex::new(text).find(&path(steps))?;
        Some((spans.key.map_or("", |key| &text[key]), &text[spans.value]))
    }

    #[test]
    fn paths_find_their_text() {
        let text = concat!(
            "😀é: &e 'smile 😀'\r\n",
            "block:\r\n  inner: {x: 1, y: [2,\r\n    3]}\r\n  list:\r\n  - a: 1\r\n    b: 2\r\n  - c\r\n",
            "text: |\r\n  one\r\n  two\r\nnone:\r\ntagged: !!str &t 5 # note\r\nlast: *e\r\n",
        );
        assert_eq!(at(text, "😀é"), Some(("😀é", "'smile 😀'")));
        assert_eq!(at(text, ""), Some(("", "😀é: &e 'smile 😀'")));
        assert_eq!(at(text, "block"), Some(("block", "block")));
        assert_eq!(at(text, "block.inner"), Some(("inner", "{x: 1, y: [2,")));
        assert_eq!(at(text, "block.inner.y.1"), Some(("", "3")));
        assert_eq!(at(text, "block.list"), Some(("list", "list")));
        assert_eq!(at(text, "block.list.0"), Some(("", "a: 1")));
        assert_eq!(at(text, "block.list.0.b"), Some(("b", "2")));
        assert_eq!(at(text, "block.list.1"), Some(("", "c")));
        assert_eq!(at(text, "text"), Some(("text", "one")));
        assert_eq!(at(text, "none"), Some(("none", "none")));
        assert_eq!(at(text, "tagged"), Some(("tagged", "5")));
        assert_eq!(at(text, "last"), Some(("last", "'smile 😀'")));
        assert_eq!(at(text, "block.none"), None);
    }

    #[test]
    fn aliases_and_merges_lead_to_the_anchor() {
        let text = concat!(
            "base: &base {a: 1, deep: {x: 2}}\n",
            "more: &more\n  <<: *base\n  b: 3\n",
            "one: {<<: *more, c: 4}\n",
            "many: {<<: [*more, {d: 5}], a: 6}\n",
            "alias: *more\n",
        );
        assert_eq!(at(text, "one.c"), Some(("c", "4")));
        assert_eq!(at(text, "one.b"), Some(("b", "3")));
        assert_eq!(at(text, "one.deep.x"), Some(("x", "2")));
        assert_eq!(at(text, "many.d"), Some(("d", "5")));
        assert_eq!(at(text, "many.a"), Some(("a", "6")));
        assert_eq!(at(text, "alias.b"), Some(("b", "3")));
        assert_eq!(at(text, "alias.a"), Some(("a", "1")));
        assert_eq!(at(text, "alias"), Some(("alias", "more")));
    }

    #[test]
    fn what_is_not_there_is_near_something() {
        let text = "a:\n  b: {c: 1}\n";
        let spans = SpanIndex::new(text).nearest(&path("a.b.x.y")).unwrap();
        assert_eq!(&text[spans.value], "{c: 1}");
        assert!(SpanIndex::new("# nothing\n").nearest(&path("a")).is_none());
    }

    #[test]
    fn json_is_read_too() {
        let text = "{\n\t\"paths\": {\n\t\t\"/a\\/b\": {\"get\": {\"summary\": \"\\ud83d\\ude00 \\\\ud83d\"}}\n\t}\n}";
        assert_eq!(at(text, "paths./a/b.get.summary"), Some(("\"summary\"", "\"\\ud83d\\ude00 \\\\ud83d\"")));
    }

    #[test]
    fn merges_without_end_end() {
        let text = "a: &a {<<: *a, x: 1}\nb: &b {<<: [*a, *b]}\n";
        assert_eq!(at(text, "b.x"), Some(("x", "1")));
        assert_eq!(at(text, "b.y"), None);
        let mut bomb = String::from("a0: &a0 {x: 1}\n");
        for level in 1..60 {
            let last = level - 1;
            bomb += &format!("a{level}: &a{level} {{<<: [*a{last}, *a{last}]}}\n");
        }
        assert_eq!(at(&bomb, "a59.y"), None);
    }
}
