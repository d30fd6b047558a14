//! The output on disk: the tree to write, the manifest, and the difference.
//!
//! An output folder contains `.gatewright.json`, the manifest of its files. During a run, and after an interrupted one,
//! there are also `.gatewright.journal` and `.gatewright.tmp`; the next run removes them.
//! Knows nothing of gateways, Bicep or Terraform.

mod changes;
mod disk;
mod drift;
mod manifest;
mod merge;
mod survey;
#[cfg(test)]
mod sweep;
mod sync;
mod tree;
mod write;

pub use changes::Changes;
pub use drift::{Drift, Kind, drift};
pub use manifest::{MANIFEST, top_folders};
pub use tree::FileTree;
pub use write::{Outcome, WriteOptions, write};
