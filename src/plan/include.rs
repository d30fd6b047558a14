//! The resources that custom policies name and that the service must have for them.

/// A resource that a custom policy names and that the output does not create.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expected {
    /// Its kind.
    pub kind: ExpectedKind,
    /// Its name in the service; of a named value the one that people see.
    pub name: String,
}

/// The type of a resource that is created elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExpectedKind {
    /// A backend or a pool.
    Backend,
    /// A policy fragment.
    Fragment,
    /// A logger.
    Logger,
    /// A named value.
    NamedValue,
}
