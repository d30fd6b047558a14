//! The two output streams of commands. Handles pipes and colours for all commands.

use std::fmt::Display;
use std::io::{self, BufWriter, Write};

use anstream::adapter::strip_bytes;
use anstream::{AutoStream, ColorChoice};
use anyhow::Context;
use clap::builder::styling::{AnsiColor, Style};

use crate::diag::neutral;

/// Standard output for results, standard error for messages.
pub struct Console<'a> {
    results: Box<dyn Write + 'a>,
    /// Messages wait here until a result or the end: standard error itself has no buffer.
    talk: BufWriter<Box<dyn Write + 'a>>,
}

/// The number of bytes of messages that are written at once.
const BUFFERED: usize = 1 << 16;

impl<'a> Console<'a> {
    /// Standard output and standard error, with colours on a terminal unless `NO_COLOR` is set.
    pub fn standard() -> Self {
        let results = AutoStream::auto(io::stdout());
        match AutoStream::choice(&io::stderr()) {
            ColorChoice::Never => Self::new(results, Plain(io::stderr())),
            _ => Self::new(results, AutoStream::auto(io::stderr())),
        }
    }

    /// Two writers. Styled text is written as it is.
    pub fn new(results: impl Write + 'a, talk: impl Write + 'a) -> Self {
        let talk: Box<dyn Write + 'a> = Box::new(talk);
        Self { results: Box::new(results), talk: BufWriter::with_capacity(BUFFERED, talk) }
    }

    /// Writes a part of the result. A closed pipe is not an error.
    pub(super) fn result(&mut self, text: impl Display) -> anyhow::Result<()> {
        // On a terminal messages stand where they were said.
        let _ = self.talk.flush();
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

/// A stream without colours. Other than `AutoStream` it writes once, not once for each piece between two of them.
struct Plain<W>(W);

impl<W: Write> Write for Plain<W> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.write_all(&strip_bytes(text).into_vec())?;
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Text that may contain file names, made safe for the terminal.
pub(super) fn harmless(text: &str) -> String {
    text.split('\n').map(neutral).collect::<Vec<_>>().join("\n")
}
