//! Checks of a text before a value is built from it: valid YAML, one document, reasonable size;
//! and problems that YAML parsers accept, such as duplicate keys.

use crate::diag::{Code, HINTS, Location, Report, closest};
use crate::source::{Entry, FileId, GATEWAY_LIMITS, Kind, Node, Source, Sources, SyntaxKind, Tree, is_string};

use super::syntax;

/// Maximum number of levels of a document.
const MAX_LEVELS: usize = GATEWAY_LIMITS.levels;

/// Maximum number of nodes of a document after all aliases are expanded.
const MAX_NODES: u64 = GATEWAY_LIMITS.nodes as u64;

/// Maximum total size of all strings and keys in bytes after all aliases are expanded: an alias can repeat one long string.
const MAX_BYTES: u64 = GATEWAY_LIMITS.bytes as u64;

/// Reports the YAML problems of a file. Returns true if a value can be built from it nevertheless.
pub(super) fn check(file: FileId, sources: &Sources, report: &mut Report) -> bool {
    let source = sources.get(file);
    let mut guard = Guard { file, source, tree: source.index().tree(), report };
    if !(guard.is_yaml() && guard.is_one_document()) {
        return false;
    }
    let is_sane = guard.has_few_levels() && guard.has_few_nodes();
    // Messages would repeat the long strings too.
    if !guard.has_few_bytes(is_sane) {
        return false;
    }
    guard.duplicates();
    guard.tags();
    let is_keyed = guard.keys();
    guard.merges();
    is_sane && is_keyed
}

struct Guard<'a> {
    file: FileId,
    source: &'a Source,
    tree: &'a Tree,
    report: &'a mut Report,
}

