//! API definitions: converts an OpenAPI or Swagger document into one that API Management can import, or reports findings.
//!
//! Each file of this folder does one step: `kind` recognises, `operations` and `refs` check, `rewrite` changes,
//! `size` writes. Only `named` knows the gateway file: it passes the location that refers to the document.

pub mod builtin;
mod bundle;
mod extensions;
mod files;
mod hidden;
mod id;
mod kind;
mod mend;
mod named;
mod names;
mod operations;
mod origin;
mod outgoing;
mod parameters;
mod place;
mod pointer;
mod refs;
mod rename;
mod rewrite;
mod security;
mod select;
mod size;

pub use id::{OperationId, Unusable};
pub use named::read_all;
pub use security::SentIn;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use camino::Utf8Path;
use origin::Origins;
use serde_json::Value;

use crate::diag::{Code, Diagnostic, Location, Report, Severity};
use crate::source::{
    self, DEFINITION_LIMITS, Failure, FileId, Language, Numbers, Source, Sources, YamlPath, all_but_keys,
};

/// Number of repeated problems of one kind that are shown separately; the rest is only counted.
const SHOWN: usize = 10;

/// The format of a document that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// OpenAPI 3.0 or 3.1.
    OpenApi3,
    /// Swagger 2.0, also called OpenAPI 2.0.
    Swagger2,
}

/// The value of a definition in the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The document itself, as JSON.
    Document(Notation),
    /// The URL of a document that the service downloads.
    Link(LinkFormat),
}

/// The format of a linked document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkFormat {
    /// OpenAPI 3 in JSON.
    OpenApiJson,
    /// OpenAPI 3 in YAML.
    OpenApiYaml,
    /// Swagger 2.0 in JSON; the service does not read it as YAML (reference arm-and-terraform §1.4).
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

/// The requests that a definition allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coverage {
    /// Requests for the listed operations.
    Operations,
    /// Every method on every path.
    AnyPath,
    /// Requests for operations that only the service knows.
    Linked,
}

/// A document that the service can import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Its format.
    pub format: Format,
    /// The document as JSON; of a linked one its URL.
    pub text: Arc<str>,
    /// The requests that it allows.
    pub coverage: Coverage,
    /// The path of the first server (`/v1` of `https://api.contoso.com/v1`), without a trailing slash; `None` if it has none.
    ///
    /// Servers are removed from the document, so a backend whose URL does not end with this path probably lacks it.
    pub server_path: Option<String>,
    /// The places where the document requires callers to send credentials, each once.
    pub credentials: BTreeSet<SentIn>,
    /// The operations, in the order of the document.
    pub operations: Vec<Operation>,
}

impl Definition {
    /// A document that the service downloads. Its operations are unknown.
    pub fn linked(url: &str, format: LinkFormat) -> Self {
        Self {
            format: Format::Link(format),
            text: url.into(),
            coverage: Coverage::Linked,
            server_path: None,
            credentials: BTreeSet::new(),
            operations: Vec::new(),
        }
    }

    /// The document on one line, which is less than half as long; `None` if it is a link.
    pub fn on_one_line(&self) -> Option<String> {
        let Format::Document(_) = self.format else { return None };
        let value: Value = serde_json::from_str(&self.text).expect("definition: its text is JSON");
        Some(size::compact(&value))
    }

    /// True if callers can use only its operations.
    pub fn lists_operations(&self) -> bool {
        self.coverage == Coverage::Operations
    }

    /// True if an operation has, or may have, one of these methods, given in upper case.
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
    /// Names of the path's parameters, in order.
    pub parameters: Vec<String>,
    /// False if the document offers its body in other formats than JSON alone, such as a form.
    pub takes_json: bool,
    /// True if the document offers its response as a stream of events.
    pub sends_events: bool,
}

/// A document that was read and whose version is known, before any other step. Several APIs may use different parts of it.
#[derive(Debug, Clone)]
pub struct Document {
    file: FileId,
    root: Value,
    notation: Notation,
}

/// The request for a document.
#[derive(Debug)]
pub struct Wanted<'a> {
    /// The location in the gateway file that refers to the document; every finding shows it as well.
    pub from: &'a Location,
    /// The folder of the gateway file.
    pub folder: &'a Utf8Path,
    /// The selected operations, by id or as `GET /path`, each with its location; `None`: all.
    pub operations: Option<Vec<(&'a str, Location)>>,
}

/// Reads a document. `None` exactly if the report received an error.
pub fn parse(file: FileId, sources: &Sources, from: &Location, report: &mut Report) -> Option<Document> {
    let mut findings = Findings::new(file, from, report);
    let mut root = tree_of(sources, &mut findings)?;
    let notation = kind::format(&root, &mut findings)?;
    for key in ["openapi", "swagger"] {
        if let Some(Value::String(version)) = root.get_mut(key) {
            *version = version.trim().to_owned();
        }
    }
    (findings.errors == 0).then_some(Document { file, root, notation })
}

/// The document that the service can import. `None` exactly if the report received an error.
///
/// Files that it refers to are read and included.
pub fn read(document: Document, wanted: &Wanted<'_>, sources: &mut Sources, report: &mut Report) -> Option<Definition> {
    let Document { file, mut root, notation } = document;
    let mut findings = Findings::new(file, wanted.from, report);
    operations::check_info(&root, &mut findings);
    let mut bundle = bundle::Bundle::new(file, notation, wanted.folder, sources);
    if let Some(operations) = &wanted.operations {
        root = select::select(&mut bundle, root, operations, &mut findings)?;
    }
    extensions::remove(&mut root, &mut findings);
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
        parameters::repair(&mut root, notation, &mut findings);
        mend::required(&mut root, notation, &mut findings);
    }

    let server_path = rewrite::server_path(&root);
    let credentials = security::credentials(&root);
    rewrite::apply(&mut root, &operations);
    rename::components(&mut root, notation);
    let text = size::write(&root);
    size::check(&root, &text, &mut findings);

    (findings.errors == 0).then_some(Definition {
        format: Format::Document(notation),
        text: text.into(),
        coverage: Coverage::Operations,
        server_path,
        credentials,
        operations,
    })
}

