//! Files that could not be used although they are there, as findings.

use super::{Code, Diagnostic, Place};
use crate::source::{ReadError, Reason, Source, Sources};

/// The finding for a file that holds the wrong thing; the error itself back, if there is no such file to speak of.
pub fn unread(error: ReadError, sources: &mut Sources) -> Result<Diagnostic, ReadError> {
    let message = error.to_string();
    match error.reason {
        Reason::NotUtf8 { source, at, is_utf16 } => {
            let wide = source.text()[at..].chars().next().map_or(0, char::len_utf8);
            let file = sources.add(*source);
            let found = Code::NotUtf8.at(Place::range(file, at..at + wide)).says(message);
            Ok(if is_utf16 {
                found.because("this is how UTF-16 starts").help("save the file as UTF-8")
            } else {
                found
                    .because(format!("byte {at} (counted from 0) belongs to no character"))
                    .help("save the file as UTF-8, or write this character again")
            })
        }
        Reason::TooLarge { .. } => {
            let file = sources.add(Source::new(error.path, ""));
            let help = "check that this is the file you mean, or split what it describes";
            Ok(Code::TooLarge.at(Place::file(file)).says(message).help(help))
        }
        Reason::Missing | Reason::Directory | Reason::NotRegular | Reason::Io(_) => Err(error),
    }
}
