//! What policy text of the team's names, and the service must have for it.

/// Something that policy text of the team's names, and nobody here makes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expected {
    /// What it is.
    pub kind: ExpectedKind,
    /// Its name in the service; of a named value the one that people see.
    pub name: String,
}

/// What it is that somebody else makes.
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
