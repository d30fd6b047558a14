//! Findings about shape, as people see them.
