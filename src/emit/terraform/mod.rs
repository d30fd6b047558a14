//! Terraform: one view per template, and the filters that those templates see.

pub mod filters;
pub mod print;
