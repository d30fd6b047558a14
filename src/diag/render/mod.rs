//! Findings as text for people and JSON for machines. The only place that draws carets.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde_json::{Value, json};

use super::neutral::{neutral, neutral_json};
use super::{Diagnostic, Label, Report, Severity};
use crate::source::{FileId, Source, Sources};

/// Maximum number of findings of one kind that are shown as text; the rest is counted.
pub const SHOWN: usize = 100;

/// Maximum width of a source line, in columns.
const WIDTH: usize = 100;

/// A longer line is truncated around its problem.
const LONG_LINE: usize = 400;

/// Number of characters of a long line that are kept on each side.
const AROUND: usize = 120;

/// Number of context lines around a labelled one, so that small gaps show their text instead of dots.
const GAP: usize = 2;

/// Maximum length of a message, a reason or a help text; a file may contain words of any length.
const LONG_TEXT: usize = 600;

/// Locations of secrets in files.
type Secrets = BTreeMap<FileId, Vec<Range<usize>>>;

/// Findings as text in order, with a blank line after each. Errors first, if there are too many to show all.
pub fn text(report: &Report, sources: &Sources, is_coloured: bool) -> String {
    let renderer = if is_coloured { Renderer::styled() } else { Renderer::plain() }.term_width(WIDTH);
    let mut secrets = Secrets::new();
    for place in report.iter().flat_map(|diagnostic| &diagnostic.hides) {
        let range = place.bytes(sources);
        secrets.entry(place.file).or_default().push(range);
    }
    let mut out = String::new();
    let mut hidden = [0_usize; 2];
    let mut shown = [0_usize; 2];
    for diagnostic in report {
        let kind = usize::from(diagnostic.severity == Severity::Error);
        if shown[kind] == SHOWN {
            hidden[kind] += 1;
            continue;
        }
        shown[kind] += 1;
        out.push_str(&one(diagnostic, sources, &secrets, &renderer));
        out.push_str("\n\n");
    }
    for (hidden, word) in [(hidden[1], "error"), (hidden[0], "warning")] {
        if hidden > 0 {
            let plural = if hidden == 1 { "" } else { "s" };
            // Writing to a `String` cannot fail.
            let _ = writeln!(out, "... and {hidden} more {word}{plural}, not shown; --format json lists all\n");
        }
    }
    out
}

/// Findings as a JSON array, all of them; lines and columns from 1, columns in characters.
pub fn json(report: &Report, sources: &Sources) -> String {
    document(&findings(report, sources))
}

/// The array of [`json`] as a part of a larger document.
pub fn findings(report: &Report, sources: &Sources) -> Value {
    report.iter().map(|diagnostic| object(diagnostic, sources)).collect()
}

/// A whole JSON document as text that is safe on a terminal.
pub fn document(value: &Value) -> String {
    neutral_json(format!("{value:#}\n"))
}

fn object(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let related: Vec<Value> = diagnostic
        .also
        .iter()
        .map(|label| {
            let mut value = position(label, sources);
            value["message"] = label.text.as_str().into();
            value
        })
        .collect();
    let mut value = json!({
        "code": diagnostic.code.id(),
        "severity": severity(diagnostic.severity),
        "title": diagnostic.code.title(),
        "message": diagnostic.message,
    });
    if let (Value::Object(value), Value::Object(position)) = (&mut value, position(&diagnostic.at, sources)) {
        value.extend(position);
    }
    value["reason"] = match diagnostic.at.text.as_str() {
        "" => Value::Null,
        reason => reason.into(),
    };
    value["help"] = diagnostic.help.as_slice().into();
    value["related"] = related.into();
    value
}