impl Guard<'_> {
    fn at(&self, range: &std::ops::Range<usize>) -> Location {
        Location::range(self.file, range.clone())
    }

    fn is_yaml(&mut self) -> bool {
        let Some(error) = &self.tree.error else {
            return true;
        };
        // The scanner's own limit, reached before ours with nested brackets.
        if error.kind == SyntaxKind::TooDeep {
            self.too_deep(error.at..error.at + 1, "hundreds of brackets are open here");
        } else {
            self.report.push(syntax::explain(self.file, self.source, error));
        }
        false
    }

    fn is_one_document(&mut self) -> bool {
        if let Some(second) = self.tree.documents.get(1) {
            let first = self.tree.documents.first().copied().unwrap_or(0);
            let found = Code::Documents
                .at(self.at(&(*second..second + 3)))
                .says("the file contains more than one YAML document")
                .because("a second document starts here")
                .help("move it to a separate file in its own folder; one file describes one gateway");
            // Without a `---` at its start the first document needs no label.
            let has_marker = self.source.text()[first..].starts_with("---");
            self.report.push(if has_marker {
                found.also(self.at(&(first..first + 3)), "the first document starts here")
            } else {
                found
            });
            return false;
        }
        let is_empty = self.tree.root.is_none_or(|root| {
            let node = &self.tree.nodes[root];
            node.kind == Kind::Scalar && node.range.is_empty()
        });
        if is_empty {
            let says = match self.source.text() {
                "" => "the file is empty",
                text if text.trim().is_empty() => "the file contains only whitespace",
                _ => "the file contains only comments",
            };
            let found = Code::Documents.at(Location::file(self.file)).says(says);
            self.report.push(found.help("start with `version: 1`; the README shows the smallest file"));
        }
        !is_empty
    }

    fn too_deep(&mut self, range: std::ops::Range<usize>, because: &str) {
        let found = Code::TooDeep
            .at(self.at(&range))
            .says(format!("the file is nested more than {MAX_LEVELS} levels deep"))
            .because(because);
        self.report.push(found.help("look for an unclosed bracket, or for indentation that grows by mistake"));
    }

    fn has_few_levels(&mut self) -> bool {
        if let Some(range) = self.tree.levels.get(MAX_LEVELS) {
            self.too_deep(range.clone(), &format!("this is level {}", MAX_LEVELS + 1));
            return false;
        }
        let root = self.tree.root.map_or(1, |root| self.tree.nodes[root].height);
        if root <= MAX_LEVELS {
            return true;
        }
        if let Some(alias) = self.aliases().max_by_key(|node| node.height) {
            let found = Code::TooDeep
                .at(self.at(&alias.range))
                .says(format!("with its aliases expanded the file is more than {MAX_LEVELS} levels deep"))
                .because(format!("this expands to {} levels", alias.height));
            self.report.push(found.help("use fewer aliases inside anchors"));
        }
        false
    }

    fn has_few_nodes(&mut self) -> bool {
        let endless: Vec<_> = self.aliases().filter(|node| node.kind == Kind::Alias(None)).cloned().collect();
        for alias in &endless {
            let name = &self.source.text()[alias.range.clone()];
            let found = Code::TooManyNodes
                .at(self.at(&alias.range))
                .says(format!("alias `{name}` refers to itself"))
                .because("circular reference: expanding it would never end");
            self.report.push(found.help("write out the value here"));
        }
        let size = self.tree.root.map_or(0, |root| self.tree.nodes[root].size);
        if size > MAX_NODES {
            let largest = self.aliases().max_by_key(|node| node.size).filter(|node| node.size > 1).cloned();
            let found = match largest {
                Some(alias) => Code::TooManyNodes
                    .at(self.at(&alias.range))
                    .says("with its aliases expanded the file has more than 200,000 values")
                    .because(format!("this alone expands to {}", amount(alias.size)))
                    .help("use fewer aliases inside anchors that are aliases themselves"),
                None => Code::TooManyNodes
                    .at(Location::file(self.file))
                    .says("the file has more than 200,000 values")
                    .help("check that this is the file you mean"),
            };
            self.report.push(found);
        }
        size <= MAX_NODES && endless.is_empty()
    }

    /// With `says`, a finding says so if there are too many.
    fn has_few_bytes(&mut self, says: bool) -> bool {
        let bytes = self.tree.root.map_or(0, |root| self.tree.nodes[root].bytes);
        if bytes <= MAX_BYTES {
            return true;
        }
        // Without aliases it has no more than the file, which is smaller.
        if let Some(alias) = self.aliases().max_by_key(|node| node.bytes).filter(|_| says) {
            let found = Code::TooManyNodes
                .at(self.at(&alias.range))
                .says(format!("with its aliases expanded the file has more than {} MiB of text", MAX_BYTES >> 20))
                .because(format!("this alone expands to {} bytes", alias.bytes));
            self.report.push(found.help("use fewer aliases of long strings"));
        }
        false
    }

    fn aliases(&self) -> impl Iterator<Item = &Node> {
        self.tree.nodes.iter().filter(|node| matches!(node.kind, Kind::Alias(_)))
    }

    fn duplicates(&mut self) {
        for double in &self.tree.duplicates {
            let help = match &*double.key {
                "<<" => "merge both with one key: `<<: [*a, *b]`",
                _ => "keep one of the two",
            };
            let found = Code::DuplicateKey
                .at(self.at(&double.again))
                .says(format!("duplicate key `{}`", double.key))
                .because("duplicate")
                .also(self.at(&double.first), "first occurrence");
            self.report.push(found.help(help));
        }
    }

    fn tags(&mut self) {
        for tag in &self.tree.tags {
            let found = Code::NotPlain
                .at(self.at(&tag.at))
                .says("YAML tags are not supported")
                .because("YAML reads a value that starts with `!` as a tag");
            self.report.push(found.help("remove the tag, or quote the whole value if the `!` belongs to it"));
        }
    }

    /// Keys must be strings. Returns true if all of them can at least be read as such.
    fn keys(&mut self) -> bool {
        let mut is_fine = true;
        for entry in self.tree.nodes.iter().flat_map(entries) {
            let place = self.at(&entry.at);
            match &entry.key {
                Some(key) if entry.is_plain && !is_string(key) => {
                    let found = Code::KeyNotText
                        .at(place)
                        .says(match &**key {
                            "" => "a value has no key".to_owned(),
                            key => format!("the key `{key}` is not a string"),
                        })
                        .because(what(key));
                    self.report.push(if key.is_empty() {
                        found.help("write a key before the colon")
                    } else {
                        found.help(format!("quote it: `\"{key}\":`"))
                    });
                }
                Some(_) => {}
                None => {
                    is_fine = false;
                    let before = &self.source.text()[..entry.at.start];
                    let is_placeholder = before.ends_with('{') && self.source.text()[entry.at.start..].starts_with('{');
                    let found = Code::KeyNotText.at(place).because("a key must be a string");
                    self.report.push(if is_placeholder {
                        found
                            .says("`{{` opens two objects here, one as the key of the other")
                            .help("quote the value if the braces belong to it: `\"{{ … }}\"`")
                    } else {
                        found.says("a list or an object cannot be a key").help("write a string as the key")
                    });
                }
            }
        }
        is_fine
    }

    fn merges(&mut self) {
        let merges = self.tree.nodes.iter().flat_map(entries).filter(|entry| entry.key.as_deref() == Some("<<"));
        let mut hints = 0..HINTS;
        for value in merges.map(|entry| entry.value) {
            for part in self.parts(value) {
                if matches!(self.target(part).kind, Kind::Map(_) | Kind::Alias(None)) {
                    continue;
                }
                let node = &self.tree.nodes[part];
                let range =
                    if node.range.is_empty() { node.range.start..node.range.start + 1 } else { node.range.clone() };
                let word = &self.source.text()[node.range.clone()];
                let anchor = hints
                    .next()
                    .and_then(|_| closest(word.trim_start_matches('&'), syntax::anchors(self.source.text())));
                let found = Code::BadMerge
                    .at(self.at(&range))
                    .says("`<<` can only merge objects")
                    .because("this is not an object");
                self.report.push(match anchor.filter(|_| node.kind == Kind::Scalar) {
                    Some(anchor) => found.help(format!("refer to the anchor with an asterisk: `<<: *{anchor}`")),
                    None => found.help("refer to anchors of objects: `<<: *a`, or `<<: [*a, *b]`"),
                });
            }
        }
    }

    /// The objects that a merge key refers to: one, or those of a list.
    fn parts(&self, value: usize) -> Vec<usize> {
        match &self.target(value).kind {
            Kind::List(items) => items.clone(),
            _ => vec![value],
        }
    }

    fn target(&self, node: usize) -> &Node {
        match self.tree.nodes[node].kind {
            Kind::Alias(Some(target)) => &self.tree.nodes[target],
            _ => &self.tree.nodes[node],
        }
    }
}

fn entries(node: &Node) -> &[Entry] {
    match &node.kind {
        Kind::Map(map) => &map.entries,
        _ => &[],
    }
}

/// The type that YAML gives a key.
fn what(key: &str) -> &'static str {
    match key.to_lowercase().as_str() {
        "" => "there is nothing before this colon",
        "~" | "null" => "YAML reads this as null",
        "true" | "false" => "YAML reads this as a boolean",
        _ => "YAML reads this as a number",
    }
}

fn amount(size: u64) -> String {
    match size {
        0..1_000_000 => format!("{size} values"),
        1_000_000..1_000_000_000 => format!("{} million values", size / 1_000_000),
        _ => "billions of values".to_owned(),
    }
}
