//! One binary for all integration tests, one module per question.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod compile_fail;
mod encoders;
mod templates;
mod tool;
