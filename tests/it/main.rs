//! The questions a user has, one module each; one binary, since linking is what takes time.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod apply;
mod case;
mod citations;
mod cli;
mod compile_fail;
mod diagnostics;
mod edges;
mod encoders;
mod explain;
mod facts;
mod golden;
mod layers;
mod lint;
mod matrix;
mod odd_files;
mod output;
mod policies;
mod positions;
mod random;
mod readme;
mod secrets;
mod server;
mod targets;
mod templates;
mod tool;
mod toolbox;
mod traffic;
mod twins;
mod upgrade;
