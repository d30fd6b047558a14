//! API definitions: an OpenAPI or Swagger document becomes what API Management can import, or findings.
//!
//! A file of this folder does one step: `tree` reads, `kind` recognises, `operations` and `refs` check, `rewrite` changes,
//! `size` writes. `named` alone knows the gateway file: it says which place in it named the document.

pub mod builtin;
mod bundle;
mod files;
mod id;
mod kind;
mod named;
mod names;
mod operations;
mod origin;
mod outgoing;
mod parameters;
mod pointer;
mod refs;
mod rewrite;
mod select;
mod size;
mod tree;

pub use id::{OperationId, Unusable};
pub use named::read_all;

use std::ops::Range;
use std::sync::Arc;

use camino::Utf8Path;
use origin::Origins;
use serde_json::Value;

use crate::diag::{Code, Diagnostic, Place, Report, Severity};
use crate::source::{FileId, Source, Sources, YamlPath};

/// Repeated mistakes of one kind that are shown one by one; more become a number.
const SHOWN: usize = 10;

/// The notation of a document that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// OpenAPI 3.0 or 3.1.
    OpenApi3,
    /// Swagger 2.0, also called OpenAPI 2.0.
    Swagger2,
}

/// What the service is told about a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The document itself, as JSON.
    Document(Notation),
    /// The URL of a document that the service fetches.
    Link(LinkFormat),
}

/// The notation of a document behind a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkFormat {
    /// OpenAPI 3 in JSON.
    OpenApiJson,
    /// OpenAPI 3 in YAML.
    OpenApiYaml,
    /// Swagger 2.0 in JSON; the service reads no YAML of it (reference arm-and-terraform §1.4).
    SwaggerJson,
}

impl Format {
    /// The value of the property `format` of an API in ARM.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Document(Notation::OpenApi3) => "openapi+json",
            Self::Document(Notation::Swagger2) => "swagger-json",
            Self::Link(LinkFormat::OpenApiJson) => "openapi+json-link",
            Self::Link(LinkFormat::OpenApiYaml) => "openapi-link",
            Self::Link(LinkFormat::SwaggerJson) => "swagger-link-json",
        }
    }
}

/// Which requests a definition lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coverage {
    /// Those for the operations that it lists.
    Operations,
    /// Any method on any path.
    AnyPath,
    /// Those for operations that only the service knows.
    Linked,
}

/// A document that the service can import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Its notation.
    pub format: Format,
    /// The document as JSON in one line, without a line end; of a linked one its URL.
    pub text: Arc<str>,
    /// Which requests it lets through.
    pub coverage: Coverage,
    /// The path of the first server (`/v1` of `https://api.contoso.com/v1`), without a slash at the end; `None` if it has none.
    ///
    /// Servers are taken out of the document, so a backend whose URL does not end with this path probably misses it.
    pub server_path: Option<String>,
    /// Whether the document says that callers show credentials of their own.
    pub wants_credentials: bool,
    /// The operations, in the order of the document.
    pub operations: Vec<Operation>,
}

impl Definition {
    /// A document that the service fetches. Nothing of it is known here.
    pub fn linked(url: &str, format: LinkFormat) -> Self {
        Self {
            format: Format::Link(format),
            text: url.into(),
            coverage: Coverage::Linked,
            server_path: None,
            wants_credentials: false,
            operations: Vec::new(),
        }
    }

    /// Whether its operations are all that callers can ask for.
    pub fn lists_operations(&self) -> bool {
        self.coverage == Coverage::Operations
    }

    /// Whether an operation has, or may have, one of these methods, given in upper case.
    pub fn has_method(&self, methods: &[&str]) -> bool {
        if self.coverage == Coverage::Linked {
            return true;
        }
        let mut operations = self.operations.iter();
        operations.any(|operation| methods.iter().any(|method| method.eq_ignore_ascii_case(&operation.method)))
    }

    /// The operation with this id.
    pub fn operation(&self, id: &OperationId) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == *id)
    }
}

/// One operation of an API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Its name in the service.
    pub id: OperationId,
    /// The method, in lower case.
    pub method: String,
    /// The path as the document has it: `/places/{place}/forecast`.
    pub path: String,
    /// Names of the path's parameters, in their order.
    pub parameters: Vec<String>,
}

