//! Why the wrong thing does not compile: the escaper that does not escape, and the traits that say what a filter accepts.
//! askama lets only `Safe` past `RefuseRaw`, and only our filters make `Safe`.

use std::fmt::Display;

use askama::filters::Escaper;

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
