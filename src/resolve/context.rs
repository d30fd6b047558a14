//! What every step needs: the model as it was written, and places in its file.

use crate::diag::{Place, Spot};
use crate::model::salvage::Lost;
use crate::model::{self, path_of};
use crate::source::FileId;

/// The model, and what is missing in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) file: FileId,
    pub(super) gateway: &'a model::Gateway,
    pub(super) lost: &'a Lost,
}

impl Context<'_> {
    pub(super) fn value(&self, keys: &[&str]) -> Place {
        Place::value(self.file, path_of(keys))
    }

    pub(super) fn key(&self, keys: &[&str]) -> Place {
        Place::key(self.file, path_of(keys))
    }

    /// Whether something at this path or below it was left out of the model, or the path lies in something that was.
    pub(super) fn is_lost(&self, keys: &[&str]) -> bool {
        self.lost.touches(&path_of(keys))
    }

    /// Whether a finding follows from what was left out of the model, so that it would say one mistake twice.
    pub(super) fn is_about_lost(&self, place: &Place) -> bool {
        match &place.spot {
            Spot::Key(path) | Spot::Value(path) if place.file == self.file => self.lost.touches(path),
            _ => false,
        }
    }
}
