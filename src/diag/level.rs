//! How bad findings are, by code: what the table of codes says, unless a run changes it. A change holds wherever a finding comes
//! from: a rule, a document that is read, or a limit.

use std::collections::BTreeMap;

use super::{Code, Report, Severity};

/// What a warning comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// It is not shown.
    Allow,
    /// It is shown; output is written.
    Warn,
    /// It is an error.
    Deny,
}

/// The levels of warnings that are not as the table of codes has them.
#[derive(Debug, Clone, Default)]
pub struct Levels(BTreeMap<Code, Level>);

impl Levels {
    /// The same with another level for a warning. `None` for an error: what makes a gateway impossible is no opinion.
    pub fn with(mut self, code: Code, level: Level) -> Option<Self> {
        self.0.insert(code, level);
        (code.severity() == Severity::Warning).then_some(self)
    }

    fn of(&self, code: Code) -> Level {
        self.0.get(&code).copied().unwrap_or(Level::Warn)
    }
}

impl Report {
    /// Gives warnings the severity of their level, and drops those that are allowed. Doing it again changes nothing.
    pub fn level(&mut self, levels: &Levels) {
        self.0.retain_mut(|found| {
            if found.severity == Severity::Error {
                return true;
            }
            let level = levels.of(found.code);
            if level == Level::Deny {
                found.severity = Severity::Error;
            }
            level != Level::Allow
        });
    }
}
