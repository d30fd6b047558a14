//! From a gateway file to the plan: the steps of the pipeline in order, and the documents that the
//! file refers to.

use std::collections::BTreeMap;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use crate::definition::{self, Definition, Document};
use crate::diag::{self, Code, Diagnostic, Place, Report};
use crate::include::{self, Included};
use crate::limits;
use crate::model::{self, load};
use crate::plan::{self, Plan};
use crate::resolve::{self, Resolved};
use crate::source::{self, DEFINITION_LIMIT, FileId, POLICY_LIMIT, ReadError, Reason, Source, Sources, YamlPath};

/// The result of reading and checking one gateway file.
#[derive(Debug)]
pub struct Checked {
    /// The file and the documents that it refers to.
    pub sources: Sources,
    /// All findings, in the order of the text.
    pub report: Report,
    /// The plan; `None` exactly if the report contains an error.
    pub plan: Option<Plan>,
}

/// Reads and checks a gateway file.
///
/// # Errors
///
/// If the file does not exist, or cannot be read.
pub fn check(path: &Utf8Path) -> anyhow::Result<Checked> {
    let mut sources = Sources::default();
    let mut report = Report::default();
    let plan = match Source::read(path) {
        Ok(source) => {
            let file = sources.add(source);
            planned(file, &mut sources, &mut report)
        }
        Err(error) => {
            // The error contains the path.
            report.push(diag::unread(error, &mut sources)?);
            None
        }
    };
    report.tidy(&sources);
    Ok(Checked { sources, report, plan })
}

fn planned(file: FileId, sources: &mut Sources, report: &mut Report) -> Option<Plan> {
    let resolved = resolved(file, sources, report)?;
    plan::check_includes(&resolved, file, report);
    if report.has_errors() {
        return None;
    }
    let plan = plan::build(&resolved);
    let tier = resolved.service.sku.map(crate::catalogue::sku::Sku::tier);
    limits::check(&plan, tier, file, report);
    (!report.has_errors()).then_some(plan)
}

fn resolved(file: FileId, sources: &mut Sources, report: &mut Report) -> Option<Resolved> {
    let loaded = load::gateway(file, sources, report)?;
    let definitions = definitions(file, &loaded.gateway, sources, report);
    let path = sources.get(file).path();
    let input = resolve::Input {
        file,
        source_name: path.file_name().unwrap_or(path.as_str()).to_owned(),
        definitions,
        includes: includes(file, &loaded.gateway, sources, report),
        gateway: &loaded.gateway,
        lost: &loaded.lost,
    };
    resolve::resolve(input, report)
}

/// The documents of APIs, by API. Each file is read once, and each selection of operations made once.
fn definitions(
    file: FileId,
    gateway: &model::Gateway,
    sources: &mut Sources,
    report: &mut Report,
) -> BTreeMap<String, Definition> {
    let folder = sources.get(file).path().parent().map(Utf8Path::to_owned);
    let folder = folder.unwrap_or_default();
    let mut named: BTreeMap<Utf8PathBuf, Vec<(&str, &model::DefinitionFile)>> = BTreeMap::new();
    for (name, api) in &gateway.apis {
        if let Some(model::Definition::File(definition)) = &api.definition {
            // `./specs/a.yaml` and `specs/a.yaml` are one file, with one set of findings.
            let path = folder.join(&definition.file);
            let path: Utf8PathBuf = path.components().collect();
            named.entry(path).or_default().push((name, definition));
        }
    }
    let mut definitions = BTreeMap::new();
    for (path, apis) in named {
        let (first, definition) = apis[0];
        let from = from(file, first);
        let Some(document) = document(&path, &definition.file, &from, sources, report) else {
            continue;
        };
        // One document per selection, and no copy for the last one.
        let mut selections: BTreeMap<Option<&[String]>, Vec<&str>> = BTreeMap::new();
        for (api, definition) in apis {
            let operations = definition.operations.as_deref();
            selections.entry(operations).or_default().push(api);
        }
        let mut selections = selections.into_iter().peekable();
        let mut document = Some(document);
        while let Some((operations, apis)) = selections.next() {
            let api = apis[0];
            let document = match selections.peek() {
                Some(_) => document.clone(),
                None => document.take(),
            };
            let at = definition_of(api).key("operations");
            let places = (0..).map(|index| Place::value(file, at.index(index)));
            let wanted = definition::Wanted {
                from: &self::from(file, api),
                folder: &folder,
                operations: operations.map(|names| names.iter().map(String::as_str).zip(places).collect()),
            };
            let document = document.expect("compile: the last selection takes the document");
            let made = definition::read(document, &wanted, sources, report);
            for api in apis {
                definitions.extend(made.clone().map(|made| (api.to_owned(), made)));
            }
        }
    }
    definitions
}

