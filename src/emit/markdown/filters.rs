//! The filters of GATEWAY.md's templates.

use askama::{Result, Values, filters::Safe};

pub use crate::emit::filters::{bare, nest_at as nest, xml_comment as comment};
use crate::emit::{
    refuse::{Raw, RawList},
    text,
};

/// Inline text, also in a table cell.
#[askama::filter_fn]
pub fn md(v: impl Raw, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(text::markdown(v.raw())))
}

/// Text as code, also in a table cell.
#[askama::filter_fn]
pub fn code(v: impl Raw, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(text::code_span(v.raw())))
}

/// Texts as code, with commas between them.
#[askama::filter_fn]
pub fn codes(v: impl RawList, _: &dyn Values) -> Result<Safe<String>> {
    let all: Vec<String> = v.each().into_iter().map(text::code_span).collect();
    Ok(Safe(all.join(", ")))
}

/// One argument of a shell command inside a code block.
#[askama::filter_fn]
pub fn sh(v: impl Raw, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(text::shell(v.raw())))
}

/// Text inside a double-quoted argument of a shell command.
#[askama::filter_fn]
pub fn quoted(v: impl Raw, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(text::shell_quoted(v.raw())))
}

/// A string of Python, which reads those of JSON.
#[askama::filter_fn]
pub fn py(v: impl Raw, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(serde_json::Value::from(v.raw()).to_string()))
}

/// A string of Kusto's language: quoted as JSON is.
#[askama::filter_fn]
pub fn kql(v: impl Raw, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(serde_json::Value::from(v.raw()).to_string()))
}
