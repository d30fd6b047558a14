//! The documents that a gateway file names, and the places where it names them.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::{Definition, Document, Wanted};
use crate::diag::{self, Code, Location, Report};
use crate::model::{self, path_of};
use crate::source::{DEFINITION_LIMIT, FileId, Source, Sources, YamlPath};

/// The documents of APIs, by API. Each file is read once, and each selection of operations made once.
pub fn read_all(
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
        let Some(document) = document(&path, &folder, &definition.file, &from, sources, report) else {
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
            let places = (0..).map(|index| Location::value(file, at.index(index)));
            let wanted = Wanted {
                from: &self::from(file, api),
                folder: &folder,
                operations: operations.map(|names| names.iter().map(String::as_str).zip(places).collect()),
            };
            let document = document.expect("definition: the last selection takes the document");
            let made = super::read(document, &wanted, sources, report);
            for api in apis {
                definitions.extend(made.clone().map(|made| (api.to_owned(), made)));
            }
        }
    }
    definitions
}

/// The definition of an API in the gateway file.
fn definition_of(api: &str) -> YamlPath {
    path_of(&["apis", api, "definition"])
}

/// The location of the definition's file name in an API.
fn from(file: FileId, api: &str) -> Location {
    Location::value(file, definition_of(api).key("file"))
}

fn document(
    path: &Utf8Path,
    folder: &Utf8Path,
    named: &str,
    from: &Location,
    sources: &mut Sources,
    report: &mut Report,
) -> Option<Document> {
    if let Some(found) = diag::absolute(named, from) {
        report.push(found);
        return None;
    }
    let error = match Source::read_for(path, DEFINITION_LIMIT, folder) {
        Ok(mut source) => {
            source.hide_by(super::hidden::parts);
            let file = sources.add(source);
            return super::parse(file, sources, from, report);
        }
        Err(error) => error,
    };
    let code = Code::DefinitionUnreadable;
    report.push(diag::unreadable(code, path, named, from.clone(), error, sources));
    None
}
