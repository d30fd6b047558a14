//! `gatewright explain`.

use anyhow::bail;
use clap::Args;
use clap::builder::styling::{AnsiColor, Style};

use super::console::harmless;
use super::words::wrapped;
use super::{Console, Verdict};
use crate::diag::{Code, Severity, closest};

/// Columns of an explanation.
const WIDTH: usize = 80;

/// Explain a finding by its code
///
/// Tells what it means, why it matters and what to do. Without a code it lists all codes.
#[derive(Debug, Args)]
#[command(after_long_help = "Example:\n  gatewright explain Y006")]
pub(super) struct Arguments {
    /// The code in the brackets of a finding, such as Y006 in error[Y006]
    code: Option<String>,
}

pub(super) fn run(arguments: &Arguments, console: &mut Console<'_>) -> anyhow::Result<Verdict> {
    match &arguments.code {
        Some(word) => console.result(explanation(code(word)?))?,
        None => console.result(list())?,
    }
    Ok(Verdict::Yes)
}

fn code(word: &str) -> anyhow::Result<Code> {
    let known = Code::ALL.iter().copied();
    if let Some(code) = known
        .clone()
        .find(|code| code.id().eq_ignore_ascii_case(word))
    {
        return Ok(code);
    }
    let list = "`gatewright explain` lists all codes";
    match closest(word, known.map(Code::id)) {
        Some(near) => bail!("there is no code `{word}`; did you mean `{near}`? {list}"),
        None => bail!("there is no code `{word}`; {list}"),
    }
}

fn explanation(code: Code) -> String {
    let (word, style) = severity(code);
    let bold = Style::new().bold();
    format!(
        "{style}{word}[{}]{style:#}{bold}: {}{bold:#}\n\n{}\n",
        code.id(),
        code.title(),
        wrapped(&harmless(code.explanation()), WIDTH)
    )
}

fn list() -> String {
    let lines = Code::ALL.iter().map(|code| {
        let (word, style) = severity(*code);
        format!(
            "{}  {style}{word:7}{style:#}  {}\n",
            code.id(),
            code.title()
        )
    });
    lines.collect()
}

fn severity(code: Code) -> (&'static str, Style) {
    let (word, colour) = match code.severity() {
        Severity::Error => ("error", AnsiColor::BrightRed),
        Severity::Warning => ("warning", AnsiColor::Yellow),
    };
    (word, Style::new().fg_color(Some(colour.into())).bold())
}