/// A document that was read and whose version is known, and nothing more. Several APIs may want different parts of it.
#[derive(Debug, Clone)]
pub struct Document {
    file: FileId,
    root: Value,
    notation: Notation,
}

/// What is wanted of a document.
#[derive(Debug)]
pub struct Wanted<'a> {
    /// The place in the gateway file that names the document; every finding shows it as well.
    pub from: &'a Place,
    /// The folder of the gateway file.
    pub folder: &'a Utf8Path,
    /// The operations that are wanted, by id or as `GET /path`, each with its place; `None`: all.
    pub operations: Option<Vec<(&'a str, Place)>>,
}

/// Reads a document. `None` exactly when the report got an error.
pub fn parse(file: FileId, sources: &Sources, from: &Place, report: &mut Report) -> Option<Document> {
    let mut findings = Findings::new(file, from, report);
    let root = tree_of(sources, &mut findings)?;
    let notation = kind::format(&root, &mut findings)?;
    (findings.errors == 0).then_some(Document { file, root, notation })
}

/// What the service can import of a document. `None` exactly when the report got an error.
///
/// Other files that it refers to are read, and become part of it.
pub fn read(document: Document, wanted: &Wanted<'_>, sources: &mut Sources, report: &mut Report) -> Option<Definition> {
    let Document { file, mut root, notation } = document;
    let mut findings = Findings::new(file, wanted.from, report);
    operations::check_info(&root, &mut findings);
    let mut bundle = bundle::Bundle::new(file, notation, &root, wanted.folder, sources);
    bundle.path_items(&mut root, &mut findings);
    if let Some(operations) = &wanted.operations {
        select::operations(&mut root, operations, &mut findings);
    }
    bundle.all(&mut root, &mut findings);
    if wanted.operations.is_some() {
        select::prune(&mut root);
    }
    let operations = operations::collect(&root, notation, &mut findings);
    let cut = refs::check(&root, &mut findings);
    refs::remove(&mut root, &cut);
    let outgoing = outgoing::remove(&mut root, &findings);
    if !operations.is_empty() {
        outgoing.into_iter().for_each(|finding| findings.push(finding));
    }
    if findings.errors == 0 {
        parameters::mend(&mut root, notation, &mut findings);
    }

    let server_path = rewrite::server_path(&root);
    let wants_credentials = wants_credentials(&root);
    rewrite::apply(&mut root, &operations);
    let text = size::write(&root);
    size::check(&root, &text, &mut findings);

    (findings.errors == 0).then_some(Definition {
        format: Format::Document(notation),
        text: text.into(),
        coverage: Coverage::Operations,
        server_path,
        wants_credentials,
        operations,
    })
}

/// Whether callers are to show credentials: a requirement at the root that is not empty.
fn wants_credentials(root: &Value) -> bool {
    let requirements = root.get("security").and_then(Value::as_array);
    requirements.is_some_and(|all| {
        let mut names = all.iter().filter_map(Value::as_object);
        names.any(|one| !one.is_empty())
    })
}

/// The text as a tree, or a finding that says why it is none.
fn tree_of(sources: &Sources, findings: &mut Findings) -> Option<Value> {
    let source = sources.get(findings.file);
    let text = source.text();
    if let Some(other) = kind::foreign_text(text) {
        findings.push(kind::foreign(other, findings));
        return None;
    }
    let is_json = source.path().extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let looks_like_json = text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']);
    let read = if is_json {
        tree::json(text)
    } else if looks_like_json {
        // YAML's flow style starts like JSON. The message of the YAML parser is the better one for both.
        tree::json(text).or_else(|_| tree::yaml(text))
    } else {
        tree::yaml(text)
    };
    match read {
        Ok(tree) => {
            let twice = if tree.duplicates.is_empty() { Vec::new() } else { twice(tree.duplicates, source, findings) };
            findings.push_few(twice, "key");
            Some(tree.value)
        }
        Err(tree::Failure::Syntax { range, message }) => {
            let name = if is_json { "JSON" } else { "JSON or YAML" };
            let finding = Code::DefinitionSyntax
                .at(Place::range(findings.file, range))
                .says(format!("the definition cannot be read as {name}"))
                .because(message);
            findings.push(if is_json && !looks_like_json {
                finding.help("the name ends in `.json`; if the text is YAML, name it `.yaml`")
            } else {
                finding
                    .help("look here and just before: a comma, quote, bracket or colon may be missing, or one too many")
            });
            None
        }
        Err(tree::Failure::Deep(path)) => {
            findings.push(
                findings
                    .key(Code::DefinitionTooDeep, path)
                    .says("the definition is nested too deeply")
                    .because("more than 120 levels")
                    .help("check that this is the document you mean"),
            );
            None
        }
        Err(tree::Failure::Large) => {
            findings.push(
                findings
                    .whole(Code::DefinitionTooDeep)
                    .says("the definition has too many nodes")
                    .because("with its aliases in place it holds more than a million values, or 32 MiB of text")
                    .help("check that this is the document you mean, or write out what its aliases repeat"),
            );
            None
        }
    }
}

