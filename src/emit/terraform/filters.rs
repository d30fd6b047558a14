//! What Terraform templates may say after a bar. askama looks up `filters` beside the view, so no other target sees these.

use askama::{Result, Values, filters::Safe};

use crate::emit::{
    refuse::{Bare, Fragment, Raw},
    symbols::Symbol,
    text,
    value::{Field, Value},
};

use super::print;

/// A quoted string.
#[askama::filter_fn]
pub fn str(v: impl Raw, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(text::hcl(v.raw())))
}

/// A key of an object: bare where the language allows it, else quoted.
#[askama::filter_fn]
pub fn key(v: impl Raw, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(text::hcl_key(v.raw())))
}

/// A name declared in this file.
#[askama::filter_fn]
pub fn ident(v: impl AsRef<Symbol>, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(v.as_ref().as_str().to_owned()))
}

/// A number or a flag.
#[askama::filter_fn]
pub fn bare(v: impl Bare, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(v.to_string()))
}

/// A finished child whose first line stands at `width` already.
#[askama::filter_fn]
pub fn nest(v: impl AsRef<Fragment>, _: &dyn Values, width: usize) -> Result<Safe<String>> {
    Ok(Safe(v.as_ref().nested(width)))
}

/// A file name or the like inside a one-line comment.
#[askama::filter_fn]
pub fn comment(v: impl Raw, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(text::line_comment(v.raw())))
}

/// A value on a line that is indented by `indent` and already has `used` columns, indentation included.
#[askama::filter_fn]
pub fn val(v: impl AsRef<Value>, _: &dyn Values, indent: usize, used: usize) -> Result<Safe<String>> {
    Ok(Safe(print::value(v.as_ref(), indent, used)))
}

/// The lines of an object without its braces. The first line stands at `indent` already.
#[askama::filter_fn]
pub fn fields(v: impl AsRef<[Field]>, _: &dyn Values, indent: usize) -> Result<Safe<String>> {
    Ok(Safe(print::fields(v.as_ref(), indent)))
}
