//! Codes of findings: their texts, and the list of all.

use clap::builder::styling::{AnsiColor, Style};
use serde_json::{Value, json};

use crate::cli::console::harmless;
use crate::cli::words::wrapped;
use crate::diag::{Code, Severity};

/// Width of an explanation in columns.
const WIDTH: usize = 80;

/// The code with this id, case-insensitive.
pub(super) fn find(word: &str) -> Option<Code> {
    let mut all = Code::ALL.iter().copied();
    all.find(|code| code.id().eq_ignore_ascii_case(word))
}

pub(super) fn explanation(code: Code) -> String {
    let (word, style) = severity(code);
    let bold = Style::new().bold();
    format!(
        "{style}{word}[{}]{style:#}{bold}: {}{bold:#}\n\n{}\n",
        code.id(),
        code.title(),
        wrapped(&harmless(code.explanation()), WIDTH)
    )
}

pub(super) fn list() -> String {
    let lines = Code::ALL.iter().map(|code| {
        let (word, style) = severity(*code);
        format!("{}  {style}{word:7}{style:#}  {}\n", code.id(), code.title())
    });
    lines.collect()
}

pub(super) fn json(code: Code) -> Value {
    json!({
        "code": code.id(),
        "severity": severity(code).0,
        "title": code.title(),
        "explanation": code.explanation(),
    })
}

fn severity(code: Code) -> (&'static str, Style) {
    let (word, colour) = match code.severity() {
        Severity::Error => ("error", AnsiColor::BrightRed),
        Severity::Warning => ("warning", AnsiColor::Yellow),
    };
    (word, Style::new().fg_color(Some(colour.into())).bold())
}
