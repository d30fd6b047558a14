//! Delimiters of policy expressions, by C#'s rules for strings, characters, comments and brackets (C# language specification,
//! lexical structure). The code itself is not compiled.

use std::fmt;

/// The reason why an expression is not closed, or is closed too early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DelimiterError {
    /// A bracket is not closed; the code from there.
    Open(String),
    /// A closing bracket without its opening one; the code up to there.
    Closes(String),
    /// A string, a character or a comment is not closed; the code from there.
    Endless(&'static str, String),
    /// Text after the end of the expression.
    Behind(String),
}

impl fmt::Display for DelimiterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(from) => write!(f, "the bracket of `{from}` is not closed"),
            Self::Closes(to) => write!(f, "the last bracket of `{to}` has no opening bracket"),
            Self::Endless(what, from) => write!(f, "the {what} `{from}` is not closed"),
            Self::Behind(text) => write!(f, "the expression ends before `{text}`"),
        }
    }
}

/// Maximum number of characters of code in a message.
const SHOWN: usize = 40;

/// An open delimiter.
#[derive(Debug, Clone, Copy)]
enum Open {
    /// A bracket: its closing bracket and its position.
    Bracket(char, usize),
    /// An interpolated string: its kind and its position.
    Hole(Quoted, usize),
}

/// The syntax of a string.
#[derive(Debug, Clone, Copy, Default)]
struct Quoted {
    /// `@"…"`: backslashes are plain characters, and two quotes are one.
    is_verbatim: bool,
    /// `$"…{code}…"`.
    has_code: bool,
}

/// The problem with the delimiters of an expression, `@(…)` or `@{…}` with nothing but whitespace around it.
pub(super) fn fault(text: &str) -> Option<DelimiterError> {
    let text = text.trim();
    Lexer { text, at: 1, open: Vec::new() }.run().err()
}

/// The strings of an expression that consists of strings only; `None` for any other expression.
pub(super) fn strings(text: &str) -> Option<String> {
    let mut lexer = Lexer { text: text.trim(), at: 2, open: Vec::new() };
    let mut said = String::new();
    while let Some(c) = lexer.next() {
        let here = lexer.at - c.len_utf8();
        match c {
            '"' => {
                let quoted = lexer.prefix(here);
                lexer.string(quoted, here).ok()?;
                if !lexer.open.is_empty() {
                    return None;
                }
                said.push_str(&lexer.text[here + 1..lexer.at - 1]);
            }
            '(' | ')' | '+' | '@' | '$' => {}
            c if c.is_whitespace() => {}
            _ => return None,
        }
    }
    Some(said)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    open: Vec<Open>,
}

