//! The two output streams of commands. Handles pipes and colours for all commands.

use std::fmt::Display;
use std::io::{self, Write};

use anstream::AutoStream;
use anyhow::Context;
use clap::builder::styling::{AnsiColor, Style};

use crate::diag::neutral;

/// Standard output for results, standard error for messages.
pub struct Console<'a> {
    results: Box<dyn Write + 'a>,
    talk: Box<dyn Write + 'a>,
}

impl<'a> Console<'a> {
    /// Standard output and standard error, with colours on a terminal unless `NO_COLOR` is set.
    pub fn standard() -> Self {
        Self::new(AutoStream::auto(io::stdout()), AutoStream::auto(io::stderr()))
    }

    /// Two writers. Styled text is written as it is.
    pub fn new(results: impl Write + 'a, talk: impl Write + 'a) -> Self {
        Self { results: Box::new(results), talk: Box::new(talk) }
    }

    /// Writes a part of the result. A closed pipe is not an error.
    pub(super) fn result(&mut self, text: impl Display) -> anyhow::Result<()> {
        // In one write: the stream would flush after each line of a `write!`.
        let text = text.to_string();
        let written = self.results.write_all(text.as_bytes());
        match written.and_then(|()| self.results.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            done => done.context("cannot write to standard output"),
        }
    }

    /// Writes a message. Failures to do so are ignored.
    pub(super) fn say(&mut self, text: impl Display) {
        let _ = self.talk.write_all(text.to_string().as_bytes());
    }

    /// Prints an error.
    pub(super) fn error(&mut self, error: &anyhow::Error) {
        self.titled("error", AnsiColor::BrightRed, &format!("{error:#}"));
    }

    /// Prints a negative result.
    pub(super) fn refuse(&mut self, message: impl Display) {
        self.titled("error", AnsiColor::BrightRed, &message.to_string());
    }

    /// Prints a note.
    pub(super) fn note(&mut self, message: impl Display) {
        self.titled("note", AnsiColor::BrightGreen, &message.to_string());
    }

    /// Prints a suggestion.
    pub(super) fn help(&mut self, message: impl Display) {
        self.titled("help", AnsiColor::BrightCyan, &message.to_string());
    }

    /// Prints one or several lines.
    pub(super) fn line(&mut self, message: impl Display) {
        self.say(format!("{}\n", harmless(&message.to_string())));
    }

    fn titled(&mut self, word: &str, colour: AnsiColor, message: &str) {
        let style = Style::new().fg_color(Some(colour.into())).bold();
        self.say(format!("{style}{word}{style:#}: {}\n", harmless(message)));
    }
}

/// Text that may contain file names, made safe for the terminal.
pub(super) fn harmless(text: &str) -> String {
    text.split('\n').map(neutral).collect::<Vec<_>>().join("\n")
}
