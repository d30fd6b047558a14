//! What will exist, in no language: resources, policy documents, and the vocabulary of policies.

mod build;
pub mod catalogue;
pub mod name;
pub mod policy;
pub mod sku;

pub use build::build;

/// What will exist.
#[derive(Debug)]
pub struct Plan {
    /// Name of the file it comes from, without folders.
    pub source_name: String,
}
