//! What is checked of a text before anybody builds a value from it: that it is YAML, one document, and of a sane size;
//! and what YAML lets pass and should not, such as a key that stands twice.

use crate::diag::{Code, Place, Report, closest};
use crate::source::{Entry, FileId, Kind, Node, Source, Sources, Tree};

use super::syntax;

/// Levels that a document may have.
pub(super) const MAX_LEVELS: usize = 64;

/// Nodes that a document may stand for, with every alias replaced by what it names.
pub(super) const MAX_NODES: u64 = 200_000;

/// Says what is wrong with a file as YAML. Whether a value can be built from it all the same.
pub(super) fn check(file: FileId, sources: &Sources, is_text: fn(&str) -> bool, report: &mut Report) -> bool {
    let source = sources.get(file);
    let mut guard = Guard { file, source, tree: source.index().tree(), report };
    if !(guard.is_yaml() && guard.is_one_document()) {
        return false;
    }
    let is_sane = guard.has_few_levels() && guard.has_few_nodes();
    guard.duplicates();
    guard.tags();
    let is_keyed = guard.keys(is_text);
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
    fn at(&self, range: &std::ops::Range<usize>) -> Place {
        Place::range(self.file, range.clone())
    }

    fn is_yaml(&mut self) -> bool {
        let Some(error) = &self.tree.error else {
            return true;
        };
        // The scanner's own limit, met before ours where brackets open one inside the other.
        if error.reason.contains("recursion limit") {
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
                .says("the file holds more than one YAML document")
                .because("a second document starts here")
                .help("move it to a file of its own, in a folder of its own; one file describes one gateway");
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
                text if text.trim().is_empty() => "the file holds nothing but blanks",
                _ => "the file holds nothing but comments",
            };
            let found = Code::Documents.at(Place::file(self.file)).says(says);
            self.report.push(found.help("start with `version: 1`; the README has a smallest file"));
        }
        !is_empty
    }

    fn too_deep(&mut self, range: std::ops::Range<usize>, because: &str) {
        let found = Code::TooDeep
            .at(self.at(&range))
            .says(format!("the file is nested more than {MAX_LEVELS} levels deep"))
            .because(because);
        self.report.push(found.help("look for a bracket that is not closed, or for indentation that grows by mistake"));
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
                .says(format!("with its aliases in place the file is more than {MAX_LEVELS} levels deep"))
                .because(format!("this stands for {} levels", alias.height));
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
                .says(format!("`{name}` stands inside the very thing that it names"))
                .because("putting it here would never end");
            self.report.push(found.help("write out what you mean here"));
        }
        let size = self.tree.root.map_or(0, |root| self.tree.nodes[root].size);
        if size > MAX_NODES {
            let largest = self.aliases().max_by_key(|node| node.size).filter(|node| node.size > 1).cloned();
            let found = match largest {
                Some(alias) => Code::TooManyNodes
                    .at(self.at(&alias.range))
                    .says("with its aliases in place the file holds more than 200,000 values")
                    .because(format!("this alone stands for {}", amount(alias.size)))
                    .help("use fewer aliases inside anchors that are aliases themselves"),
                None => Code::TooManyNodes
                    .at(Place::file(self.file))
                    .says("the file holds more than 200,000 values")
                    .help("check that this is the file you mean"),
            };
            self.report.push(found);
        }
        size <= MAX_NODES && endless.is_empty()
    }

    fn aliases(&self) -> impl Iterator<Item = &Node> {
        self.tree.nodes.iter().filter(|node| matches!(node.kind, Kind::Alias(_)))
    }

    fn duplicates(&mut self) {
        for double in &self.tree.duplicates {
            let help = match double.key.as_str() {
                "<<" => "merge both with one key: `<<: [*a, *b]`",
                _ => "keep one of the two",
            };
            let found = Code::DuplicateKey
                .at(self.at(&double.again))
                .says(format!("`{}` stands twice in one object", double.key))
                .because("again here")
                .also(self.at(&double.first), "first here");
            self.report.push(found.help(help));
        }
    }

    fn tags(&mut self) {
        for tag in &self.tree.tags {
            let name = self.source.text()[tag.at.clone()].to_owned();
            let found = Code::NotPlain
                .at(self.at(&tag.at))
                .says(format!("the tag `{name}` means nothing here"))
                .because("a text that starts with `!` is a tag to YAML");
            self.report.push(found.help("remove the tag, or quote the whole text if the `!` belongs to it"));
        }
    }

    /// Keys are texts. Whether all of them can at least be read as such.
    fn keys(&mut self, is_text: fn(&str) -> bool) -> bool {
        let mut is_fine = true;
        for entry in self.tree.nodes.iter().flat_map(entries) {
            let place = self.at(&entry.at);
            match &entry.key {
                Some(key) if entry.is_plain && !is_text(key) => {
                    let found = Code::KeyNotText
                        .at(place)
                        .says(match key.as_str() {
                            "" => "a value has no key".to_owned(),
                            key => format!("the key `{key}` is not text"),
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
                    let found = Code::KeyNotText.at(place).because("a key is one text");
                    self.report.push(if is_placeholder {
                        found
                            .says("`{{` opens two objects here, one as the key of the other")
                            .help("quote the value if the braces belong to the text: `\"{{ … }}\"`")
                    } else {
                        found.says("a list or an object stands where a key is needed").help("write one text as the key")
                    });
                }
            }
        }
        is_fine
    }

    fn merges(&mut self) {
        let merges = self.tree.nodes.iter().flat_map(entries).filter(|entry| entry.key.as_deref() == Some("<<"));
        for value in merges.map(|entry| entry.value) {
            for part in self.parts(value) {
                if matches!(self.target(part).kind, Kind::Map(_) | Kind::Alias(None)) {
                    continue;
                }
                let node = &self.tree.nodes[part];
                let range =
                    if node.range.is_empty() { node.range.start..node.range.start + 1 } else { node.range.clone() };
                let word = &self.source.text()[node.range.clone()];
                let anchor = closest(word.trim_start_matches('&'), anchors(self.source.text()));
                let found =
                    Code::BadMerge.at(self.at(&range)).says("`<<` can only take in objects").because("this is none");
                self.report.push(match anchor.filter(|_| node.kind == Kind::Scalar) {
                    Some(anchor) => found.help(format!("name an anchor with a star: `<<: *{anchor}`")),
                    None => found.help("name anchors of objects: `<<: *a`, or `<<: [*a, *b]`"),
                });
            }
        }
    }

    /// The objects that a merge key names: one, or those of a list.
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

/// Names of the anchors that a text seems to have.
pub(super) fn anchors(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('&').filter_map(|(at, _)| {
        let is_start = text[..at].ends_with(|c: char| c.is_whitespace() || "[{,".contains(c));
        let name = &text[at + 1..];
        let end = name.find(|c: char| c.is_whitespace() || "[]{},".contains(c)).unwrap_or(name.len());
        (is_start && end > 0).then(|| &name[..end])
    })
}

/// What YAML reads a key as.
fn what(key: &str) -> &'static str {
    match key.to_lowercase().as_str() {
        "" => "nothing stands before this colon",
        "~" | "null" => "YAML reads this as no value",
        "true" | "false" => "YAML reads this as a flag",
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
