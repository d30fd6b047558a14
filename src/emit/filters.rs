//! Filters that several targets share. askama looks up `filters` beside a view, where each target re-exports those of its own: what
//! templates may use after a bar.

use askama::{Result, Values, filters::Safe};

use super::fragment::Fragment;
use super::layout;
use super::refuse::{Bare, Raw};
use super::symbols::Symbol;
use super::text;

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

/// A finished child, indented as far as the line on which it is placed.
#[askama::filter_fn]
pub fn nest(v: impl AsRef<Fragment>, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(layout::block(v.as_ref().as_str())))
}

/// A finished child whose first line starts at column `width`, in files that `layout` does not see.
#[askama::filter_fn]
pub fn nest_at(v: impl AsRef<Fragment>, _: &dyn Values, width: usize) -> Result<Safe<String>> {
    Ok(Safe(v.as_ref().nested(width)))
}

/// A file name or the like inside a one-line comment.
#[askama::filter_fn]
pub fn line_comment(v: impl Raw, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(text::line_comment(v.raw())))
}

/// A file name or the like inside `<!-- … -->`.
#[askama::filter_fn]
pub fn xml_comment(v: impl Raw, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(text::xml_comment(v.raw())))
}

/// The filters of a language that a `Syntax` describes.
macro_rules! syntax {
    ($syntax:expr) => {
        pub use $crate::emit::filters::{bare, ident, line_comment as comment, nest};

        /// A quoted string.
        #[askama::filter_fn]
        pub fn str(v: impl $crate::emit::refuse::Raw, _: &dyn askama::Values) -> askama::Result<Safe<String>> {
            Ok(Safe($syntax.string(v.raw())))
        }

        /// A key of an object: bare where the language allows it, else quoted.
        #[askama::filter_fn]
        pub fn key(v: impl $crate::emit::refuse::Raw, _: &dyn askama::Values) -> askama::Result<Safe<String>> {
            Ok(Safe($syntax.key(v.raw())))
        }

        /// A value.
        #[askama::filter_fn]
        pub fn val(v: impl AsRef<$crate::emit::value::Value>, _: &dyn askama::Values) -> askama::Result<Safe<String>> {
            Ok(Safe($syntax.value(v.as_ref())))
        }

        /// The lines of an object without its braces.
        #[askama::filter_fn]
        pub fn fields(
            v: impl AsRef<[$crate::emit::value::Field]>,
            _: &dyn askama::Values,
        ) -> askama::Result<Safe<String>> {
            Ok(Safe($syntax.fields(v.as_ref())))
        }
    };
}
pub(super) use syntax;
