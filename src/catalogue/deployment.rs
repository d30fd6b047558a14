//! The limits of one deployment (reference arm-and-terraform §3.6).

/// UTF-16 units of one string, and so of one embedded file.
pub const LONGEST_STRING: usize = 131_072;

/// Bytes of the compiled template with all of its modules.
pub const LARGEST_TEMPLATE: usize = 4 * 1024 * 1024;

/// Resources of one module, copies of loops counted.
pub const MOST_RESOURCES: usize = 800;

/// Variables of one module; each embedded file is one.
pub const MOST_VARIABLES: usize = 256;

/// Resources that one file has besides those that users list.
pub const ROOM: usize = 20;