/// Findings about keys that stand twice: the index knows both places. Paths name only the first one.
fn twice(paths: Vec<YamlPath>, source: &Source, findings: &Findings) -> Vec<Diagnostic> {
    let says = |finding: Diagnostic, key: &str| {
        finding.says(format!("`{key}` stands twice in one object")).help("keep one of the two")
    };
    let doubles = source.index().duplicates();
    if !doubles.is_empty() {
        let at = |range: &Range<usize>| Place::range(findings.file, range.clone());
        return doubles
            .iter()
            .map(|double| {
                let finding = Code::DuplicateKey
                    .at(at(&double.again))
                    .because("again here")
                    .also(at(&double.first), "first here");
                says(finding, &double.key)
            })
            .collect();
    }
    // Notation that the index does not read.
    let paths = paths.into_iter().map(|path| {
        let key = path.steps().last().map(ToString::to_string).unwrap_or_default();
        says(findings.key(Code::DuplicateKey, path), &key)
    });
    paths.collect()
}

/// The report, with what every finding of one document shares.
struct Findings<'a> {
    file: FileId,
    from: &'a Place,
    report: &'a mut Report,
    errors: usize,
    origins: Origins,
}

impl<'a> Findings<'a> {
    fn new(file: FileId, from: &'a Place, report: &'a mut Report) -> Self {
        Self { file, from, report, errors: 0, origins: Origins::default() }
    }

    /// The place of a key of the document.
    fn place_of_key(&self, path: &YamlPath) -> Place {
        self.origins.key(self.file, path)
    }

    /// A finding at a key of the document.
    fn key(&self, code: Code, path: YamlPath) -> Diagnostic {
        if path.steps().is_empty() {
            return self.whole(code);
        }
        code.at(self.place_of_key(&path))
    }

    /// A finding at a value of the document.
    fn value(&self, code: Code, path: YamlPath) -> Diagnostic {
        code.at(self.origins.value(self.file, &path))
    }

    /// A finding about the document as a whole.
    fn whole(&self, code: Code) -> Diagnostic {
        code.at(Place::file(self.file))
    }

    /// Reports a finding, together with the place that named the document.
    fn push(&mut self, finding: Diagnostic) {
        self.errors += usize::from(finding.severity == Severity::Error);
        self.report.push(finding.also(self.from.clone(), "named here"));
    }

    /// Reports findings of one kind: the first few, and how many there are more.
    fn push_few(&mut self, all: Vec<Diagnostic>, what: &str) {
        self.push_first(all, SHOWN, what);
    }

    /// The same with another number of first ones.
    fn push_first(&mut self, all: Vec<Diagnostic>, shown: usize, what: &str) {
        let more = all.len().saturating_sub(shown);
        for (position, finding) in all.into_iter().take(shown).enumerate() {
            self.push(if more > 0 && position + 1 == shown {
                let more = more_of(more, what);
                finding.help(format!("the same is found in {more} of this document"))
            } else {
                finding
            });
        }
    }
}

/// `1 more path`, `2 more paths`.
fn more_of(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} more {what}{plural}")
}

#[cfg(test)]
mod bundle_tests;
#[cfg(test)]
mod tests;
