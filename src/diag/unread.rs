//! Files that could not be used although they are there, as findings.

use camino::Utf8Path;

use super::{Code, Diagnostic, Place, closest};
use crate::source::{self, ReadError, Reason, Source, Sources};

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

/// A file that the gateway file names and that cannot be used.
pub fn unreadable(
    code: Code,
    path: &Utf8Path,
    named: &str,
    from: Place,
    error: ReadError,
    sources: &mut Sources,
) -> Diagnostic {
    match unread(error, sources) {
        Ok(finding) => finding.also(from, "named here"),
        Err(error) => {
            let finding = code.at(from);
            let here = "the path is relative to the gateway file";
            match error.reason {
                Reason::Missing => {
                    let names = source::neighbours(path);
                    let near = path.file_name().and_then(|name| closest(name, names.iter().map(String::as_str)));
                    let near = near.map(|near| Utf8Path::new(named).with_file_name(near));
                    let finding = finding.says(format!("there is no file `{named}`")).because(here);
                    match near {
                        Some(near) => finding.help(format!("did you mean `{near}`?")),
                        None => finding.help("correct the path, or put the document there"),
                    }
                }
                Reason::Directory => finding
                    .says(format!("`{named}` is a folder"))
                    .because("a file is needed")
                    .help("name the document in it"),
                Reason::Io(error) => finding
                    .says(format!("`{named}` cannot be read"))
                    .because(format!("the system says: {error}"))
                    .help("name a file that you may read"),
                _ => finding
                    .says(format!("`{named}` is a device, a pipe or a socket"))
                    .because("a file is needed")
                    .help("name a file"),
            }
        }
    }
}
