//! Findings for files that exist but cannot be used.

use super::{Code, Diagnostic, Place};
use crate::source::{ReadError, Reason, Source, Sources};

/// The finding for a file with unusable contents; returns the error if there is no such file.
pub fn unread(error: ReadError, sources: &mut Sources) -> Result<Diagnostic, ReadError> {
    let message = error.to_string();
    match error.reason {
        Reason::NotUtf8 { source, at, is_utf16 } => {
            let wide = source.text()[at..].chars().next().map_or(0, char::len_utf8);
            let file = sources.add(*source);
            let found = Code::NotUtf8.at(Place::range(file, at..at + wide)).says(message);
            Ok(if is_utf16 {
                found.because("the file starts like UTF-16").help("save the file as UTF-8")
            } else {
                found
                    .because(format!("the byte at offset {at} is not valid UTF-8"))
                    .help("save the file as UTF-8, or retype this character")
            })
        }
        Reason::TooLarge { .. } => {
            let file = sources.add(Source::new(error.path, ""));
            let help = "check that this is the file you mean, or split the gateway into several files";
            Ok(Code::TooLarge.at(Place::file(file)).says(message).help(help))
        }
        Reason::Missing | Reason::Directory | Reason::NotRegular | Reason::Io(_) => Err(error),
    }
}
