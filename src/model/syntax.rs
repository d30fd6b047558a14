//! Messages for YAML syntax errors. The parser knows where it stopped; the cause is often a little earlier.

use std::ops::Range;

use crate::diag::{Code, Diagnostic, Location, closest};
use crate::source::{FileId, Source, SyntaxError, SyntaxKind};

/// The finding for the first syntax error.
pub(super) fn explain(file: FileId, source: &Source, error: &SyntaxError) -> Diagnostic {
    let text = source.text();
    let at = text.floor_char_boundary(error.at);
    let context = Context { source, text, at, line: source.line_of(at), kind: error.kind };
    let message = context
        .conflict()
        .or_else(|| context.character())
        .or_else(|| context.tab())
        .or_else(|| context.space())
        .or_else(|| context.quote())
        .or_else(|| context.anchor())
        .or_else(|| context.sign())
        .or_else(|| context.bracket())
        .or_else(|| context.colon())
        .or_else(|| context.indentation())
        .unwrap_or_else(|| Message {
            range: context.end_of_word(),
            says: "YAML syntax error".to_owned(),
            because: error.reason.clone(),
            help: "check this line and the one before: indentation, a missing colon or an unclosed quote".to_owned(),
        });
    Code::Syntax.at(Location::range(file, message.range)).says(message.says).because(message.because).help(message.help)
}

struct Message {
    range: Range<usize>,
    says: String,
    because: String,
    help: String,
}

fn message(
    range: Range<usize>,
    says: impl Into<String>,
    because: impl Into<String>,
    help: impl Into<String>,
) -> Message {
    Message { range, says: says.into(), because: because.into(), help: help.into() }
}

/// The position where the parser stopped, and the text around it.
struct Context<'a> {
    source: &'a Source,
    text: &'a str,
    at: usize,
    line: usize,
    kind: SyntaxKind,
}