/// The definition of an API in the gateway file.
fn definition_of(api: &str) -> YamlPath {
    let path = ["apis", api, "definition"];
    path.iter().fold(YamlPath::root(), |path, key| path.key(*key))
}

/// The location of the definition's file name in an API.
fn from(file: FileId, api: &str) -> Place {
    Place::value(file, definition_of(api).key("file"))
}

/// Custom policies of APIs, by their path as in the gateway file. Each file is read once.
fn includes(
    file: FileId,
    gateway: &model::Gateway,
    sources: &mut Sources,
    report: &mut Report,
) -> BTreeMap<String, Arc<Included>> {
    let folder = sources.get(file).path().parent().map(Utf8Path::to_owned);
    let folder = folder.unwrap_or_default();
    let mut read: BTreeMap<Utf8PathBuf, Option<Arc<Included>>> = BTreeMap::new();
    let mut texts = BTreeMap::new();
    for (name, api) in &gateway.apis {
        let Some(include) = &api.include else {
            continue;
        };
        let sections = [("inbound", &include.inbound), ("outbound", &include.outbound)];
        let ends = sections.into_iter().flat_map(|(section, at)| {
            let ends = at.iter().flat_map(|at| [("first", &at.first), ("last", &at.last)]);
            ends.map(move |(end, files)| (section, end, files))
        });
        for (section, end, files) in ends {
            for (position, named) in files.iter().enumerate() {
                let at = ["apis", name, "include", section, end];
                let at = at.iter().fold(YamlPath::root(), |path, key| path.key(*key));
                let from = Place::value(file, at.index(position).key("file"));
                let named = named.file.as_str();
                let path = folder.join(named).components().collect::<Utf8PathBuf>();
                let text = read.entry(path).or_insert_with_key(|path| match Source::read_up_to(path, POLICY_LIMIT) {
                    Ok(source) => {
                        let file = sources.add(source);
                        include::read(file, named, &from, sources, report).map(Arc::new)
                    }
                    Err(error) => {
                        let code = Code::PolicyUnreadable;
                        report.push(unreadable(code, path, named, from, error, sources));
                        None
                    }
                });
                if let Some(text) = text {
                    texts.insert(named.to_owned(), Arc::clone(text));
                }
            }
        }
    }
    texts
}

fn document(
    path: &Utf8Path,
    named: &str,
    from: &Place,
    sources: &mut Sources,
    report: &mut Report,
) -> Option<Document> {
    let error = match Source::read_up_to(path, DEFINITION_LIMIT) {
        Ok(source) => {
            let file = sources.add(source);
            return definition::parse(file, sources, from, report);
        }
        Err(error) => error,
    };
    let code = Code::DefinitionUnreadable;
    report.push(unreadable(code, path, named, from.clone(), error, sources));
    None
}

/// The finding for a file that cannot be used.
fn unreadable(
    code: Code,
    path: &Utf8Path,
    named: &str,
    from: Place,
    error: ReadError,
    sources: &mut Sources,
) -> Diagnostic {
    match diag::unread(error, sources) {
        Ok(finding) => finding.also(from, "referenced here"),
        Err(error) => {
            let finding = code.at(from);
            let here = "the path is relative to the gateway file";
            match error.reason {
                Reason::Missing => {
                    let names = source::neighbours(path);
                    let near = path.file_name().and_then(|name| diag::closest(name, names.iter().map(String::as_str)));
                    let near = near.map(|near| Utf8Path::new(named).with_file_name(near));
                    let finding = finding.says(format!("there is no file `{named}`")).because(here);
                    match near {
                        Some(near) => finding.help(format!("did you mean `{near}`?")),
                        None => finding.help("correct the path, or add the document there"),
                    }
                }
                Reason::Directory => finding
                    .says(format!("`{named}` is a folder"))
                    .because("a file is required")
                    .help("use the path of the document in it"),
                Reason::Io(error) => finding
                    .says(format!("`{named}` cannot be read"))
                    .because(format!("the operating system reports: {error}"))
                    .help("use a file that you have permission to read"),
                _ => finding
                    .says(format!("`{named}` is a device, a pipe or a socket"))
                    .because("a file is required")
                    .help("use a regular file"),
            }
        }
    }
}
