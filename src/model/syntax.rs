//! Words for texts that are not YAML. The parser knows where it gave up; what the author did is often a little before.

use std::ops::Range;

use crate::diag::{Code, Diagnostic, Place, closest};
use crate::source::{FileId, Source, SyntaxError};

/// The finding for the first place where a text stops being YAML.
pub(super) fn explain(file: FileId, source: &Source, error: &SyntaxError) -> Diagnostic {
    let text = source.text();
    let at = text.floor_char_boundary(error.at);
    let look = Look { source, text, at, line: source.line_of(at) };
    let reason = error.reason.as_str();
    let words = look
        .character(reason)
        .or_else(|| look.tab(reason))
        .or_else(|| look.quote(reason))
        .or_else(|| look.anchor(reason))
        .or_else(|| look.sign(reason))
        .or_else(|| look.bracket(reason))
        .or_else(|| look.colon(reason))
        .or_else(|| look.indentation(reason))
        .unwrap_or_else(|| Words {
            range: look.end_of_word(),
            says: "the text breaks a rule of YAML".to_owned(),
            because: reason.to_owned(),
            help: "look at this line and the one before: indentation, a missing colon or an open quote".to_owned(),
        });
    Code::Syntax.at(Place::range(file, words.range)).says(words.says).because(words.because).help(words.help)
}

struct Words {
    range: Range<usize>,
    says: String,
    because: String,
    help: String,
}

fn words(range: Range<usize>, says: impl Into<String>, because: impl Into<String>, help: impl Into<String>) -> Words {
    Words { range, says: says.into(), because: because.into(), help: help.into() }
}

/// A place where the parser gave up, and the text around.
struct Look<'a> {
    source: &'a Source,
    text: &'a str,
    at: usize,
    line: usize,
}

