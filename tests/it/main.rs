//! All integration tests in one binary: one module for each question.

mod output;
