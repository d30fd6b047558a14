//! The disk: what is to be written, what was written, and the difference.
//!
//! A folder that Gatewright writes to holds `.gatewright.json`, the list of its files. While a run writes, and after one that was
//! cut off, there are also `.gatewright.journal` and `.gatewright.tmp`; the next run takes them away.
//! Knows nothing of gateways, Bicep or Terraform.

mod changes;
mod disk;
mod drift;
mod manifest;
mod survey;
#[cfg(test)]
mod sweep;
mod sync;
mod tree;
mod write;

pub use changes::Changes;
pub use drift::{Drift, Kind, drift};
pub use manifest::MANIFEST;
pub use tree::FileTree;
pub use write::{Outcome, WriteOptions, write};
