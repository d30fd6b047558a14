//! The filters of policy templates. There is no filter for C#: expressions arrive as `Text`.

use askama::{Result, Values, filters::Safe};

use super::Tag;
use crate::plan::policy::Text;

pub use crate::emit::filters::{nest_at as nest, xml_comment as comment};

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