fn position(label: &Label, sources: &Sources) -> Value {
    let source = sources.get(label.place.file);
    if label.place.is_whole(sources) {
        return json!({ "file": source.path(), "line": 1, "column": 1, "endLine": 1, "endColumn": 1 });
    }
    let bytes = label.place.bytes(sources);
    let (start, end) = (source.line_column(bytes.start), source.line_column(bytes.end));
    json!({
        "file": source.path(),
        "line": start.line, "column": start.column, "endLine": end.line, "endColumn": end.column,
    })
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn one(diagnostic: &Diagnostic, sources: &Sources, secrets: &Secrets, renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(short(&diagnostic.message)).id(diagnostic.code.id());
    let mut group = Group::with_title(title);
    let mut moved = None;
    let mut labels: Vec<(&Label, AnnotationKind)> = vec![(&diagnostic.at, AnnotationKind::Primary)];
    labels.extend(diagnostic.also.iter().map(|label| (label, AnnotationKind::Context)));
    let mut notes = Vec::new();
    for file in files(&labels) {
        let source = sources.get(file);
        let path = neutral(source.path().as_str()).into_owned();
        let (whole, placed): (Vec<_>, Vec<_>) = labels
            .iter()
            .filter(|(label, _)| label.place.file == file)
            .partition(|(label, _)| label.place.is_whole(sources));
        if placed.is_empty() {
            group = group.element(Origin::path(path.clone()));
        } else {
            let excerpt = Excerpt::new(
                source,
                secrets.get(&file).map_or(&[][..], Vec::as_slice),
                placed.iter().map(|(label, _)| label.place.bytes(sources)).collect(),
            );
            if placed[0].1 == AnnotationKind::Primary {
                moved =
                    excerpt.moved.clone().map(|(wrong, right)| (format!("{path}:{wrong}"), format!("{path}:{right}")));
            }
            let marks = placed.iter().zip(excerpt.ranges);
            let annotations = marks.map(|((label, kind), range)| {
                let text = (!label.text.is_empty()).then(|| short(&label.text));
                kind.span(range).label(text)
            });
            group = group.element(
                Snippet::source(excerpt.text).line_start(excerpt.first_line).path(path).annotations(annotations),
            );
        }
        notes.extend(whole.iter().map(|(label, _)| &label.text).filter(|text| !text.is_empty()));
    }
    for note in notes {
        group = group.element(Level::NOTE.message(short(note)));
    }
    for help in &diagnostic.help {
        // Several lines are allowed here: the line breaks are ours.
        let lines: Vec<_> = help.lines().map(short).collect();
        group = group.element(Level::HELP.message(lines.join("\n")));
    }
    let shown = renderer.render(&[group]);
    match moved {
        Some((wrong, right)) => shown.replacen(&wrong, &right, 1),
        None => shown,
    }
}

/// The files of some labels, the first label's first.
fn files(labels: &[(&Label, AnnotationKind)]) -> Vec<FileId> {
    let mut files = Vec::new();
    for (label, _) in labels {
        if !files.contains(&label.place.file) {
            files.push(label.place.file);
        }
    }
    files
}

/// One line, safe and of limited length.
fn short(text: &str) -> String {
    match text.char_indices().nth(LONG_TEXT) {
        Some((end, _)) => format!("{}...", neutral(&text[..end])),
        None => neutral(text).into_owned(),
    }
}

/// The source lines around some ranges, made safe and truncated.
struct Excerpt {
    text: String,
    first_line: usize,
    ranges: Vec<Range<usize>>,
    /// The `line:column` of the first range as the text has it, and as the file has it, if they differ.
    moved: Option<(String, String)>,
}

impl Excerpt {
    fn new(source: &Source, secrets: &[Range<usize>], wanted: Vec<Range<usize>>) -> Self {
        let spots: Vec<(usize, Range<usize>)> = wanted.iter().map(|range| spot(source, range)).collect();
        let first = spots.iter().map(|(line, _)| *line).min().unwrap_or(1);
        let last = spots.iter().map(|(line, _)| *line).max().unwrap_or(1);
        let mut excerpt = Self { text: String::new(), first_line: first, ranges: vec![0..0; spots.len()], moved: None };
        for line in first..=last {
            let is_near = spots.iter().any(|(labelled, _)| labelled.abs_diff(line) <= GAP);
            // Other lines are not shown, but counted.
            if is_near {
                excerpt.push(&shown(source, line, secrets), line, &spots);
            }
            excerpt.text.push('\n');
        }
        excerpt
    }

    fn push(&mut self, text: &str, line: usize, spots: &[(usize, Range<usize>)]) {
        let here = || spots.iter().enumerate().filter(|(_, (labelled, _))| *labelled == line);
        let seen =
            if text.len() > LONG_LINE { window(text, here().map(|(_, (_, range))| range)) } else { 0..text.len() };
        let dots = if seen.start > 0 { "..." } else { "" };
        let from = self.text.len();
        // The bytes of the text change, but not its characters: locations are adjusted.
        let place = |byte: usize| {
            let byte = byte.clamp(seen.start, seen.end);
            from + dots.len() + neutral(&text[seen.start..byte]).len()
        };
        let mut ranges = Vec::new();
        for (label, (_, range)) in here() {
            ranges.push((label, place(range.start)..place(range.end)));
            if label == 0 && seen.start > 0 {
                let shown = dots.len() + text[seen.start..range.start.max(seen.start)].chars().count() + 1;
                let real = text[..range.start].chars().count() + 1;
                self.moved = Some((format!("{line}:{shown}"), format!("{line}:{real}")));
            }
        }
        for (label, range) in ranges {
            self.ranges[label] = range;
        }
        self.text.push_str(dots);
        self.text.push_str(&neutral(&text[seen.clone()]));
        if seen.end < text.len() {
            self.text.push_str("...");
        }
    }
}

/// A source line with secrets masked, byte for byte.
fn shown<'s>(source: &'s Source, line: usize, secrets: &[Range<usize>]) -> Cow<'s, str> {
    let (text, start) = (source.line(line), source.line_start(line));
    let is_secret = |at: usize| secrets.iter().any(|secret| secret.contains(&(start + at)));
    if !(0..text.len()).any(is_secret) {
        return text.into();
    }
    let mut masked = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if is_secret(at) {
            masked.extend(std::iter::repeat_n('*', c.len_utf8()));
        } else {
            masked.push(c);
        }
    }
    masked.into()
}

/// The line of a range and its bytes in that line. A range of several lines is shown by its first line.
fn spot(source: &Source, range: &Range<usize>) -> (usize, Range<usize>) {
    let line = source.line_of(range.start);
    let (start, length) = (source.line_start(line), source.line(line).len());
    let from = (range.start - start).min(length);
    (line, from..(range.end - start).clamp(from, length))
}

/// The visible part of a long line: around the first of its ranges.
fn window<'r>(text: &str, mut ranges: impl Iterator<Item = &'r Range<usize>>) -> Range<usize> {
    let range = ranges.next().cloned().unwrap_or(0..0);
    let before = text[..range.start].char_indices().rev().nth(AROUND - 1);
    let behind = text[range.start..].char_indices().nth(AROUND);
    before.map_or(0, |(at, _)| at)..behind.map_or(text.len(), |(at, _)| range.start + at)
}

#[cfg(test)]
mod tests;
