//! The YAML of `gateway.yaml`, from text to a JSON value of the right shape.

mod guard;
pub mod load;
mod raw;
pub mod shape;
mod syntax;
