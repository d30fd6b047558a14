//! From the parser's events to a tree. The only file that uses `saphyr_parser`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::{Entry, Kind, MAX_DEPTH, Map, Node, NodeId, Tag, Tree};
use crate::source::SyntaxError;

impl Tree {
    /// Reads a text as far as it can be read.
    pub fn new(text: &str) -> Self {
        let text = without_surrogates(text);
        let mut builder = Builder::new(&text);
        let mut parser = Parser::new_from_str(&text);
        while let Some(event) = parser.next_event() {
            match event {
                Ok((event, span)) => {
                    if !builder.take(event, span) {
                        break;
                    }
                }
                Err(error) => {
                    let at = builder.bytes.byte(error.marker().index());
                    builder.tree.error = Some(SyntaxError::new(at, error.info()));
                    break;
                }
            }
        }
        builder.finish()
    }
}

/// True if a text has more values than this, with aliases not expanded. Keeps nothing of the text; false if it is not valid.
pub(in crate::source) fn has_more_values(text: &str, limit: usize) -> bool {
    let text = without_surrogates(text);
    let mut parser = Parser::new_from_str(&text);
    // For each open list or object: true if a key of an object comes next; `None` for a list.
    let mut open: Vec<Option<bool>> = Vec::new();
    let mut values = 0;
    while let Some(Ok((event, _))) = parser.next_event() {
        let inside = match event {
            Event::Scalar(..) | Event::Alias(_) => None,
            Event::SequenceStart(..) => Some(None),
            Event::MappingStart(..) => Some(Some(true)),
            Event::SequenceEnd | Event::MappingEnd => {
                open.pop();
                continue;
            }
            Event::DocumentEnd => return false,
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) => continue,
        };
        let is_key = open.last_mut().and_then(Option::as_mut).is_some_and(|key| std::mem::replace(key, !*key));
        values += usize::from(!is_key);
        if values > limit {
            return true;
        }
        open.extend(inside);
    }
    false
}

/// JSON writes characters outside the basic plane as two escapes, which the parser rejects. Other characters of the same length
/// replace them, so that all locations are kept.
fn without_surrogates(text: &str) -> Cow<'_, str> {
    let is_json = text.trim_start().starts_with(['{', '[']);
    if !is_json || !["\\ud", "\\uD"].iter().any(|start| text.contains(start)) {
        return text.into();
    }
    let mut out = text.to_owned();
    for (at, _) in text.match_indices("\\u") {
        let is_escaped = text[..at].bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
        let Some(digits) = text.get(at + 2..at + 6) else {
            continue;
        };
        let is_surrogate = u32::from_str_radix(digits, 16).is_ok_and(|code| (0xd800..0xe000).contains(&code));
        if is_surrogate && !is_escaped {
            out.replace_range(at + 2..at + 6, "003f");
        }
    }
    out.into()
}

/// An open list or object.
struct Open {
    node: NodeId,
    /// The key whose value is expected.
    key: Option<Pending>,
    /// True if this list or object is itself a key.
    is_key: bool,
}

struct Pending {
    text: Option<Arc<str>>,
    is_plain: bool,
    at: Range<usize>,
}

