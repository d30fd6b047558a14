//! What policy templates may say after a bar. There is no filter for C#: expressions arrive as `Text`.

use askama::{Result, Values, filters::Safe};

use super::Tag;
use crate::emit::{
    refuse::{Fragment, Raw},
    text as encoders,
};
use crate::plan::policy::Text;

/// The name of an element or attribute.
#[askama::filter_fn]
pub fn tag(v: impl AsRef<Tag>, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(v.as_ref().as_str().to_owned()))
}

/// The value of an attribute, without the quotes.
#[askama::filter_fn]
pub fn attr(v: impl AsRef<Text>, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(v.as_ref().in_attribute()))
}

/// Text between tags.
#[askama::filter_fn]
pub fn text(v: impl AsRef<Text>, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(v.as_ref().between_tags()))
}

/// A file name or the like inside a comment.
#[askama::filter_fn]
pub fn comment(v: impl Raw, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(encoders::xml_comment(v.raw())))
}

/// A finished child whose first line stands at `width` already.
#[askama::filter_fn]
pub fn nest(v: impl AsRef<Fragment>, _: &dyn Values, width: usize) -> Result<Safe<String>> {
    Ok(Safe(v.as_ref().nested(width)))
}
