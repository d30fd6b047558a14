//! The questions a user has, one module each; one binary, since linking is what takes time.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod compile_fail;
mod diagnostics;
mod encoders;
mod odd_files;
mod output;
mod readme;
mod templates;
mod tool;