struct Builder<'t> {
    text: &'t str,
    bytes: Bytes<'t>,
    tree: Tree,
    stack: Vec<Open>,
    /// Anchor number → node, and the text of anchored scalars, which may be used as keys.
    anchors: BTreeMap<usize, (NodeId, Option<Arc<str>>)>,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, bytes: Bytes::new(text), tree: Tree::default(), stack: Vec::new(), anchors: BTreeMap::new() }
    }

    /// Returns true to continue.
    fn take(&mut self, event: Event<'_>, span: Span) -> bool {
        let range = self.bytes.byte(span.start.index())..self.bytes.byte(span.end.index());
        match event {
            Event::DocumentStart(_) => {
                self.tree.documents.push(range.start);
                // The rest after a second document does not belong to this gateway.
                return self.tree.documents.len() < 2;
            }
            Event::Alias(anchor) => self.alias(anchor, range),
            Event::Scalar(text, style, anchor, tag) => {
                self.tag(tag.as_deref(), &range);
                let node = self.node(Kind::Scalar, self.bare(range));
                self.tree.nodes[node].bytes = text.len() as u64;
                // Only keys and anchors need their text.
                let text = (anchor > 0 || self.expects_key()).then(|| Arc::<str>::from(text));
                if anchor > 0 {
                    self.anchors.insert(anchor, (node, text.clone()));
                }
                let is_plain = style == ScalarStyle::Plain && tag.is_none();
                self.put(node, text, is_plain);
            }
            Event::SequenceStart(anchor, tag) => {
                self.tag(tag.as_deref(), &range);
                return self.open(Kind::List(Vec::new()), anchor, range);
            }
            Event::MappingStart(anchor, tag) => {
                self.tag(tag.as_deref(), &range);
                return self.open(Kind::Map(Map::default()), anchor, range);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(range.end),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        true
    }

    fn alias(&mut self, anchor: usize, range: Range<usize>) {
        let found = self.anchors.get(&anchor).cloned();
        let (target, text) = found.map_or((None, None), |(node, text)| (Some(node), text));
        // Inside its own anchor it would be endless.
        let target = target.filter(|target| self.stack.iter().all(|open| open.node != *target));
        let node = self.node(Kind::Alias(target), range);
        if let Some(target) = target {
            let Node { size, bytes, height, .. } = self.tree.nodes[target];
            let node = &mut self.tree.nodes[node];
            (node.size, node.bytes, node.height) = (size, bytes, height);
        }
        self.put(node, text, false);
    }

    fn tag(&mut self, tag: Option<&saphyr_parser::Tag>, range: &Range<usize>) {
        if let Some(tag) = tag.filter(|tag| !tag.is_yaml_core_schema()) {
            let written = &self.text[range.clone()];
            let start = range.start + written.find('!').unwrap_or(0);
            let rest = &self.text[start..];
            let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
            self.tree.tags.push(Tag { name: tag.to_string(), at: start..start + length });
        }
    }

    fn node(&mut self, kind: Kind, range: Range<usize>) -> NodeId {
        let depth = self.stack.len();
        if self.tree.levels.len() <= depth && !self.expects_key() {
            self.tree.levels.push(range.clone());
        }
        self.tree.nodes.push(Node { kind, range, is_block: false, size: 1, bytes: 0, height: 1 });
        self.tree.nodes.len() - 1
    }

    fn open(&mut self, kind: Kind, anchor: usize, range: Range<usize>) -> bool {
        let node = self.node(kind, self.bare(range));
        // The parser reports the range of the bracket, or an empty range if there is none.
        self.tree.nodes[node].is_block = self.tree.nodes[node].range.is_empty();
        if anchor > 0 {
            self.anchors.insert(anchor, (node, None));
        }
        let is_key = self.expects_key();
        self.stack.push(Open { node, key: None, is_key });
        self.stack.len() < MAX_DEPTH
    }

    fn close(&mut self, end: usize) {
        let Some(open) = self.stack.pop() else { return };
        let node = &mut self.tree.nodes[open.node];
        if let Kind::Map(map) = &mut node.kind {
            map.close(&mut self.tree.duplicates);
        }
        // A block ends where the next node starts; the text between them does not belong to it.
        let start = node.range.start;
        let inside = self.text[start..end.max(start)].trim_end();
        node.range.end = start + inside.len();
        if open.is_key {
            let at = node.range.clone();
            self.pend(Pending { text: None, is_plain: false, at });
            self.count(open.node);
        } else {
            self.hang(open.node);
        }
    }

    fn put(&mut self, node: NodeId, text: Option<Arc<str>>, is_plain: bool) {
        if self.expects_key() {
            let at = self.tree.nodes[node].range.clone();
            self.pend(Pending { text, is_plain, at });
            self.count(node);
        } else {
            self.hang(node);
        }
    }

    fn expects_key(&self) -> bool {
        self.stack
            .last()
            .is_some_and(|open| open.key.is_none() && matches!(self.tree.nodes[open.node].kind, Kind::Map(_)))
    }

    fn pend(&mut self, key: Pending) {
        if let Some(open) = self.stack.last_mut() {
            open.key = Some(key);
        }
    }

    /// Adds a finished node to the open list or object.
    fn hang(&mut self, child: NodeId) {
        let Some(open) = self.stack.last_mut() else {
            self.tree.root.get_or_insert(child);
            return;
        };
        let key = open.key.take();
        match &mut self.tree.nodes[open.node].kind {
            Kind::List(items) => items.push(child),
            Kind::Map(map) => map.entries.extend(key.map(|key| Entry {
                key: key.text,
                is_plain: key.is_plain,
                at: key.at,
                value: child,
            })),
            Kind::Scalar | Kind::Alias(_) => {}
        }
        self.count(child);
    }

    fn count(&mut self, child: NodeId) {
        let Node { size, bytes, height, .. } = self.tree.nodes[child];
        if let Some(open) = self.stack.last() {
            let parent = &mut self.tree.nodes[open.node];
            parent.size = parent.size.saturating_add(size);
            parent.bytes = parent.bytes.saturating_add(bytes);
            parent.height = parent.height.max(height + 1);
        }
    }

    /// The range without anchor, tag and surrounding whitespace.
    fn bare(&self, range: Range<usize>) -> Range<usize> {
        let mut start = range.start;
        let end = range.end.max(start);
        while self.text[start..end].starts_with(['&', '!']) {
            let rest = &self.text[start..end];
            let Some(name) = rest.find(char::is_whitespace) else {
                break;
            };
            start += name + rest[name..].len() - rest[name..].trim_start().len();
        }
        let inside = self.text[start..end].trim_end();
        start..start + inside.len()
    }

    fn finish(mut self) -> Tree {
        // A truncated text leaves its collections open; the parsed part is still useful for labels.
        while !self.stack.is_empty() {
            self.close(self.text.len());
        }
        self.tree
    }
}

/// Characters → bytes. The parser counts characters.
struct Bytes<'t> {
    text: &'t str,
    /// The byte of every 64th character; empty where both counts agree.
    marks: Vec<usize>,
}

impl<'t> Bytes<'t> {
    const STEP: usize = 64;

    fn new(text: &'t str) -> Self {
        let marks = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().step_by(Self::STEP).map(|(byte, _)| byte).collect()
        };
        Self { text, marks }
    }

    fn byte(&self, character: usize) -> usize {
        if self.marks.is_empty() {
            return character.min(self.text.len());
        }
        let Some(start) = self.marks.get(character / Self::STEP) else {
            return self.text.len();
        };
        let rest = self.text[*start..].char_indices().nth(character % Self::STEP);
        rest.map_or(self.text.len(), |(byte, _)| start + byte)
    }
}
