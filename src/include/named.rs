//! The policy text that a gateway file names, and the places where it names it.

use std::collections::BTreeMap;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use super::Included;
use crate::diag::{self, Code, Location, Report};
use crate::model::{self, path_of};
use crate::source::{FileId, POLICY_LIMIT, Source, Sources, constants_of_policy};

/// Custom policies of APIs, by their path as in the gateway file. Each file is read once.
pub fn read_all(
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
                let at = path_of(&["apis", name, "include", section, end]);
                let from = Location::value(file, at.index(position).key("file"));
                let named = named.file.as_str();
                let path = folder.join(named).components().collect::<Utf8PathBuf>();
                if let Some(found) = diag::absolute(named, &from) {
                    report.push(found);
                    continue;
                }
                let read_file = |path: &Utf8PathBuf| Source::read_for(path, POLICY_LIMIT, &folder);
                let text = read.entry(path).or_insert_with_key(|path| match read_file(path) {
                    Ok(mut source) => {
                        source.hide_by(|source| constants_of_policy(source.text()));
                        let file = sources.add(source);
                        super::read(file, named, &from, sources, report).map(Arc::new)
                    }
                    Err(error) => {
                        let code = Code::PolicyUnreadable;
                        report.push(diag::unreadable(code, path, named, from, error, sources));
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
