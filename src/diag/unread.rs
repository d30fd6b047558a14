//! Findings for files that exist but cannot be used.

use camino::Utf8Path;

use super::{Code, Diagnostic, Location, closest};
use crate::source::{self, ReadError, Reason, Source, Sources};

/// The finding for a file with unusable contents; returns the error if there is no such file.
pub fn unread(error: ReadError, sources: &mut Sources) -> Result<Diagnostic, ReadError> {
    let message = error.to_string();
    match error.reason {
        Reason::NotUtf8 { source, at, is_utf16 } => {
            source.hide(source::all_but_keys(source.text()));
            let wide = source.text()[at..].chars().next().map_or(0, char::len_utf8);
            let file = sources.add(*source);
            let found = Code::NotUtf8.at(Location::range(file, at..at + wide)).says(message);
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
            Ok(Code::TooLarge.at(Location::file(file)).says(message).help(help))
        }
        Reason::Missing | Reason::Directory | Reason::NotRegular | Reason::Io(_) => Err(error),
    }
}

/// The finding for a file that is named by an absolute path; `None` for a relative one.
pub fn absolute(named: &str, from: &Location) -> Option<Diagnostic> {
    let mut letters = named.chars();
    let is_drive = letters.next().is_some_and(|c| c.is_ascii_alphabetic()) && letters.next() == Some(':');
    let is_absolute = named.starts_with(['/', '\\', '~']) || is_drive;
    is_absolute.then(|| {
        Code::AbsolutePath
            .at(from.clone())
            .says("a file is named by an absolute path")
            .because("the file is elsewhere on other machines")
            .help("copy the file into the repository, and write a path relative to the gateway file, such as `specs/orders.yaml` or `../shared/orders.yaml`")
    })
}

/// The finding for a file that cannot be used.
pub fn unreadable(
    code: Code,
    path: &Utf8Path,
    named: &str,
    from: Location,
    error: ReadError,
    sources: &mut Sources,
) -> Diagnostic {
    match unread(error, sources) {
        Ok(finding) => finding.also(from, "referenced here"),
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
                        None => finding.help("correct the path, or add the document there"),
                    }
                }
                Reason::Directory => finding
                    .says(format!("`{named}` is a folder"))
                    .because("a file is required")
                    .help("use the path of the document in it"),
                Reason::Io(error) => finding
                    .says(format!("`{named}` cannot be read"))
                    .because(format!("the operating system reports: {error}"))
                    .help("use a file that you have permission to read"),
                _ => finding
                    .says(format!("`{named}` is a device, a pipe, a socket or a system file"))
                    .because("a file is required")
                    .help("use a regular file"),
            }
        }
    }
}
