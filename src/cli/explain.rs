//! `explain`: what a code means, at length.

use super::{Exit, Streams};
use crate::diag::{Code, Severity, closest};

/// Columns of a line.
const WIDTH: usize = 80;

pub(super) fn explain(code: Option<&str>, streams: &mut Streams<'_>) -> anyhow::Result<Exit> {
    let Some(wanted) = code else {
        for code in Code::ALL {
            writeln!(streams.out, "{}  {}", code.id(), code.title())?;
        }
        return Ok(Exit::Done);
    };
    let wanted = wanted.to_uppercase();
    if let Some(code) = Code::ALL.iter().find(|code| code.id() == wanted) {
        write!(streams.out, "{}", text(*code))?;
        return Ok(Exit::Done);
    }
    writeln!(streams.err, "error: there is no code `{wanted}`")?;
    match closest(&wanted, Code::ALL.iter().map(|code| code.id())) {
        Some(near) => writeln!(streams.err, "  help: did you mean `{near}`?")?,
        None => writeln!(streams.err, "  help: `gatewright explain` lists all codes")?,
    }
    Ok(Exit::CouldNot)
}

fn text(code: Code) -> String {
    let severity = match code.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut text = format!("{} ({severity}): {}\n\n", code.id(), code.title());
    for line in code.explanation().lines() {
        wrap(line, &mut text);
    }
    text
}

/// One line in lines of at most `WIDTH` columns; an indented one is an example and stays as it is.
fn wrap(line: &str, out: &mut String) {
    if line.starts_with(' ') {
        out.push_str(line);
        out.push('\n');
        return;
    }
    let mut used = 0;
    for word in line.split_whitespace() {
        let width = word.chars().count();
        if used > 0 && used + 1 + width > WIDTH {
            out.push('\n');
            used = 0;
        }
        if used > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += width;
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn explanations_are_wrapped_and_examples_kept() {
        insta::assert_snapshot!(text(Code::DuplicateKey), @r"
        Y006 (error): a key stands twice

        An object has each key once. YAML tools keep one of the two and drop the other
        without a word, so one of the two settings would be lost. Keep one:

            timeout: 30s
            timeout: 60s     # which one?

        A key that comes in by a merge (`<<: *defaults`) may be written again; the
        written one holds.
        ");
    }
}
