//! What policy templates may say after a bar. Only checked texts of a policy go into its XML.

use askama::{Result, Values, filters::Safe};

use super::Tag;
use crate::emit::refuse::{Fragment, Raw};
use crate::emit::text as encode;
use crate::plan::policy::Text;

/// The value of an attribute, without its quotes.
#[askama::filter_fn]
pub fn attr(v: impl AsRef<Text>, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(encode::xml_attribute(&v.as_ref().source())))
}

/// What stands between tags.
#[askama::filter_fn]
pub fn text(v: impl AsRef<Text>, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(encode::xml_text(&v.as_ref().source())))
}

/// The name of an element or attribute.
#[askama::filter_fn]
pub fn tag(v: impl AsRef<Tag>, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(v.as_ref().0.to_owned()))
}

/// A finished child whose first line stands at `width` already.
#[askama::filter_fn]
pub fn nest(v: impl AsRef<Fragment>, _: &dyn Values, width: usize) -> Result<Safe<String>> {
    Ok(Safe(v.as_ref().nested(width)))
}

/// A file name or the like inside a comment.
#[askama::filter_fn]
pub fn comment(v: impl Raw, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(encode::xml_comment(v.raw())))
}