impl Context<'_> {
    /// A merge that git could not finish: its markers are the cause, whatever the parser stumbles over.
    fn conflict(&self) -> Option<Message> {
        let mut start = 0;
        let marker = self.text.split_inclusive('\n').find_map(|line| {
            let at = start;
            start += line.len();
            let is_marker = ["<<<<<<< ", ">>>>>>> "].iter().any(|marker| line.starts_with(marker));
            is_marker.then_some(at..at + 7)
        })?;
        Some(message(
            marker,
            "a merge conflict is not resolved",
            "git put this marker here",
            "keep one of the two versions, or both, and remove the lines with `<<<<<<<`, `=======` and `>>>>>>>`",
        ))
    }

    fn character(&self) -> Option<Message> {
        let is_odd = |c: char| (c.is_control() && !"\t\r\n".contains(c)) || c == '\u{feff}';
        if self.kind != SyntaxKind::Character {
            return None;
        }
        // The second parser reports no position for these.
        let at = self.text[self.at..].find(is_odd).map_or_else(|| self.text.find(is_odd), |at| Some(self.at + at))?;
        let c = self.text[at..].chars().next()?;
        let name = if c == '\u{feff}' { "a byte order mark" } else { "a control character" };
        Some(message(
            at..at + c.len_utf8(),
            format!("the text contains {name}"),
            format!("this is U+{:04X}, which most editors do not show", u32::from(c)),
            "remove it",
        ))
    }

    fn tab(&self) -> Option<Message> {
        // The tab may be the cause although the parser reports something else, such as a colon.
        let line = self.source.line(self.line);
        let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        // Between brackets tabs are allowed.
        let from_indent = indent.find('\t').filter(|_| self.open_bracket().is_none());
        let from_indent = from_indent.map(|tab| self.source.line_start(self.line) + tab);
        let from_reason = (self.kind == SyntaxKind::Tab).then(|| self.text[..self.at].rfind('\t')).flatten();
        let tab = from_indent.or(from_reason)?;
        let tabs = self.text[tab..].len() - self.text[tab..].trim_start_matches('\t').len();
        Some(message(
            tab..tab + tabs.max(1),
            "tabs are not allowed for indentation",
            if tabs > 1 { "these are tabs" } else { "this is a tab" },
            "indent with spaces, two for each level",
        ))
    }

    /// A tab or a no-break space behind a colon, which looks like a space.
    fn space(&self) -> Option<Message> {
        // With a no-break space the line is one word, and the parser stops behind it.
        let above = (1..self.line).next_back();
        let (number, at, odd) = [Some(self.line), above].into_iter().flatten().find_map(|number| {
            let line = self.source.line(number);
            let odd = ['\t', '\u{a0}', '\u{202f}'].into_iter();
            odd.filter_map(|odd| Some((number, line.find(&format!(":{odd}"))? + 1, odd))).next()
        })?;
        let start = self.source.line_start(number) + at;
        let name = if odd == '\t' { "a tab" } else { "a no-break space" };
        Some(message(
            start..start + odd.len_utf8(),
            format!("{name} follows a colon"),
            "YAML separates a key and its value by a space, and editors show no difference",
            "replace it with a space",
        ))
    }

    fn quote(&self) -> Option<Message> {
        let opened = self.text[self.at..].chars().next().filter(|c| "'\"".contains(*c));
        if self.kind == SyntaxKind::AfterQuote {
            return Some(message(
                self.end_of_word(),
                "unexpected text after a closing quote",
                "the quoted string ends before this",
                "quote the whole value; inside '…' a quote is written '', inside \"…\" it is \\\"",
            ));
        }
        if self.kind == SyntaxKind::Escape {
            let slash = self.text[self.at..].match_indices('\\').map(|(slash, _)| self.at + slash);
            // Pairs of backslashes are valid, and so are the escapes that YAML knows.
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
            return Some(message(
                slash..slash + escape.len(),
                format!("unknown escape sequence `{escape}`"),
                "a backslash inside \"…\" starts an escape sequence",
                "write `\\\\` for a backslash, or use '…', where a backslash has no special meaning",
            ));
        }
        let quote = opened.filter(|_| matches!(self.kind, SyntaxKind::Quote | SyntaxKind::QuoteIndentation))?;
        Some(message(
            self.at..self.at + 1,
            "unclosed quote",
            "the string that starts here has no end",
            format!("close it with {quote}, or quote the whole value if the quote is part of it"),
        ))
    }

    fn anchor(&self) -> Option<Message> {
        if !matches!(self.kind, SyntaxKind::UnknownAnchor | SyntaxKind::NamelessAnchor) {
            return None;
        }
        let range = self.end_of_word();
        let word = &self.text[range.clone()];
        let name = word.trim_start_matches('*');
        if self.kind == SyntaxKind::NamelessAnchor || name.is_empty() {
            return Some(message(
                range,
                "an anchor or alias has no name",
                "YAML reads a value that starts with `*` as an alias, with `&` as an anchor",
                "quote the value if the character belongs to it: `\"*\"`",
            ));
        }
        let help = match closest(name, anchors(&self.text[..self.at])) {
            Some(known) => format!("did you mean `*{known}`?"),
            None => "define the anchor above this line, or quote the value if the `*` belongs to it".to_owned(),
        };
        Some(message(range, "unknown anchor", "no anchor of this name is defined above", help))
    }

    fn sign(&self) -> Option<Message> {
        let sign = self.text[self.at..].chars().next().filter(|_| self.kind == SyntaxKind::Sign)?;
        Some(message(
            self.at..self.at + sign.len_utf8(),
            format!("a value cannot start with `{sign}`"),
            "this character has a special meaning in YAML",
            "quote the whole value",
        ))
    }

    fn bracket(&self) -> Option<Message> {
        if self.kind == SyntaxKind::Bracket {
            let bracket = self.text[self.at..].chars().next().unwrap_or('}');
            return Some(message(
                self.at..self.at + bracket.len_utf8(),
                format!("`{bracket}` has no opening bracket"),
                "no bracket of this kind is open here",
                "remove it, or add the opening bracket",
            ));
        }
        let is_flow = matches!(self.kind, SyntaxKind::Flow | SyntaxKind::FlowIndentation | SyntaxKind::FlowOrKey);
        let open = self.open_bracket().filter(|_| is_flow)?;
        if let Some(brace) = self.brace_in_item(open) {
            return Some(message(
                brace..brace + 1,
                "`{` in a string without quotes",
                "between brackets, YAML reads it as the start of an object",
                "put the whole item in quotes: `[\"GET /items/{id}\"]`",
            ));
        }
        let bracket = &self.text[open..=open];
        let close = if bracket == "[" { "]" } else { "}" };
        Some(message(
            open..open + 1,
            format!("unclosed `{bracket}`, or a comma is missing after it"),
            "the list or object that starts here is not complete",
            format!("close it with `{close}`, and separate its items with commas"),
        ))
    }

    /// A brace inside an item of the list that starts at a position, on the same line: `[GET /items/{id}]`.
    fn brace_in_item(&self, open: usize) -> Option<usize> {
        let list = self.text[open..].strip_prefix('[')?;
        let line = list.lines().next().unwrap_or_default();
        let mut quote = None;
        let mut last = '[';
        for (at, c) in line.char_indices() {
            let is_start = last.is_whitespace() || "[{,:".contains(last);
            match quote {
                Some(quoted) if quoted == c => quote = None,
                Some(_) => {}
                None if is_start && (c == '"' || c == '\'') => quote = Some(c),
                None if c == '{' && !is_start => return Some(open + 1 + at),
                None => {}
            }
            last = c;
        }
        None
    }

    /// The last open bracket before the position.
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

    fn colon(&self) -> Option<Message> {
        let is_about_keys = matches!(
            self.kind,
            SyntaxKind::MappingValue
                | SyntaxKind::MappingKey
                | SyntaxKind::SimpleKey
                | SyntaxKind::FlowOrKey
                | SyntaxKind::ExpectedKey
        );
        if !is_about_keys {
            return None;
        }
        let above = (1..self.line).rev().find(|line| has_content(self.source.line(*line)));
        for line in [Some(self.line), above].into_iter().flatten() {
            if let Some(message) = self.missing_space(line) {
                return Some(message);
            }
        }
        match self.kind {
            SyntaxKind::MappingValue => return Some(self.second_colon(above)),
            SyntaxKind::SimpleKey | SyntaxKind::FlowOrKey => {}
            _ => return None,
        }
        // The parser read a line without a colon and stopped at the next.
        let culprit = [above, Some(self.line)].into_iter().flatten().find(|line| is_bare(self.source.line(*line)))?;
        let range = self.content(culprit);
        // Its text may be a secret.
        Some(message(
            range,
            "this line is neither a key nor an item of a list",
            "a colon is missing here, or a `- `",
            "write `…:` for a key, `- …` for an item",
        ))
    }

    /// `key:value` at the start of a line.
    fn missing_space(&self, line: usize) -> Option<Message> {
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
        Some(message(
            start + colon..start + colon + 1,
            format!("a space is missing after the colon of `{key}:`"),
            "without a space this is one string, not a key and a value",
            format!("write `{key}: …`"),
        ))
    }

    fn second_colon(&self, above: Option<usize>) -> Message {
        let range = self.content(self.line);
        let before = &self.text[range.start.min(self.at)..self.at];
        if before.contains(": ") {
            return message(
                self.at..self.at + 1,
                "a second colon on one line",
                "a key cannot follow another key's value on the same line",
                "quote the value if the colon belongs to it, or start a new line",
            );
        }
        let deeper = above.filter(|above| self.indent(*above) < self.indent(self.line));
        let (because, help) = match deeper {
            Some(_) => (
                "it is indented deeper than the line above, which already has a value",
                "align it with its sibling keys, or remove the value above",
            ),
            None => ("a key is not allowed here", "look at the line above: a quote, a colon or a `- ` may be missing"),
        };
        message(range, "this line does not match the line above", because, help)
    }

    fn indentation(&self) -> Option<Message> {
        let range = self.content(self.line);
        let (says, because, help) = match self.kind {
            SyntaxKind::ExpectedItem => (
                "a key among the items of a list",
                "the lines before start with `- `",
                "start this line with `- ` too, or align it with its sibling keys",
            ),
            SyntaxKind::MisplacedItem => (
                "a list item is not allowed here",
                "a `- ` must be the first on its line, below a key",
                "write the items on lines below the key, or on one line: `key: [a, b]`",
            ),
            SyntaxKind::ExpectedKey
            | SyntaxKind::Indentation
            | SyntaxKind::QuoteIndentation
            | SyntaxKind::FlowIndentation
            | SyntaxKind::Tab => (
                "inconsistent indentation",
                "no open block above starts in this column",
                "align it with its sibling keys or items",
            ),
            _ => return None,
        };
        Some(message(range, says, because, help))
    }

    /// A line without surrounding whitespace and its comment.
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

    /// From the position to the end of the word.
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

/// The names of the anchors that a text seems to define.
pub(super) fn anchors(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('&').filter_map(|(at, _)| {
        let is_start = text[..at].ends_with(|c: char| c.is_whitespace() || "[{,".contains(c));
        let name = &text[at + 1..];
        let end = name.find(|c: char| c.is_whitespace() || "[]{},".contains(c)).unwrap_or(name.len());
        (is_start && end > 0).then(|| &name[..end])
    })
}