/// The text as a tree, or a finding with the syntax error.
fn tree_of(sources: &Sources, findings: &mut Findings) -> Option<Value> {
    let source = sources.get(findings.file);
    let text = source.text();
    if let Some(other) = kind::foreign_text(text) {
        findings.push(kind::foreign(other, findings));
        return None;
    }
    let is_json = source.path().extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let looks_like_json = text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']);
    let language = if is_json { Language::Json } else { Language::Yaml };
    match source::value(text, language, Numbers::Copied, DEFINITION_LIMITS) {
        Ok(read) => {
            let twice = if read.duplicates.is_empty() { Vec::new() } else { twice(read.duplicates, source, findings) };
            findings.push_few(twice, "key");
            let merges = read.bad_merges.into_iter().map(|path| {
                findings
                    .value(Code::BadMerge, path.key("<<"))
                    .says("`<<` can only merge objects")
                    .because("this is not an object")
                    .help("refer to anchors of objects: `<<: *a`, or `<<: [*a, *b]`")
            });
            let merges = merges.collect();
            findings.push_few(merges, "object");
            Some(read.value)
        }
        Err(Failure::Syntax { range, message }) => {
            source.hide(all_but_keys(text));
            let name = if is_json { "JSON" } else { "JSON or YAML" };
            let finding = Code::DefinitionSyntax
                .at(Location::range(findings.file, range))
                .says(format!("the definition is not valid {name}"))
                .because(message);
            findings.push(if is_json && !looks_like_json {
                finding.help("files named `.json` are parsed as JSON; if the text is YAML, rename the file to `.yaml`")
            } else {
                finding
                    .help("check this location and the text just before it: a comma, quote, bracket or colon may be missing or extra")
            });
            None
        }
        Err(Failure::Deep(path)) => {
            findings.push(
                findings
                    .key(Code::DefinitionTooDeep, path)
                    .says("the definition is nested too deeply")
                    .because("more than 120 levels")
                    .help("check that this is the document you mean"),
            );
            None
        }
        Err(Failure::Large) => {
            findings.push(
                findings
                    .whole(Code::DefinitionTooDeep)
                    .says("the definition has too many nodes")
                    .because("with its aliases expanded it has more than a million values, or 32 MiB of text")
                    .help("check that this is the document you mean, or write out the values that its aliases repeat"),
            );
            None
        }
    }
}

/// Findings about duplicate keys: the index knows both locations, paths identify only the first one.
fn twice(paths: Vec<YamlPath>, source: &Source, findings: &Findings) -> Vec<Diagnostic> {
    let says =
        |finding: Diagnostic, key: &str| finding.says(format!("duplicate key `{key}`")).help("keep one of the two");
    let doubles = source.index().duplicates();
    if !doubles.is_empty() {
        let at = |range: &Range<usize>| Location::range(findings.file, range.clone());
        return doubles
            .iter()
            .map(|double| {
                let finding = Code::DuplicateKey
                    .at(at(&double.again))
                    .because("duplicate")
                    .also(at(&double.first), "first occurrence");
                says(finding, &double.key)
            })
            .collect();
    }
    // A format that the index does not read.
    let paths = paths.into_iter().map(|path| {
        let key = path.steps().last().map(ToString::to_string).unwrap_or_default();
        says(findings.key(Code::DuplicateKey, path), &key)
    });
    paths.collect()
}

/// The report, with the data that all findings of one document share.
struct Findings<'a> {
    file: FileId,
    from: &'a Location,
    report: &'a mut Report,
    errors: usize,
    origins: Origins,
}

impl<'a> Findings<'a> {
    fn new(file: FileId, from: &'a Location, report: &'a mut Report) -> Self {
        Self { file, from, report, errors: 0, origins: Origins::default() }
    }

    /// The location of a key of the document.
    fn place_of_key(&self, path: &YamlPath) -> Location {
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
        code.at(Location::file(self.file))
    }

    /// Reports a finding, together with the location that refers to the document.
    fn push(&mut self, finding: Diagnostic) {
        self.errors += usize::from(finding.severity == Severity::Error);
        self.report.push(finding.also(self.from.clone(), "referenced here"));
    }

    /// Reports a finding that another part of the program reported without anybody seeing it.
    fn push_again(&mut self, finding: Diagnostic) {
        self.errors += usize::from(finding.severity == Severity::Error);
        self.report.push(finding);
    }

    /// Reports findings of one kind: the first few, and the number of the others.
    fn push_few(&mut self, all: Vec<Diagnostic>, what: &str) {
        self.push_first(all, SHOWN, what);
    }

    /// The same with a different number of first findings.
    fn push_first(&mut self, all: Vec<Diagnostic>, shown: usize, what: &str) {
        let more = all.len().saturating_sub(shown);
        for (position, finding) in all.into_iter().take(shown).enumerate() {
            self.push(if more > 0 && position + 1 == shown {
                let more = more_of(more, what);
                finding.help(format!("the same problem occurs in {more} of this document"))
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
mod files_tests;
#[cfg(test)]
mod tests;
