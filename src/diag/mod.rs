//! Findings as data: message, location and help. No printing.

mod code;
mod level;
mod locate;
mod neutral;
pub mod render;
mod unread;

pub use code::Code;
pub use level::{Level, Levels};
pub(crate) use neutral::neutral;
pub use unread::{absolute, unread, unreadable};

use std::ops::Range;

use crate::source::{FileId, YamlPath};

/// Severity of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A recommendation; output is written.
    Warning,
    /// A problem that prevents output.
    Error,
}

/// A span in one file, symbolic until it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// The key at a path.
    Key(YamlPath),
    /// The value at a path.
    Value(YamlPath),
    /// Bytes of the text.
    Range(Range<usize>),
    /// The file as a whole.
    File,
}

/// A span and its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The file.
    pub file: FileId,
    /// The span in the file.
    pub spot: Span,
}

impl Location {
    /// The key at a path.
    pub fn key(file: FileId, path: YamlPath) -> Self {
        Self { file, spot: Span::Key(path) }
    }

    /// The value at a path.
    pub fn value(file: FileId, path: YamlPath) -> Self {
        Self { file, spot: Span::Value(path) }
    }

    /// A range of bytes.
    pub fn range(file: FileId, range: Range<usize>) -> Self {
        Self { file, spot: Span::Range(range) }
    }

    /// The whole file.
    pub fn file(file: FileId) -> Self {
        Self { file, spot: Span::File }
    }
}

/// A location with a remark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The location.
    pub place: Location,
    /// The remark; may be empty.
    pub text: String,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The kind of finding.
    pub code: Code,
    /// The severity; the code's default, unless overridden.
    pub severity: Severity,
    /// The problem, in the user's words, without a full stop.
    pub message: String,
    /// The location, with the reason that is shown at the carets.
    pub at: Label,
    /// Related locations.
    pub also: Vec<Label>,
    /// Suggested fixes, one each.
    pub help: Vec<String>,
    /// Locations of secrets in a file, which no finding shows.
    pub hides: Vec<Location>,
}

impl Code {
    /// Starts a finding of this kind at a location.
    pub fn at(self, place: Location) -> Diagnostic {
        Diagnostic {
            code: self,
            severity: self.severity(),
            message: self.title().to_owned(),
            at: Label { place, text: String::new() },
            also: Vec::new(),
            help: Vec::new(),
            hides: Vec::new(),
        }
    }
}

impl Diagnostic {
    /// Sets the message: the problem as a sentence without a full stop, names in backticks.
    #[must_use]
    pub fn says(mut self, message: impl Into<String>) -> Self {
        self.message = message.into();
        self
    }

    /// Sets the reason that is shown at the carets.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.at.text = reason.into();
        self
    }

    /// Adds a related location.
    #[must_use]
    pub fn also(mut self, place: Location, text: impl Into<String>) -> Self {
        self.also.push(Label { place, text: text.into() });
        self
    }

    /// Masks a secret in this finding and all others: build logs are widely readable.
    #[must_use]
    pub fn hides(mut self, place: Location) -> Self {
        self.hides.push(place);
        self
    }

    /// Adds a suggested fix.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds a suggested fix, if there is one.
    #[must_use]
    pub fn help_if<T>(self, value: Option<T>, help: impl FnOnce(T) -> String) -> Self {
        match value {
            Some(value) => self.help(help(value)),
            None => self,
        }
    }
}

/// All findings of a run, in the order of their creation.
#[derive(Debug, Default, Clone)]
pub struct Report(Vec<Diagnostic>);

impl Report {
    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// True if an error prevents writing.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|d| d.severity == Severity::Error)
    }

    /// The number of findings with this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.0.iter().filter(|d| d.severity == severity).count()
    }

    /// The findings.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// True if there are no findings.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'a> IntoIterator for &'a Report {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// A number with thousands separators.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Names in backticks, the first ten.
pub(crate) fn list<'a>(names: impl Iterator<Item = &'a String>) -> String {
    let mut rest = names;
    let mut names: Vec<String> = rest.by_ref().take(10).map(|name| format!("`{name}`")).collect();
    match rest.count() {
        0 => {}
        more => names.push(format!("{more} more")),
    }
    names.join(", ")
}

/// Maximum number of findings of one kind that look for the closest word: no more of them are shown, and each takes time in
/// proportion to the known words.
pub const HINTS: usize = 100;

/// The known word closest to a mistyped one, if one is close enough.
pub fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = |word: &str| -> Vec<char> { word.to_lowercase().chars().collect() };
    // Distances below this are wanted.
    let mut limit = 2 + word.chars().count() / 3;
    let word = lower(word);
    let mut nearest = None;
    for candidate in known {
        if let Some(distance) = distance(&word, &lower(candidate), limit) {
            (nearest, limit) = (Some(candidate), distance);
        }
    }
    nearest
}

/// The edit distance of two words (optimal string alignment: a swap of neighbours is one edit) if it is less than `limit`.
fn distance(a: &[char], b: &[char], limit: usize) -> Option<usize> {
    // Words of such different lengths are no closer than their difference.
    if a.len().abs_diff(b.len()) >= limit {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let same = usize::from(a[i - 1] != b[j - 1]);
            let mut cost = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + same);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                cost = cost.min(before[j - 2] + 1);
            }
            row.push(cost);
        }
        // Every way to the end leads through one of the two last rows, and no step makes the distance smaller.
        if row.iter().chain(&last).all(|cost| *cost >= limit) {
            return None;
        }
        before = std::mem::replace(&mut last, row);
    }
    Some(last[b.len()]).filter(|distance| *distance < limit)
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn a_mistyped_word_finds_its_neighbour() {
        let known = ["backends", "pools", "apis", "gateway"];
        assert_eq!(closest("backend", known), Some("backends"));
        assert_eq!(closest("gatewya", known), Some("gateway"));
        assert_eq!(closest("APIs", known), Some("apis"));
        assert_eq!(closest("nothing-like-it", known), None);
        // A swap is one edit, the nearest word wins, and the first of equals.
        assert_eq!(closest("ab", ["ba"]), Some("ba"));
        assert_eq!(closest("", ["a", "ab"]), Some("a"));
        assert_eq!(closest("openai", ["openia-1", "open", "opena", "penai"]), Some("opena"));
        assert_eq!(closest("abcdef", ["abcxyzdef", "abxyef"]), Some("abxyef"));
    }
}
