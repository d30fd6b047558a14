//! The context of every step: the model as it was written, and locations in its file.

use crate::diag::{Location, Span};
use crate::model::recover::Omitted;
use crate::model::{self, path_of};
use crate::source::FileId;

/// The model, and what is missing in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) file: FileId,
    pub(super) gateway: &'a model::Gateway,
    pub(super) omitted: &'a Omitted,
}

impl Context<'_> {
    pub(super) fn value(&self, keys: &[&str]) -> Location {
        Location::value(self.file, path_of(keys))
    }

    pub(super) fn key(&self, keys: &[&str]) -> Location {
        Location::key(self.file, path_of(keys))
    }

    /// True if something at, below or above this path was omitted from the model.
    pub(super) fn is_omitted(&self, keys: &[&str]) -> bool {
        self.omitted.touches(&path_of(keys))
    }

    /// True if a finding follows from something omitted from the model, so that it would report the same problem twice.
    pub(super) fn is_about_omitted(&self, place: &Location) -> bool {
        match &place.spot {
            Span::Key(path) | Span::Value(path) if place.file == self.file => self.omitted.touches(path),
            _ => false,
        }
    }
}
