//! Finished text of a child view. Only views, `Prose`, `Command` and `Expression` turn into it: nothing that text gets into as it is.

use super::prose::{Command, Prose};
use super::value::Expression;

/// Finished text of a child: source of the target, placed with `nest`. Every line break in it is ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fragment(String);

impl Fragment {
    /// The text of a view. Nothing else makes fragments but `Prose`, `Command` and `Expression`, which no text gets into as it is.
    pub(super) fn of(view: &impl askama::Template) -> Self {
        Self(super::render(view))
    }

    /// Children with an empty line between each two; `None` if there are no children.
    pub(in crate::emit) fn paragraphs(children: impl Iterator<Item = Self>) -> Option<Self> {
        let texts: Vec<String> = children.map(|child| child.0).collect();
        (!texts.is_empty()).then(|| Self(texts.join("\n\n")))
    }

    /// The text as it is.
    pub(in crate::emit) fn as_str(&self) -> &str {
        &self.0
    }

    /// The text with the lines after the first indented by `width`; empty lines stay empty.
    pub fn nested(&self, width: usize) -> String {
        let mut nested = String::with_capacity(self.0.len());
        for (at, line) in self.0.split('\n').enumerate() {
            if at > 0 {
                nested.push('\n');
                if !line.is_empty() {
                    nested.extend(std::iter::repeat_n(' ', width));
                }
            }
            nested.push_str(line);
        }
        nested
    }
}

impl From<&Expression> for Fragment {
    fn from(expression: &Expression) -> Self {
        Self(expression.as_str().to_owned())
    }
}

impl From<Prose> for Fragment {
    fn from(prose: Prose) -> Self {
        Self(prose.into_source())
    }
}

impl From<Command> for Fragment {
    fn from(command: Command) -> Self {
        Self(command.into_source())
    }
}

impl AsRef<Self> for Fragment {
    fn as_ref(&self) -> &Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_leaves_the_first_and_empty_lines() {
        let child = Fragment("a {\n\n  b\n}\n".to_owned());
        assert_eq!(child.nested(4), "a {\n\n      b\n    }\n");
    }
}
