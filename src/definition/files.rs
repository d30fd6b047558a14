//! Files that a document refers to: which of them may be read, and reading each once.

use std::collections::BTreeMap;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use serde_json::Value;

use super::{Findings, pointer, tree_of};
use crate::diag::{self, Code, Diagnostic, Location, grouped};
use crate::source::{DEFINITION_LIMIT, FileId, Reason, Source, Sources};

/// Maximum number of files of one document.
const MOST_FILES: usize = 2_000;

/// The files that were read for one document. The first one is the document itself, which is not stored here.
pub(super) struct Files<'s> {
    sources: &'s mut Sources,
    /// The folder of the gateway file.
    gateway: Utf8PathBuf,
    /// Folders below which files may be read, with links resolved.
    folders: Vec<Utf8PathBuf>,
    /// The document itself, with links resolved; `None` if it is not a file.
    own: Option<Utf8PathBuf>,
    read: Vec<(FileId, Value)>,
    /// Files by their resolved path. `None`: unusable, and reported.
    known: BTreeMap<Utf8PathBuf, Option<usize>>,
    /// True if the number of files was reported.
    is_full: bool,
}

/// A file that contains the target of a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Holder {
    /// The document that the gateway file refers to.
    Own,
    /// Another one.
    Other(usize),
}

/// The reason why a reference cannot be followed, if it was not reported here.
pub(super) enum Unfollowed {
    /// It is a URL.
    Elsewhere,
    /// It was reported.
    Reported,
}

impl<'s> Files<'s> {
    /// Files may be below the gateway file's folder and below the document's own. A third-party document must not
    /// include any other file of this machine in the output, which is committed.
    pub(super) fn new(own: FileId, folder: &Utf8Path, sources: &'s mut Sources) -> Self {
        let path = sources.get(own).path().to_owned();
        let below = [folder, path.parent().unwrap_or(Utf8Path::new(""))];
        let folders = below.into_iter().filter_map(|folder| real(here(folder)));
        Self {
            gateway: folder.to_owned(),
            folders: folders.collect(),
            own: real(&path),
            sources,
            read: Vec::new(),
            known: BTreeMap::new(),
            is_full: false,
        }
    }

    /// Reads files that could not be used once more, and reports them again.
    pub(super) fn forget_failures(&mut self) {
        self.known.retain(|_, read| read.is_some());
        self.is_full = false;
    }

    /// The tree of a file, unless it is the document itself.
    pub(super) fn tree(&self, holder: Holder) -> Option<&Value> {
        match holder {
            Holder::Own => None,
            Holder::Other(at) => Some(&self.read[at].1),
        }
    }

    /// The file of a holder.
    pub(super) fn id(&self, holder: Holder, own: FileId) -> FileId {
        match holder {
            Holder::Own => own,
            Holder::Other(at) => self.read[at].0,
        }
    }

    /// The name of a file as part of a component name: `Error` of `common/Error.json`.
    pub(super) fn stem(&self, holder: Holder) -> &str {
        let Holder::Other(at) = holder else { return "" };
        let path = self.sources.get(self.read[at].0).path();
        path.file_stem().unwrap_or_default()
    }

    /// The file that a reference in another file refers to. `at` is the location of the reference.
    pub(super) fn find(
        &mut self,
        named: &str,
        from: FileId,
        at: &Location,
        findings: &mut Findings<'_>,
    ) -> Result<Holder, Unfollowed> {
        if has_scheme(named) || named.starts_with("//") {
            return Err(Unfollowed::Elsewhere);
        }
        let named = pointer::percent_decoded(named).unwrap_or_else(|| named.to_owned());
        let folder = self.sources.get(from).path().parent().unwrap_or(Utf8Path::new(""));
        let path = folder.join(&named);
        // Before anything looks for the file: a document must not learn what exists elsewhere either.
        if !self.is_allowed(folder, &named) {
            findings.push(
                Code::ExternalRef
                    .at(at.clone())
                    .says(format!("a `$ref` points to `{named}`, outside the gateway's folder"))
                    .because("a document can include only files below its own folder or the gateway file's")
                    .help("copy the file there, and refer to it with a relative path"),
            );
            return Err(Unfollowed::Reported);
        }
        let Some(real) = real(&path) else {
            findings.push(self.missing(&path, &named, at));
            return Err(Unfollowed::Reported);
        };
        if self.own.as_ref() == Some(&real) {
            return Ok(Holder::Own);
        }
        if let Some(known) = self.known.get(&real) {
            return known.map(Holder::Other).ok_or(Unfollowed::Reported);
        }
        let read = self.read(&path, &named, at, findings);
        self.known.insert(real, read);
        read.map(Holder::Other).ok_or(Unfollowed::Reported)
    }

