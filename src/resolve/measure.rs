//! Lengths of time and sets of statuses, as the file writes them.

use std::fmt;

use crate::model;

/// A length of time in whole seconds, a day at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seconds(pub u32);

impl Seconds {
    /// The length of a text like `30s`, `5m`, `1h`; `None` past a day.
    pub fn parse(text: &str) -> Option<Self> {
        let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
        let factor = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            _ => return None,
        };
        let seconds = number.parse::<u32>().ok()?.checked_mul(factor)?;
        (seconds <= 86_400).then_some(Self(seconds))
    }

    /// As .NET writes a duration in ISO 8601, and so the service answers it: `PT1M`, `PT1M30S`. Another form of the same duration would be
    /// a change in every plan.
    pub fn iso8601(self) -> String {
        const DAY: u32 = 24 * 3600;
        let part = |number: u32, unit: &str| if number > 0 { format!("{number}{unit}") } else { String::new() };
        let days = part(self.0 / DAY, "D");
        let (hours, minutes) = (part(self.0 % DAY / 3600, "H"), part(self.0 % 3600 / 60, "M"));
        let time = hours + &minutes + &part(self.0 % 60, "S");
        match (days.is_empty(), time.is_empty()) {
            (true, true) => "PT0S".to_owned(),
            (false, true) => format!("P{days}"),
            (_, false) => format!("P{days}T{time}"),
        }
    }
}

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} s", self.0)
    }
}

/// HTTP statuses: ranges in ascending order that do not touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statuses(Vec<(u16, u16)>);

impl Statuses {
    /// The statuses of a list, however it is ordered. `Err`: the first range that ends before it starts.
    pub fn new(list: &[model::Status]) -> Result<Self, usize> {
        let mut ranges = Vec::with_capacity(list.len());
        for (position, status) in list.iter().enumerate() {
            let range = match status {
                model::Status::One(one) => (*one, *one),
                model::Status::Range(text) => range(text).ok_or(position)?,
            };
            ranges.push(range);
        }
        Ok(Self::of(ranges))
    }

    /// The statuses of some ranges.
    pub fn of(mut ranges: Vec<(u16, u16)>) -> Self {
        ranges.sort_unstable();
        let mut merged: Vec<(u16, u16)> = Vec::with_capacity(ranges.len());
        for (from, to) in ranges {
            match merged.last_mut() {
                Some((_, last)) if from <= *last + 1 => *last = (*last).max(to),
                _ => merged.push((from, to)),
            }
        }
        Self(merged)
    }

    /// The ranges, both ends included.
    pub fn ranges(&self) -> &[(u16, u16)] {
        &self.0
    }

    /// True if it contains this status.
    pub fn has(&self, status: u16) -> bool {
        self.0.iter().any(|&(from, to)| (from..=to).contains(&status))
    }

    /// Those that are in the other set too.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let pairs = self.0.iter().flat_map(|one| other.0.iter().map(move |other| (one, other)));
        let common = pairs.map(|(&(a, b), &(c, d))| (a.max(c), b.min(d)));
        Self::of(common.filter(|(from, to)| from <= to).collect())
    }

    /// True if it contains no status.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// As people list them: `429, 502-503`.
impl fmt::Display for Statuses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = self.0.iter().map(|(from, to)| match from == to {
            true => from.to_string(),
            false => format!("{from}-{to}"),
        });
        f.write_str(&parts.collect::<Vec<_>>().join(", "))
    }
}

fn range(text: &str) -> Option<(u16, u16)> {
    let (from, to) = text.split_once('-')?;
    let (from, to) = (from.parse().ok()?, to.parse().ok()?);
    (from <= to).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        assert_eq!(Seconds::parse("30s"), Some(Seconds(30)));
        assert_eq!(Seconds::parse("5m"), Some(Seconds(300)));
        assert_eq!(Seconds::parse("24h"), Some(Seconds(86_400)));
        for text in ["25h", "", "s", "5", "999999h", "4294967295h"] {
            assert_eq!(Seconds::parse(text), None, "{text}");
        }
        for (seconds, iso) in [(0, "PT0S"), (10, "PT10S"), (60, "PT1M"), (90, "PT1M30S"), (7200, "PT2H")] {
            assert_eq!(Seconds(seconds).iso8601(), iso);
        }
    }

    #[test]
    fn statuses_are_merged() {
        let list = [
            model::Status::Range("500-502".to_owned()),
            model::Status::One(429),
            model::Status::One(503),
            model::Status::One(501),
        ];
        let statuses = Statuses::new(&list).unwrap();
        assert_eq!(statuses.to_string(), "429, 500-503");
        assert!(statuses.has(503) && !statuses.has(504));
        let common = statuses.and(&Statuses::of(vec![(400, 500), (503, 599)]));
        assert_eq!(common.to_string(), "429, 500, 503");
        let wrong = [model::Status::One(429), model::Status::Range("503-500".to_owned())];
        assert_eq!(Statuses::new(&wrong), Err(1));
    }
}
