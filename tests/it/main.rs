//! One binary for all integration tests, one module per question.

mod compile_fail;
mod encoders;
mod templates;
mod tool;
