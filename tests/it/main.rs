//! The questions a user has, one module each; one binary, since linking is what takes time.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod case;
mod cli;
mod compile_fail;
mod diagnostics;
mod edges;
mod encoders;
mod explain;
mod facts;
mod golden;
mod layers;
mod matrix;
mod odd_files;
mod output;
mod policies;
mod random;
mod readme;
mod server;
mod targets;
mod templates;
mod tool;
mod traffic;
mod twins;
mod upgrade;