impl Look<'_> {
    fn character(&self, reason: &str) -> Option<Words> {
        let is_odd = |c: char| (c.is_control() && !"\t\r\n".contains(c)) || c == '\u{feff}';
        if !["unprintable", "control characters", "byte order mark"].iter().any(|word| reason.contains(word)) {
            return None;
        }
        // The second parser gives no place for these.
        let at = self.text[self.at..].find(is_odd).map_or_else(|| self.text.find(is_odd), |at| Some(self.at + at))?;
        let c = self.text[at..].chars().next()?;
        let name = if c == '\u{feff}' { "a byte order mark" } else { "a control character" };
        Some(words(
            at..at + c.len_utf8(),
            format!("{name} stands in the text"),
            format!("this is U+{:04X}, which most editors do not show", u32::from(c)),
            "remove it",
        ))
    }

    fn tab(&self, reason: &str) -> Option<Words> {
        // The tab may be what is wrong although the parser names something else, such as a colon.
        let line = self.source.line(self.line);
        let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        // Between brackets tabs are allowed.
        let from_indent = indent.find('\t').filter(|_| self.open_bracket().is_none());
        let from_indent = from_indent.map(|tab| self.source.line_start(self.line) + tab);
        let from_reason = reason.contains("tab").then(|| self.text[..self.at].rfind('\t')).flatten();
        let tab = from_indent.or(from_reason)?;
        let tabs = self.text[tab..].len() - self.text[tab..].trim_start_matches('\t').len();
        Some(words(
            tab..tab + tabs.max(1),
            "a tab stands where YAML wants spaces",
            if tabs > 1 { "these are tabs" } else { "this is a tab" },
            "indent with spaces, two for each level",
        ))
    }

    fn quote(&self, reason: &str) -> Option<Words> {
        let opened = self.text[self.at..].chars().next().filter(|c| "'\"".contains(*c));
        if reason.contains("trailing content after") {
            return Some(words(
                self.end_of_word(),
                "text stands behind a closing quote",
                "the quoted text ended before this",
                "quote all of the value; inside '…' a quote is written '', inside \"…\" it is \\\"",
            ));
        }
        if !reason.contains("quoted scalar") {
            return None;
        }
        if reason.contains("escape") || reason.contains("hexadecimal") {
            let slash = self.text[self.at..].match_indices('\\').map(|(slash, _)| self.at + slash);
            // Pairs of backslashes are fine, and so are the letters that YAML knows.
            let mut behind = self.at;
            let wrong = slash.filter(|slash| {
                let is_new = *slash >= behind;
                behind = if is_new { slash + 2 } else { behind };
                let next = self.text[slash + 1..].chars().next();
                is_new && !next.is_some_and(|next| "0abtnvfre \"/\\N_LP\t\n\r".contains(next))
            });
            let slash = wrong.into_iter().next().unwrap_or(self.at);
            let next = self.text[slash + 1..].chars().next().map_or(0, char::len_utf8);
            let escape = self.text[slash..slash + 1 + next].trim_end();
            return Some(words(
                slash..slash + escape.len(),
                format!("`{escape}` is not an escape that YAML knows"),
                "a backslash inside \"…\" starts an escape",
                "write `\\\\` for a backslash, or use '…', where a backslash is only a backslash",
            ));
        }
        let quote = opened?;
        Some(words(
            self.at..self.at + 1,
            "a quote is opened and not closed",
            "the text that starts here has no end",
            format!("close it with {quote}, or quote the whole value if the quote is part of the text"),
        ))
    }

    fn anchor(&self, reason: &str) -> Option<Words> {
        if !reason.contains("unknown anchor") && !reason.contains("anchor or alias") {
            return None;
        }
        let range = self.end_of_word();
        let word = &self.text[range.clone()];
        let name = word.trim_start_matches('*');
        if !reason.contains("unknown") || name.is_empty() {
            return Some(words(
                range,
                "an anchor or alias has no name",
                "a text that starts with `*` or `&` names an anchor",
                "quote the text if the sign belongs to it: `\"*\"`",
            ));
        }
        let help = match closest(name, super::guard::anchors(&self.text[..self.at])) {
            Some(known) => format!("did you mean `*{known}`?"),
            None => format!("mark what you mean with `&{name}`, above this line, or quote the text: `\"*{name}\"`"),
        };
        Some(words(range, format!("no anchor is called `{name}`"), format!("no `&{name}` stands above"), help))
    }

    fn sign(&self, reason: &str) -> Option<Words> {
        let is_start = reason.contains("unexpected character") || reason.contains("cannot start any token");
        let sign = self.text[self.at..].chars().next().filter(|_| is_start)?;
        Some(words(
            self.at..self.at + sign.len_utf8(),
            format!("a text cannot start with `{sign}`"),
            "this sign has a meaning of its own in YAML",
            "put the whole value in quotes",
        ))
    }

    fn bracket(&self, reason: &str) -> Option<Words> {
        if reason.contains("misplaced bracket") {
            let bracket = self.text[self.at..].chars().next().unwrap_or('}');
            return Some(words(
                self.at..self.at + bracket.len_utf8(),
                format!("`{bracket}` closes nothing"),
                "no bracket of this kind is open here",
                "remove it, or open it before",
            ));
        }
        let is_flow =
            ["flow", "',' or", "illegal placement", "simple key expect"].iter().any(|word| reason.contains(word));
        let open = self.open_bracket().filter(|_| is_flow)?;
        let bracket = &self.text[open..=open];
        let close = if bracket == "[" { "]" } else { "}" };
        Some(words(
            open..open + 1,
            format!("`{bracket}` is opened and not closed, or a comma is missing behind it"),
            "what starts here does not end well",
            format!("close it with `{close}`, and put a comma between its parts"),
        ))
    }

    /// The last bracket before the place that is still open.
    fn open_bracket(&self) -> Option<usize> {
        let mut open = Vec::new();
        let mut quote = None;
        let mut last = '\n';
        for (at, c) in self.text[..self.at].char_indices() {
            let is_start = last.is_whitespace() || "[{,:".contains(last);
            match (quote, c) {
                (Some(quoted), c) if quoted == c => quote = None,
                (Some('#'), '\n') => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') if is_start => quote = Some(c),
                (None, '#') if last.is_whitespace() => quote = Some('#'),
                (None, '[' | '{') if is_start || !open.is_empty() => open.push(at),
                (None, ']' | '}') => drop(open.pop()),
                (None, _) => {}
            }
            last = c;
        }
        open.pop()
    }

    fn colon(&self, reason: &str) -> Option<Words> {
        let about_keys = ["mapping values", "mapping keys", "simple key", "did not find expected key"];
        if !about_keys.iter().any(|word| reason.contains(word)) {
            return None;
        }
        let above = (1..self.line).rev().find(|line| has_content(self.source.line(*line)));
        for line in [Some(self.line), above].into_iter().flatten() {
            if let Some(words) = self.missing_space(line) {
                return Some(words);
            }
        }
        if reason.contains("mapping values") {
            return Some(self.second_colon(above));
        }
        if !reason.contains("simple key") {
            return None;
        }
        // The parser saw a line without a colon and gave up at the next.
        let culprit = [above, Some(self.line)].into_iter().flatten().find(|line| is_bare(self.source.line(*line)))?;
        let range = self.content(culprit);
        let line = &self.text[range.clone()];
        let word: String = line.chars().take(40).collect();
        Some(words(
            range,
            format!("`{word}` is neither a key nor an item of a list"),
            "a colon is missing here, or a `- `",
            format!("write `{word}:` for a key, `- {word}` for an item"),
        ))
    }

    /// `key:value` at the start of a line.
    fn missing_space(&self, line: usize) -> Option<Words> {
        let range = self.content(line);
        let content = self.text[range.clone()].trim_start_matches("- ");
        let start = range.end - content.len();
        let colon = content.find(':')?;
        let (key, value) = (&content[..colon], &content[colon + 1..]);
        let is_key = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c));
        // Not `https://…`, not `key: value`, not `key:`.
        if !is_key || value.is_empty() || value.starts_with([' ', '/', ':']) {
            return None;
        }
        Some(words(
            start + colon..start + colon + 1,
            format!("a space is missing after the colon of `{key}:`"),
            "without a space this is one text, not a key and a value",
            format!("write `{key}: {value}`"),
        ))
    }

    fn second_colon(&self, above: Option<usize>) -> Words {
        let range = self.content(self.line);
        let before = &self.text[range.start.min(self.at)..self.at];
        if before.contains(": ") {
            return words(
                self.at..self.at + 1,
                "a second colon on one line",
                "a key cannot start behind another key's value",
                "put the value in quotes if the colon belongs to it, or start a new line",
            );
        }
        let deeper = above.filter(|above| self.indent(*above) < self.indent(self.line));
        let (because, help) = match deeper {
            Some(_) => (
                "it stands deeper than the line above, which has its value already",
                "align it with the key that it belongs beside, or remove the value above",
            ),
            None => ("a key cannot stand here", "look at the line above: a quote, a colon or a `- ` may be missing"),
        };
        words(range, "this line does not fit the line above", because, help)
    }

    fn indentation(&self, reason: &str) -> Option<Words> {
        let range = self.content(self.line);
        if reason.contains("expected '-' indicator") {
            return Some(words(
                range,
                "a key stands among the items of a list",
                "the lines before start with `- `",
                "start this line with `- ` too, or align it with the key that it belongs beside",
            ));
        }
        if reason.contains("sequence entries are not allowed") {
            return Some(words(
                range,
                "an item of a list cannot stand here",
                "a `- ` starts a line of its own, below a key",
                "write the items on lines below the key, or all in one: `key: [a, b]`",
            ));
        }
        if reason.contains("expected key") || reason.contains("indentation") || reason.contains("wrongly indented") {
            return Some(words(
                range,
                "the indentation of this line fits nothing above",
                "no line above that is still open starts in this column",
                "align it with the lines that it belongs beside",
            ));
        }
        None
    }

    /// A line without its blanks and its comment's.
    fn content(&self, line: usize) -> Range<usize> {
        let text = self.source.line(line);
        let start = text.len() - text.trim_start().len();
        let end = text.find(" #").unwrap_or(text.len());
        let length = text[start..end.max(start)].trim_end().len();
        let from = self.source.line_start(line) + start;
        from..from + length
    }

    fn indent(&self, line: usize) -> usize {
        let text = self.source.line(line);
        text.len() - text.trim_start().len()
    }

    /// From the place to the next blank.
    fn end_of_word(&self) -> Range<usize> {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| c.is_whitespace() || ",]}".contains(c)).unwrap_or(rest.len());
        let first = rest.chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8);
        self.at..self.at + end.max(first)
    }
}

fn has_content(line: &str) -> bool {
    let line = line.trim_start();
    !line.is_empty() && !line.starts_with('#')
}

fn is_bare(line: &str) -> bool {
    has_content(line) && !line.contains(':') && !line.trim_start().starts_with("- ")
}
