//! From symbolic locations to bytes, and what depends on them: the order of findings, and duplicates.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Location, Report, Span};
use crate::source::Sources;

impl Location {
    /// The bytes of this location, or of the innermost node around it if it does not exist. Never outside the text,
    /// never inside a character.
    pub fn bytes(&self, sources: &Sources) -> Range<usize> {
        let source = sources.get(self.file);
        let text = source.text();
        let range = match &self.spot {
            Span::File => 0..0,
            Span::Range(range) => range.clone(),
            Span::Key(path) | Span::Value(path) => match source.index().nearest(path) {
                Some(spans) if matches!(self.spot, Span::Key(_)) => spans.key.unwrap_or(spans.value),
                Some(spans) => spans.value,
                None => 0..0,
            },
        };
        let start = text.floor_char_boundary(range.start);
        start..text.ceil_char_boundary(range.end).max(start)
    }
}

impl Location {
    /// True if the path of this place exists in the file.
    pub fn is_there(&self, sources: &Sources) -> bool {
        match &self.spot {
            Span::Key(path) | Span::Value(path) => sources.get(self.file).index().find(path).is_some(),
            Span::Range(_) | Span::File => true,
        }
    }

    /// True if there is nothing to underline: the whole file, or a missing key.
    pub fn is_whole(&self, sources: &Sources) -> bool {
        let source = sources.get(self.file);
        match &self.spot {
            _ if source.text().is_empty() => true,
            Span::File => true,
            Span::Range(_) => false,
            Span::Key(path) | Span::Value(path) => path.steps().first().is_some_and(|first| {
                let first = std::iter::once(first.clone()).collect();
                source.index().find(&first).is_none()
            }),
        }
    }
}

impl Report {
    /// Sorts findings by file and location, and drops duplicates for the same text: a problem in the value of an
    /// anchor is found once per alias. Call it after all findings are made, before they are counted or shown.
    pub fn tidy(&mut self, sources: &Sources) {
        let found = std::mem::take(&mut self.0);
        let mut placed: Vec<_> = found
            .into_iter()
            .map(|diagnostic| {
                let bytes = diagnostic.at.place.bytes(sources);
                ((diagnostic.at.place.file, bytes.start, bytes.end), diagnostic)
            })
            .collect();
        placed.sort_by_key(|(place, _)| *place);
        let mut seen: BTreeMap<_, Vec<(Span, String)>> = BTreeMap::new();
        for (place, diagnostic) in placed {
            let what = (place, diagnostic.code, diagnostic.at.text.clone(), diagnostic.help.clone());
            let before = seen.entry(what).or_default();
            // Two paths to the same text give one finding; one path may have two.
            let spot = &diagnostic.at.place.spot;
            if before.iter().all(|(other, message)| other == spot && *message != diagnostic.message) {
                before.push((spot.clone(), diagnostic.message.clone()));
                self.0.push(diagnostic);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::diag::{Code, Location, Report};
    use crate::source::{Source, Sources, YamlPath};

    #[test]
    fn places_never_leave_the_text() {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("g.yaml", "é: 1"));
        assert_eq!(Location::range(file, 1..99).bytes(&sources), 0..5);
        assert_eq!(Location::range(file, 99..99).bytes(&sources), 5..5);
        assert_eq!(Location::key(file, YamlPath::root().key("x")).bytes(&sources), 0..5);
        assert_eq!(Location::key(file, YamlPath::root().key("é")).bytes(&sources), 0..2);
        let empty = sources.add(Source::new("e.yaml", ""));
        assert_eq!(Location::value(empty, YamlPath::root()).bytes(&sources), 0..0);
    }

    #[test]
    fn tidy_sorts_and_drops_what_aliases_repeat() {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("g.yaml", "a: &a {x: 1}\nb: *a\nc: 2\n"));
        let path = |keys: &[&str]| keys.iter().fold(YamlPath::root(), |path, key| path.key(*key));
        let mut report = Report::default();
        for keys in [&["c"][..], &["b", "x"], &["a", "x"]] {
            report.push(Code::UnknownKey.at(Location::value(file, path(keys))).says("no"));
        }
        report.tidy(&sources);
        let starts: Vec<_> = report.iter().map(|found| found.at.place.bytes(&sources).start).collect();
        assert_eq!(starts, [10, 22]);
    }
}
