//! Every kind of finding, in one table: id, severity, title, explanation. Ids are never reused.

use super::Severity;

macro_rules! codes {
    ($( $name:ident = $id:literal $severity:ident $title:literal : $explanation:literal )*) => {
        /// What kind of finding a diagnostic is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $( #[doc = $title] $name, )*
        }

        impl Code {
            /// All codes, in the order of their ids.
            pub const ALL: &'static [Self] = &[ $( Self::$name, )* ];

            /// The id that people see and pass to `gatewright explain`.
            pub fn id(self) -> &'static str {
                match self { $( Self::$name => $id, )* }
            }

            /// How bad a finding of this kind is.
            pub fn severity(self) -> Severity {
                match self { $( Self::$name => Severity::$severity, )* }
            }

            /// A short sentence without a full stop, lower case.
            pub fn title(self) -> &'static str {
                match self { $( Self::$name => $title, )* }
            }

            /// What it means, why it matters, what to do: the text of `gatewright explain`.
            pub fn explanation(self) -> &'static str {
                match self { $( Self::$name => $explanation, )* }
            }
        }
    };
}

// Y: the text itself. S: its shape. U: not built. N: names. R: references. B: backends and the gateway. A: APIs. D: definitions.
codes! {
    NotUtf8 = "Y001" Error "the file is not UTF-8 text":
        "Gatewright reads UTF-8 only. Save the file as UTF-8, without a byte order mark of another encoding."
    Syntax = "Y002" Error "the file is not YAML":
        "The text breaks a rule of YAML, so nothing behind that place could be read. Indentation, a missing colon or an open quote are the usual causes."
    TooLarge = "Y003" Error "the file is too large":
        "A gateway file has a few thousand lines at most. A file this large was named by mistake, or made by a program that went wrong."
    TooDeep = "Y004" Error "the file is nested too deeply":
        "No key of the language lies this deep. The limit keeps a broken or hostile file from using up the stack."
    TooManyNodes = "Y005" Error "aliases multiply to too many nodes":
        "YAML aliases repeat what their anchor holds. Aliases of aliases multiply, so that a small file can stand for billions of nodes. Write fewer of them."
    DuplicateKey = "Y006" Error "a key stands twice":
        "YAML keeps one of two equal keys and drops the other without a word, so one of the two settings would be lost. Remove one."
    Documents = "Y007" Error "the file does not hold exactly one YAML document":
        "One file describes one gateway. Put each gateway in a folder and file of its own."
    UnknownKey = "S001" Error "a key is not part of the language":
        "Every key has a meaning; one that is not known would be ignored silently. `gatewright schema` lists all keys."
    MissingKey = "S002" Error "a required key is missing":
        "The object cannot be understood without it. `gatewright schema` lists what each object needs."
    WrongType = "S003" Error "a value has the wrong type":
        "Text, number, flag, list and object are different things. Quote a text that looks like a number or flag."
    NotAllowed = "S004" Error "a value is not one of those that are known":
        "The key takes one of a fixed list of words."
    BadFormat = "S005" Error "a text does not have the form that is needed":
        "Names, durations, identifiers and URLs have a form. Names are `[a-z][a-z0-9-]*`, at most 50 characters; durations are `30s`, `5m`, `1h`."
    OutOfRange = "S006" Error "a value is too small, too large, too short or too long":
        "The value is of the right type, but outside what the service or the language allows."
    Either = "S007" Error "keys that belong together, or exclude each other":
        "Some objects need exactly one of several keys."
}
