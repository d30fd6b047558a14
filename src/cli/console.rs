//! The two streams that commands write to. Knows about pipes and colours, so that nobody else has to.

use std::fmt::Display;
use std::io::{self, Write};

use anstream::AutoStream;
use anyhow::Context;
use clap::builder::styling::{AnsiColor, Style};

use crate::diag::neutral;

/// Where results go, and where talk goes.
pub struct Console<'a> {
    results: Box<dyn Write + 'a>,
    talk: Box<dyn Write + 'a>,
}

impl<'a> Console<'a> {
    /// Standard output and standard error, with colours where a terminal reads them and `NO_COLOR` is not set.
    pub fn standard() -> Self {
        Self::new(AutoStream::auto(io::stdout()), AutoStream::auto(io::stderr()))
    }

    /// Two writers. Styled text is written as it is.
    pub fn new(results: impl Write + 'a, talk: impl Write + 'a) -> Self {
        Self { results: Box::new(results), talk: Box::new(talk) }
    }

    /// Writes a part of the result. A reader that went away has seen enough, which is no error.
    pub(super) fn result(&mut self, text: impl Display) -> anyhow::Result<()> {
        // In one piece: the stream would flush after each line of a `write!`.
        let text = text.to_string();
        let written = self.results.write_all(text.as_bytes());
        match written.and_then(|()| self.results.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            done => done.context("cannot write to standard output"),
        }
    }

    /// Writes text that is no result. If nobody can be told, work goes on.
    pub(super) fn say(&mut self, text: impl Display) {
        let _ = self.talk.write_all(text.to_string().as_bytes());
    }

    /// Tells why something was not done.
    pub(super) fn error(&mut self, error: &anyhow::Error) {
        self.titled("error", AnsiColor::BrightRed, &format!("{error:#}"));
    }

    /// Tells that the answer is no.
    pub(super) fn refuse(&mut self, message: impl Display) {
        self.titled("error", AnsiColor::BrightRed, &message.to_string());
    }

    /// Tells something that is easily overlooked.
    pub(super) fn note(&mut self, message: impl Display) {
        self.titled("note", AnsiColor::BrightGreen, &message.to_string());
    }

    /// Tells one thing to do.
    pub(super) fn help(&mut self, message: impl Display) {
        self.titled("help", AnsiColor::BrightCyan, &message.to_string());
    }

    /// Tells a line, or several.
    pub(super) fn line(&mut self, message: impl Display) {
        self.say(format!("{}\n", harmless(&message.to_string())));
    }

    fn titled(&mut self, word: &str, colour: AnsiColor, message: &str) {
        let style = Style::new().fg_color(Some(colour.into())).bold();
        self.say(format!("{style}{word}{style:#}: {}\n", harmless(message)));
    }
}

/// Text that may hold names of files, as several lines that cannot paint the terminal.
pub(super) fn harmless(text: &str) -> String {
    text.split('\n').map(neutral).collect::<Vec<_>>().join("\n")
}
