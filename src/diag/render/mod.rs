//! Findings as text for people and JSON for machines. The only place that draws carets.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde_json::{Value, json};

use super::neutral::{neutral, neutral_json};
use super::{Diagnostic, Label, Report, Severity};
use crate::source::{FileId, MASK, Source, Sources, secrets_of_urls, without_secrets_of_urls};

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

/// A label and how it is drawn.
type Marked<'l> = (&'l Label, AnnotationKind);

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
    let files =
        report.iter().flat_map(|found| std::iter::once(&found.at).chain(&found.also)).map(|label| label.place.file);
    for file in files.collect::<BTreeSet<_>>() {
        secrets.entry(file).or_default().extend(sources.get(file).hidden());
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
        out.push_str(&one(&covered(diagnostic, sources), sources, &secrets, &renderer));
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
    report.iter().map(|diagnostic| object(&covered(diagnostic, sources), sources)).collect()
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
    let mut moved = Vec::new();
    let mut labels: Vec<(&Label, AnnotationKind)> = vec![(&diagnostic.at, AnnotationKind::Primary)];
    labels.extend(diagnostic.also.iter().map(|label| (label, AnnotationKind::Context)));
    let mut notes = Vec::new();
    for file in files(&labels) {
        let source = sources.get(file);
        let path = neutral(source.path().as_str()).into_owned();
        let (whole, placed): (Vec<Marked<'_>>, Vec<Marked<'_>>) = labels
            .iter()
            .copied()
            .filter(|(label, _)| label.place.file == file)
            .partition(|(label, _)| label.place.is_whole(sources));
        if placed.is_empty() {
            group = group.element(Origin::path(path.clone()));
        } else if source.is_foreign() {
            let at = source.line_column(placed[0].0.place.bytes(sources).start);
            group = group.element(Origin::path(format!("{path}:{}:{}", at.line, at.column)));
        } else {
            let excerpt = Excerpt::new(
                source,
                secrets.get(&file).map_or(&[][..], Vec::as_slice),
                placed.iter().map(|(label, _)| label.place.bytes(sources)).collect(),
            );
            let pair = excerpt.moved.clone();
            moved.extend(pair.map(|(wrong, right)| (format!("{path}:{wrong}"), format!("{path}:{right}"))));
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
    moved.iter().fold(shown, |shown, (wrong, right)| shown.replacen(wrong, right, 1))
}

/// The finding without secrets of URLs, and without text of files outside the repository.
fn covered(diagnostic: &Diagnostic, sources: &Sources) -> Diagnostic {
    let mut covered = diagnostic.clone();
    let labels = std::iter::once(&diagnostic.at).chain(&diagnostic.also);
    if labels.into_iter().any(|label| sources.get(label.place.file).is_foreign()) {
        // A text in backticks may come from the file.
        diagnostic.code.title().clone_into(&mut covered.message);
        covered.at.text.clear();
        covered.also.iter_mut().filter(|label| label.text.contains('`')).for_each(|label| label.text.clear());
        covered.help =
            vec!["look into the file; its text is not shown, because it is outside the repository".to_owned()];
    }
    let also = covered.also.iter_mut().map(|label| &mut label.text);
    for text in [&mut covered.message, &mut covered.at.text].into_iter().chain(also).chain(&mut covered.help) {
        if text.contains("://") {
            *text = without_secrets_of_urls(text).into_owned();
        }
    }
    covered
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
                excerpt.push(&Line::new(source, line, secrets), line, &spots);
            }
            excerpt.text.push('\n');
        }
        excerpt
    }

    fn push(&mut self, shown: &Line, line: usize, spots: &[(usize, Range<usize>)]) {
        let text = shown.text.as_ref();
        let here = || spots.iter().enumerate().filter(|(_, (labelled, _))| *labelled == line);
        let mapped: Vec<(usize, Range<usize>)> =
            here().map(|(label, (_, range))| (label, shown.place(range))).collect();
        let seen = match text.len() > LONG_LINE {
            true => window(text, mapped.iter().map(|(_, range)| range)),
            false => 0..text.len(),
        };
        let dots = if seen.start > 0 { "..." } else { "" };
        let from = self.text.len();
        // The bytes of the text change, but not its characters: locations are adjusted.
        let place = |byte: usize| {
            let byte = byte.clamp(seen.start, seen.end);
            from + dots.len() + neutral(&text[seen.start..byte]).len()
        };
        for (label, range) in mapped {
            self.ranges[label] = place(range.start)..place(range.end);
            if label == 0 {
                let column = dots.len() + text[seen.start..range.start.max(seen.start)].chars().count() + 1;
                let real = shown.columns_before(spots[label].1.start) + 1;
                self.moved = (column != real).then(|| (format!("{line}:{column}"), format!("{line}:{real}")));
            }
        }
        self.text.push_str(dots);
        self.text.push_str(&neutral(&text[seen.clone()]));
        if seen.end < text.len() {
            self.text.push_str("...");
        }
    }
}

/// A source line with a mask for each part that is hidden.
struct Line<'s> {
    written: &'s str,
    text: Cow<'s, str>,
    /// The hidden parts of the line as it is written, sorted, and where the mask of each starts.
    masks: Vec<(Range<usize>, usize)>,
}

impl<'s> Line<'s> {
    fn new(source: &'s Source, line: usize, secrets: &[Range<usize>]) -> Self {
        let (written, start) = (source.line(line), source.line_start(line));
        let inside = secrets.iter().filter(|secret| secret.start < start + written.len() && secret.end > start);
        let inside = inside.map(|secret| secret.start.saturating_sub(start)..(secret.end - start).min(written.len()));
        let mut hidden: Vec<Range<usize>> = inside.chain(secrets_of_urls(written)).collect();
        hidden.sort_by_key(|range| range.start);
        let mut masks: Vec<(Range<usize>, usize)> = Vec::new();
        for range in hidden {
            let range = written.floor_char_boundary(range.start)..written.ceil_char_boundary(range.end);
            match masks.last_mut() {
                Some((last, _)) if range.start <= last.end => last.end = last.end.max(range.end),
                _ if written[range.clone()].trim().is_empty() => {}
                _ => masks.push((range, 0)),
            }
        }
        if masks.is_empty() {
            return Self { written, text: written.into(), masks };
        }
        let mut text = String::new();
        let mut from = 0;
        for (range, at) in &mut masks {
            text.push_str(&written[from..range.start]);
            *at = text.len();
            text.push_str(MASK);
            from = range.end;
        }
        text.push_str(&written[from..]);
        Self { written, text: text.into(), masks }
    }

    /// Where a range of the line is in the text. Of a hidden part it is all of the mask.
    fn place(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.byte(range.start, 0);
        start..self.byte(range.end, MASK.len()).max(start)
    }

    fn byte(&self, byte: usize, inside: usize) -> usize {
        match self.masks.iter().rev().find(|(hidden, _)| hidden.start <= byte) {
            Some((hidden, at)) if byte < hidden.end && (inside == 0 || byte > hidden.start) => at + inside,
            Some((hidden, at)) if byte >= hidden.end => at + MASK.len() + (byte - hidden.end),
            Some((_, at)) => *at,
            None => byte,
        }
    }

    fn columns_before(&self, byte: usize) -> usize {
        self.written[..byte].chars().count()
    }
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