impl Lexer<'_> {
    fn run(mut self) -> Result<(), DelimiterError> {
        while let Some(c) = self.next() {
            let here = self.at - c.len_utf8();
            match c {
                '(' => self.open.push(Open::Bracket(')', here)),
                '[' => self.open.push(Open::Bracket(']', here)),
                '{' => self.open.push(Open::Bracket('}', here)),
                ')' | ']' | '}' => {
                    match self.open.pop() {
                        Some(Open::Bracket(closing, _)) if closing == c => {}
                        Some(Open::Hole(quoted, start)) if c == '}' => {
                            self.string(quoted, start)?;
                        }
                        _ => return Err(DelimiterError::Closes(self.until_here())),
                    }
                    if self.open.is_empty() {
                        let rest = self.text[self.at..].trim();
                        return match rest {
                            "" => Ok(()),
                            rest => Err(DelimiterError::Behind(short(rest))),
                        };
                    }
                }
                '"' => self.string(self.prefix(here), here)?,
                '\'' => self.character(here)?,
                '/' if self.takes("/") => self.skip_line(),
                '/' if self.takes("*") => self.comment(here)?,
                _ => {}
            }
        }
        let innermost = self.open.last();
        Err(match innermost {
            Some(Open::Bracket(_, at)) => DelimiterError::Open(short(&self.text[*at..])),
            Some(Open::Hole(_, at)) => DelimiterError::Endless("string", short(&self.text[*at..])),
            None => DelimiterError::Open(short(self.text)),
        })
    }

    fn next(&mut self) -> Option<char> {
        let c = self.text[self.at..].chars().next()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn takes(&mut self, word: &str) -> bool {
        let is_next = self.text[self.at..].starts_with(word);
        if is_next {
            self.at += word.len();
        }
        is_next
    }

    /// The syntax of the string that starts here.
    fn prefix(&self, here: usize) -> Quoted {
        let before = &self.text[..here];
        let start = before.trim_end_matches(['$', '@']).len();
        // The `@` of the expression is followed by a bracket, so it never starts a string.
        let signs = &before[start..];
        Quoted { is_verbatim: signs.contains('@'), has_code: signs.contains('$') }
    }

    /// The rest of a string from `start`, up to its closing quote or to code in it.
    fn string(&mut self, quoted: Quoted, start: usize) -> Result<(), DelimiterError> {
        while let Some(c) = self.next() {
            match c {
                '"' if quoted.is_verbatim && self.takes("\"") => {}
                '"' => return Ok(()),
                '\\' if !quoted.is_verbatim => {
                    self.next();
                }
                '{' if quoted.has_code && !self.takes("{") => {
                    self.open.push(Open::Hole(quoted, start));
                    return Ok(());
                }
                _ => {}
            }
        }
        Err(DelimiterError::Endless("string", short(&self.text[start..])))
    }

    fn character(&mut self, start: usize) -> Result<(), DelimiterError> {
        while let Some(c) = self.next() {
            match c {
                '\'' => return Ok(()),
                '\\' => {
                    self.next();
                }
                _ => {}
            }
        }
        Err(DelimiterError::Endless("character", short(&self.text[start..])))
    }

    fn skip_line(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.find('\n').unwrap_or(rest.len());
    }

    fn comment(&mut self, start: usize) -> Result<(), DelimiterError> {
        let rest = &self.text[self.at..];
        match rest.find("*/") {
            Some(end) => {
                self.at += end + 2;
                Ok(())
            }
            None => Err(DelimiterError::Endless("comment", short(&self.text[start..]))),
        }
    }

    /// The end of the code up to here.
    fn until_here(&self) -> String {
        let read = &self.text[..self.at];
        match read.char_indices().rev().nth(SHOWN) {
            Some((start, _)) => format!("…{}", &read[start..]),
            None => read.to_owned(),
        }
    }
}

/// A single line of limited length.
fn short(code: &str) -> String {
    let line = code.lines().next().unwrap_or_default();
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ends_are_found_behind_all_that_hides_brackets() {
        for code in [
            "@(1)",
            " @( \")\" + ')' + \"\\\")\" ) ",
            "@(@\"c:\\\" + \"\"\"\".Length)",
            "@(@\"a \"\" ) \" + 1)",
            "@($\"{context.Api.Id}-{{)}} {(1 + 2):0.0}\")",
            "@($@\"\\{ \"a)\".Length }\" + @$\"\")",
            "@{ // a ) comment\n return 1; /* ) */ }",
            "@{ var a = new[] { 'x', '\\'', '\"' }; return a[0]; }",
            "@(\"{{a-name}}\" + {{other}})",
        ] {
            assert_eq!(fault(code), None, "{code}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let said = |code: &str| fault(code).unwrap().to_string();
        assert_eq!(said("@(a(1)"), "the bracket of `(a(1)` is not closed");
        assert_eq!(said("@(a[1)"), "the last bracket of `@(a[1)` has no opening bracket");
        assert_eq!(said("@(\"a)"), "the string `\"a)` is not closed");
        assert_eq!(said("@('a)"), "the character `'a)` is not closed");
        assert_eq!(said("@{ /* a }"), "the comment `/* a }` is not closed");
        assert_eq!(said("@($\"{a\" )"), "the string `\" )` is not closed");
        assert_eq!(said("@(1))"), "the expression ends before `)`");
        assert_eq!(said("@(a) b"), "the expression ends before `b`");
    }

    #[test]
    fn strings_alone_are_known() {
        assert_eq!(strings("@(\"a\" + (@\"b\"))").as_deref(), Some("ab"));
        for code in ["@(1)", "@(\"a\" + b)", "@($\"a{b}\")", "@{ return \"a\"; }", "@(\"a"] {
            assert_eq!(strings(code), None, "{code}");
        }
    }

    proptest! {
        #[test]
        fn every_text_is_answered(text in "@[({](\\PC|[\"'$@{}()\\\\/*\n]){0,40}") {
            let _ = fault(&text).map(|fault| fault.to_string());
        }
    }
}
