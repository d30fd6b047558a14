//! Why the wrong thing does not compile: the escaper that does not escape, and the traits that say what a filter accepts.
//! askama lets only `Safe` past `RefuseRaw`, and only our filters make `Safe`.

use std::fmt::Display;

use askama::filters::Escaper;

use super::prose::{Command, Prose};
use super::value::Expression;
use crate::resolve::name::{DeploymentName, HeaderName, Line, Name, ResourceName};

/// Takes the place of askama's escaper without being one: `{{ x }}` does not compile, `{{ x|str }}` does.
#[derive(Debug, Clone, Copy)]
pub struct RefuseRaw;

// The compiler will suggest implementing `Escaper` for `RefuseRaw`. This line stops compiling if someone does.
const _: fn() = || {
    trait NotAnEscaper<A> {
        fn proof() {}
    }
    impl<T> NotAnEscaper<()> for T {}
    impl<T: Escaper> NotAnEscaper<u8> for T {}
    let _ = <RefuseRaw as NotAnEscaper<_>>::proof;
};

/// Text that is not encoded yet. Not implemented for `Safe` and `Fragment`, so nothing is encoded twice.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not text that a filter may encode",
    note = "name newtypes implement `Raw`; what is encoded already, code and whole views do not"
)]
pub trait Raw {
    /// The text as its author meant it.
    fn raw(&self) -> &str;
}

impl Raw for str {
    fn raw(&self) -> &str {
        self
    }
}

impl Raw for String {
    fn raw(&self) -> &str {
        self
    }
}

macro_rules! raw {
    ($($name:ident)*) => { $(
        impl Raw for $name {
            fn raw(&self) -> &str {
                self.as_str()
            }
        }
    )* };
}
raw!(Name DeploymentName ResourceName Line HeaderName);

/// askama passes `&T` or `&&T`.
impl<T: Raw + ?Sized> Raw for &T {
    fn raw(&self) -> &str {
        (**self).raw()
    }
}

/// Several texts that are not encoded yet.
pub trait RawList {
    /// The texts as their author meant them.
    fn each(&self) -> Vec<&str>;
}

impl<T: Raw> RawList for [T] {
    fn each(&self) -> Vec<&str> {
        self.iter().map(Raw::raw).collect()
    }
}

impl<T: Raw> RawList for Vec<T> {
    fn each(&self) -> Vec<&str> {
        self.as_slice().each()
    }
}

impl<T: RawList + ?Sized> RawList for &T {
    fn each(&self) -> Vec<&str> {
        (**self).each()
    }
}

/// Values whose text is valid source in every target: integers and booleans.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not print as source of every target",
    note = "integers and booleans do; text goes through `str`"
)]
pub trait Bare: Display {}

macro_rules! bare {
    ($($t:ty)*) => { $( impl Bare for $t {} )* };
}
bare!(bool i8 i16 i32 i64 isize u8 u16 u32 u64 usize);

impl<T: Bare + ?Sized> Bare for &T {}

/// Finished text of a child: source of the target, placed with `nest`. Every line break in it is ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fragment(String);

impl Fragment {
    /// The text of a view. Nothing else makes fragments but `Prose`, `Command` and `Expression`, which no text gets into as it is.
    pub(super) fn of(view: &impl askama::Template) -> Self {
        Self(super::render(view))
    }

    /// Children with an empty line between each two; `None` if there are no children.
    pub(in crate::emit) fn paragraphs(children: impl Iterator<Item = Self>) -> Option<Self> {
        let texts: Vec<String> = children.map(|child| child.0).collect();
        (!texts.is_empty()).then(|| Self(texts.join("\n\n")))
    }

    /// The text as it is.
    pub(in crate::emit) fn as_str(&self) -> &str {
        &self.0
    }

    /// The text with the lines after the first indented by `width`; empty lines stay empty.
    pub fn nested(&self, width: usize) -> String {
        let mut nested = String::with_capacity(self.0.len());
        for (at, line) in self.0.split('\n').enumerate() {
            if at > 0 {
                nested.push('\n');
                if !line.is_empty() {
                    nested.extend(std::iter::repeat_n(' ', width));
                }
            }
            nested.push_str(line);
        }
        nested
    }
}

impl From<&Expression> for Fragment {
    fn from(expression: &Expression) -> Self {
        Self(expression.as_str().to_owned())
    }
}

impl From<Prose> for Fragment {
    fn from(prose: Prose) -> Self {
        Self(prose.into_source())
    }
}

impl From<Command> for Fragment {
    fn from(command: Command) -> Self {
        Self(command.into_source())
    }
}

impl AsRef<Self> for Fragment {
    fn as_ref(&self) -> &Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_leaves_the_first_and_empty_lines() {
        let child = Fragment("a {\n\n  b\n}\n".to_owned());
        assert_eq!(child.nested(4), "a {\n\n      b\n    }\n");
    }
}
