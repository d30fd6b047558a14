//! Origins of the parts that were inlined into a document from other files, so that findings show the right text.

use std::collections::BTreeMap;

use crate::diag::{Location, Span};
use crate::source::{FileId, Step, YamlPath};

/// The parts from other files, by their path now: their original location.
#[derive(Debug, Default)]
pub(super) struct Origins(BTreeMap<Vec<Step>, (FileId, YamlPath)>);

impl Origins {
    /// Records that the value at a path of the document came from a path of another file.
    pub(super) fn add(&mut self, here: YamlPath, file: FileId, there: YamlPath) {
        self.0.insert(here.steps().to_vec(), (file, there));
    }

    /// The file and path of a part, by its path in the document `own`.
    pub(super) fn find(&self, own: FileId, path: &YamlPath) -> (FileId, YamlPath) {
        let steps = path.steps();
        let nearest = (0..=steps.len()).rev().find_map(|length| Some((length, self.0.get(&steps[..length])?)));
        let Some((length, (file, there))) = nearest else {
            return (own, path.clone());
        };
        let rest = &steps[length..];
        let all: Vec<Step> = there.steps().iter().chain(rest).cloned().collect();
        (*file, all.into_iter().collect())
    }

    /// The location of a key.
    pub(super) fn key(&self, own: FileId, path: &YamlPath) -> Location {
        let (file, path) = self.find(own, path);
        whole_or(file, Span::Key(path))
    }

    /// The location of a value.
    pub(super) fn value(&self, own: FileId, path: &YamlPath) -> Location {
        let (file, path) = self.find(own, path);
        whole_or(file, Span::Value(path))
    }
}

fn whole_or(file: FileId, spot: Span) -> Location {
    match &spot {
        Span::Key(path) | Span::Value(path) if path.steps().is_empty() => Location::file(file),
        _ => Location { file, spot },
    }
}