    /// Whether a path leads from a folder to a file that may be read, without a step outside on the way, be it by `..` or by a
    /// symbolic link.
    fn is_allowed(&self, folder: &Utf8Path, named: &str) -> bool {
        let Some(mut at) = real(here(folder)) else { return false };
        Utf8Path::new(named).components().all(|part| {
            match part {
                Utf8Component::CurDir => {}
                Utf8Component::ParentDir => _ = at.pop(),
                Utf8Component::Normal(name) => at.push(name),
                Utf8Component::RootDir | Utf8Component::Prefix(_) => return false,
            }
            let is_below = |at: &Utf8Path| self.folders.iter().any(|folder| at.starts_with(folder));
            // Checked by name first, so that nothing outside is looked for.
            if !is_below(&at) {
                return false;
            }
            if let Some(real) = real(&at) {
                at = real;
            }
            is_below(&at) || self.own.as_ref() == Some(&at)
        })
    }

    fn read(&mut self, path: &Utf8Path, named: &str, at: &Location, findings: &mut Findings<'_>) -> Option<usize> {
        if self.read.len() >= MOST_FILES {
            if !self.is_full {
                self.is_full = true;
                findings.push(
                    Code::DefinitionTooDeep
                        .at(at.clone())
                        .says(format!("the definition consists of more than {} files", grouped(MOST_FILES as u64)))
                        .help("check that this is the document you mean, or bundle it")
                        .help("or select operations with `operations`: only the files that they need are read"),
                );
            }
            return None;
        }
        // Shown relative to the current folder.
        let source = match Source::read_for(&tidy(path), DEFINITION_LIMIT, &self.gateway) {
            Ok(mut source) => {
                source.hide_by(super::hidden::parts);
                source
            }
            Err(error) => {
                let finding = match diag::unread(error, self.sources) {
                    Ok(finding) => finding.also(at.clone(), "a `$ref` refers to it"),
                    Err(error) => unreadable(&error.reason, named, at),
                };
                findings.push(finding);
                return None;
            }
        };
        let file = self.sources.add(source);
        if is_prose(path) {
            let text = self.sources.get(file).text().to_owned();
            self.read.push((file, text.into()));
            return Some(self.read.len() - 1);
        }
        // Its findings show the reference, and not the key of the gateway file.
        let mut inner = Findings::new(file, at, findings.report);
        let tree = tree_of(self.sources, &mut inner);
        let errors = inner.errors;
        findings.errors += errors;
        let tree = tree.filter(|_| errors == 0)?;
        self.read.push((file, tree));
        Some(self.read.len() - 1)
    }

    fn missing(&self, path: &Utf8Path, named: &str, at: &Location) -> Diagnostic {
        let finding = Code::RefUnreadable
            .at(at.clone())
            .says(format!("there is no file `{named}`"))
            .because("the path is relative to the file with the `$ref`");
        let names = crate::source::neighbours(path);
        let near = path.file_name().and_then(|name| diag::closest(name, names.iter().map(String::as_str)));
        let near = near.map(|near| Utf8Path::new(named).with_file_name(near));
        match near {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help("correct the path, or add the file"),
        }
    }
}

fn unreadable(reason: &Reason, named: &str, at: &Location) -> Diagnostic {
    let finding = Code::RefUnreadable.at(at.clone());
    match reason {
        Reason::Io(error) => finding
            .says(format!("`{named}` cannot be read"))
            .because(format!("the operating system reports: {error}"))
            .help("use a file that you have permission to read"),
        _ => finding
            .says(format!("`{named}` is not a regular file"))
            .because("a folder, device, pipe or socket cannot contain a document")
            .help("use a regular file"),
    }
}

/// Whether a file is text that is not parsed: a long description, for example.
fn is_prose(path: &Utf8Path) -> bool {
    let end = path.extension().unwrap_or_default();
    ["md", "txt"].iter().any(|known| end.eq_ignore_ascii_case(known))
}

/// Whether a reference is a URL (RFC 3986 §3.1).
fn has_scheme(named: &str) -> bool {
    named.split_once(':').is_some_and(|(scheme, _)| {
        let is_sign = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
        scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(is_sign)
    })
}

/// The path with links resolved; `None` if it does not exist.
fn real(path: &Utf8Path) -> Option<Utf8PathBuf> {
    path.canonicalize_utf8().ok()
}

/// The folder of an empty path.
fn here(folder: &Utf8Path) -> &Utf8Path {
    match folder.as_str() {
        "" => Utf8Path::new("."),
        _ => folder,
    }
}

/// `specs/common/a.json` for `specs/api/../common/a.json`. For display only: with links it may be another file.
fn tidy(path: &Utf8Path) -> Utf8PathBuf {
    let mut short = Utf8PathBuf::new();
    for part in path.components() {
        let is_up = part.as_str() == "..";
        let can_go_up = short.file_name().is_some_and(|name| name != "..");
        if is_up && can_go_up {
            short.pop();
        } else {
            short.push(part);
        }
    }
    match real(&short) == real(path) {
        true => short,
        false => path.to_owned(),
    }
}
