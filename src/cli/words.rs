//! Texts for users and for shells.

use std::borrow::Cow;

/// `1 file`, `2 files`.
pub(super) fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// A word, quoted for a shell.
pub(super) fn quoted(word: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+,=".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.into();
    }
    if !word.chars().any(char::is_control) {
        return format!("'{}'", word.replace('\'', r"'\''")).into();
    }
    // Not for every shell, but for the common ones; a raw control character would affect the terminal.
    let mut out = String::from("$'");
    for c in word.chars() {
        match c {
            '\'' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                for byte in c.to_string().bytes() {
                    out.push_str(&format!("\\x{byte:02x}"));
                }
            }
            c => out.push(c),
        }
    }
    out.push('\'');
    out.into()
}

/// Text wrapped to `width` characters; indented lines are kept.
pub(super) fn wrapped(text: &str, width: usize) -> String {
    let lines: Vec<_> = text.lines().map(|line| wrapped_line(line, width)).collect();
    lines.join("\n")
}

fn wrapped_line(line: &str, width: usize) -> String {
    if line.starts_with(char::is_whitespace) {
        return line.to_owned();
    }
    let mut out = String::new();
    let mut column = 0;
    for word in line.split_whitespace() {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > width {
            out.push('\n');
            column = 0;
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted() {
        assert_eq!(count(0, "file"), "0 files");
        assert_eq!(count(1, "file"), "1 file");
        assert_eq!(count(2, "error"), "2 errors");
    }

    #[test]
    fn a_shell_reads_back_what_was_quoted() {
        for word in [
            "plain/path-1.yaml",
            "",
            "my gateway.yaml",
            "it's",
            "$HOME",
            "a;rm -rf b",
            "~",
            "*",
            "back\\slash",
            "line\nbreak's \\n",
            "\u{1b}[31m é 日",
        ] {
            let script = format!("printf %s {}", quoted(word));
            let output = std::process::Command::new("bash").args(["-c", &script]).output().unwrap();
            assert_eq!(String::from_utf8_lossy(&output.stdout), word, "{script}");
            assert!(!quoted(word).contains(char::is_control), "{word:?}");
        }
    }

    #[test]
    fn prose_is_wrapped_and_examples_are_not() {
        insta::assert_snapshot!(wrapped("one two three four\n\n    an example of its own\n\nfive sixsixsixsixsix", 10), @r"
        one two
        three four

            an example of its own

        five
        sixsixsixsixsix
        ");
    }
}
