//! The questions a user has, one module each; one binary, since linking is what takes time.

mod compile_fail;
mod encoders;
mod output;
mod templates;
mod tool;
