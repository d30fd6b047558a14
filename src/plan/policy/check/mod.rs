//! Statements against the catalogue: attributes, values, children, and where a policy may stand.

use super::document::{Named, Violation};
use super::statement::{Inner, Statement};
use super::text::Text;
use crate::plan::catalogue::{
    self, Attribute, Child, Content, Element, Expressions, FIXED_HEADERS, ID, Kind, Rule, Scope,
    Section,
};
use crate::plan::sku::Tier;

pub(super) struct Checked {
    pub(super) violations: Vec<Violation>,
    pub(super) references: Vec<Named>,
}

/// Checks all sections of a document.
pub(super) fn document(
    scope: Scope,
    tier: Option<Tier>,
    sections: &[(Section, Vec<Statement>)],
) -> Checked {
    let mut check = Check {
        scope,
        tier,
        section: Section::Inbound,
        path: Vec::new(),
        violations: Vec::new(),
        references: Vec::new(),
    };
    for ((section, statements), wanted) in sections.iter().zip(Section::ALL) {
        check.section = *section;
        check.path = vec![section.name()];
        if *section != wanted {
            check.says(format!("`{wanted}` stands here in a document"));
        }
        check.section(statements);
    }
    Checked {
        violations: check.violations,
        references: check.references,
    }
}

struct Check {
    scope: Scope,
    tier: Option<Tier>,
    section: Section,
    path: Vec<&'static str>,
    violations: Vec<Violation>,
    references: Vec<Named>,
}

impl Check {
    fn says(&mut self, says: String) {
        self.violations.push(Violation {
            at: self.path.join("/"),
            says,
        });
    }

    fn section(&mut self, statements: &[Statement]) {
        // Reference apim-policies §1.4: one direct child only.
        if self.section == Section::Backend && statements.len() != 1 {
            self.says(format!(
                "`backend` holds one element, not {}",
                statements.len()
            ));
        }
        let mut counts = std::collections::BTreeMap::new();
        count(statements, &mut counts);
        for (name, times) in counts {
            let once = catalogue::policy(name).is_some_and(|policy| policy.is_once_per_section);
            if once && times > 1 {
                self.says(format!(
                    "`{name}` may stand in a section once, not {times} times"
                ));
            }
        }
        let mut only_base_before = true;
        for statement in statements {
            let must_be_first =
                catalogue::policy(statement.name).is_some_and(|policy| policy.is_first);
            if must_be_first && !only_base_before {
                self.says(format!("only `base` may stand before `{}`", statement.name));
            }
            only_base_before &= statement.name == "base";
            self.policy(statement);
        }
    }

    /// A statement where policies stand.
    fn policy(&mut self, statement: &Statement) {
        let Some(policy) = catalogue::policy(statement.name) else {
            self.says(format!("`{}` is not a policy", statement.name));
            return;
        };
        self.path.push(statement.name);
        if !policy.sections.contains(&self.section) {
            self.says(format!("not allowed in `{}`", self.section));
        }
        let in_scope = match self.scope {
            Scope::Fragment => policy.in_fragments,
            scope => policy.scopes.contains(&scope),
        };
        if !in_scope {
            self.says(format!("not allowed at the scope {}", self.scope));
        }
        if self.tier.is_some_and(|tier| !policy.gateways.runs_on(tier)) {
            self.says("not on this tier".to_owned());
        }
        self.element(policy.element, statement, statement.name != "base");
        self.path.pop();
    }

    /// An element whose path is set.
    fn element(&mut self, element: &'static Element, statement: &Statement, takes_id: bool) {
        for (at, (name, text)) in statement.attributes.iter().enumerate() {
            let known = element.attributes.iter().find(|known| known.name == *name);
            match known.or((takes_id && *name == ID.name).then_some(&ID)) {
                Some(attribute) => self.attribute(attribute, text),
                None => self.says(format!("there is no attribute `{name}`")),
            }
            if statement.attributes[..at]
                .iter()
                .any(|(other, _)| other == name)
            {
                self.says(format!("the attribute `{name}` stands twice"));
            }
        }
        for attribute in element.attributes.iter().filter(|known| known.is_required) {
            if statement.attribute(attribute.name).is_none() {
                self.says(format!("the attribute `{}` is missing", attribute.name));
            }
        }
        for rule in element.rules {
            self.rule(rule, statement);
        }
        self.content(&element.content, statement);
    }

    fn attribute(&mut self, attribute: &Attribute, text: &Text) {
        let name = attribute.name;
        match text {
            Text::Literal(literal) => {
                if let Err(wanted) = literal_fits(attribute.kind, literal.as_str()) {
                    self.says(format!(
                        "`{name}` must be {wanted}, not `{}`",
                        literal.as_str()
                    ));
                }
                if let Kind::Refers(resource) = attribute.kind {
                    let named = literal.as_str().to_owned();
                    self.references.push(Named::Resource(resource, named));
                }
            }
            Text::NamedValue(value) => {
                if !attribute.named_values {
                    self.says(format!("`{name}` takes no named value"));
                }
                self.references.push(Named::NamedValue(value.to_string()));
            }
            Text::Expr(_) => {
                if attribute.expressions != Expressions::Yes {
                    self.says(format!("`{name}` takes no expression"));
                }
            }
        }
    }

    fn rule(&mut self, rule: &Rule, statement: &Statement) {
        let has = |name: &&str| statement.attribute(name).is_some();
        let has_child = |name: &&str| statement.children().iter().any(|child| child.name == *name);
        let is = |name: &str, values: &[&str]| {
            let value = statement.attribute(name).and_then(Text::as_literal);
            value.is_some_and(|value| values.contains(&value))
        };
        let count = |names: &[&str]| names.iter().filter(|name| has(name)).count();
        let list = |names: &[&str]| names.join("`, `");
        let broken = match rule {
            Rule::ExactlyOne(names) if count(names) != 1 => {
                format!("exactly one of `{}` is needed", list(names))
            }
            Rule::AtMostOne(names) if count(names) > 1 => {
                format!("only one of `{}` may be given", list(names))
            }
            Rule::AtLeastOne(names) if count(names) == 0 => {
                format!("one of `{}` is needed", list(names))
            }
            Rule::Together(names) if !matches!(count(names), 0) && count(names) < names.len() => {
                format!("`{}` belong together", list(names))
            }
            Rule::Needs(first, second) if has(first) && !has(second) => {
                format!("`{first}` needs `{second}`")
            }
            Rule::AnyChild(names) if !names.iter().any(has_child) => {
                format!("one of the elements `{}` is needed", list(names))
            }
            Rule::OneChildAtMost(names) => {
                if names.iter().filter(|name| has_child(name)).count() <= 1 {
                    return;
                }
                format!("only one of the elements `{}` may be given", list(names))
            }
            Rule::AttributeUnless(name, other, values) if !has(name) && !is(other, values) => {
                format!("the attribute `{name}` is missing")
            }
            Rule::ChildUnless(name, other, values) if !has_child(name) && !is(other, values) => {
                format!("the element `{name}` is missing")
            }
            Rule::Never(pairs) if pairs.iter().all(|(name, value)| is(name, &[value])) => {
                let pairs: Vec<_> = pairs.iter().map(|(a, b)| format!("{a}=\"{b}\"")).collect();
                format!("`{}` is refused", pairs.join(" "))
            }
            _ => return,
        };
        self.says(broken);
    }

    fn content(&mut self, content: &Content, statement: &Statement) {
        match (content, &statement.inner) {
            (Content::Empty, Inner::Empty) => {}
            (Content::Empty, _) => self.says("nothing may stand inside".to_owned()),
            (Content::Text { is_required, .. }, Inner::Empty) => {
                if *is_required {
                    self.says("text is needed inside".to_owned());
                }
            }
            (Content::Text { expressions, .. }, Inner::Text(text)) => {
                if matches!(text, Text::Expr(_)) && *expressions != Expressions::Yes {
                    self.says("no expression may stand inside".to_owned());
                }
                if let Text::NamedValue(value) = text {
                    self.references.push(Named::NamedValue(value.to_string()));
                }
            }
            (Content::Text { .. }, Inner::Statements(_)) | (_, Inner::Text(_)) => {
                self.says("text and elements do not belong together here".to_owned());
            }
            (Content::Children(wanted), _) => self.children(wanted, statement.children()),
            (Content::Statements, _) => {
                if statement.children().is_empty() {
                    self.says("at least one policy is needed inside".to_owned());
                }
                for child in statement.children() {
                    self.policy(child);
                }
            }
            (Content::Only(names), _) => {
                for child in statement.children() {
                    if names.contains(&child.name) {
                        self.policy(child);
                    } else {
                        self.says(format!("`{}` may not stand inside", child.name));
                    }
                }
            }
        }
    }

    fn children(&mut self, wanted: &'static [Child], children: &[Statement]) {
        let mut last = 0;
        for child in children {
            let Some(at) = wanted.iter().position(|one| one.element.name == child.name) else {
                self.says(format!("`{}` may not stand inside", child.name));
                continue;
            };
            if at < last {
                self.says(format!("`{}` stands too late", child.name));
            }
            last = last.max(at);
            self.path.push(child.name);
            // Elements that are policies elsewhere take an id there only.
            self.element(wanted[at].element, child, false);
            self.path.pop();
        }
        for one in wanted {
            let name = one.element.name;
            let times = children.iter().filter(|child| child.name == name).count();
            if times < one.min {
                self.says(format!("the element `{name}` is missing"));
            }
            if times > one.max {
                self.says(format!(
                    "`{name}` may stand here {} times, not {times}",
                    one.max
                ));
            }
        }
    }
}

fn count(statements: &[Statement], counts: &mut std::collections::BTreeMap<&'static str, usize>) {
    for statement in statements {
        *counts.entry(statement.name).or_default() += 1;
        count(statement.children(), counts);
    }
}

/// Whether a literal has the form of a kind; what it must be, if not.
fn literal_fits(kind: Kind, text: &str) -> Result<(), String> {
    let fits = |is_right: bool, wanted: &str| {
        if is_right {
            Ok(())
        } else {
            Err(wanted.to_owned())
        }
    };
    match kind {
        Kind::Text | Kind::Refers(_) => fits(!text.is_empty(), "a text"),
        Kind::Flag | Kind::Condition => fits(matches!(text, "true" | "false"), "true or false"),
        Kind::Words(words) => fits(
            words.contains(&text),
            &format!("one of {}", words.join(", ")),
        ),
        Kind::Integer(ranges) => {
            let number = text.parse::<u64>();
            let is_inside = number.is_ok_and(|number| {
                ranges
                    .iter()
                    .any(|(from, to)| (*from..=*to).contains(&number))
            });
            fits(is_inside, "a whole number in its range")
        }
        Kind::Decimal(from, to) => {
            let number = text.parse::<f64>();
            let is_inside = number.is_ok_and(|number| (from..=to).contains(&number));
            fits(is_inside, &format!("a number from {from} to {to}"))
        }
        Kind::Header => {
            let is_token = !text.is_empty()
                && text
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+.^_`|~-".contains(c));
            let is_fixed = FIXED_HEADERS
                .iter()
                .any(|fixed| fixed.eq_ignore_ascii_case(text));
            fits(is_token && !is_fixed, "a header that policies can change")
        }
        Kind::Timestamp => {
            let shape = "0000-00-00T00:00:00Z";
            let is_shaped = text.len() == shape.len()
                && text
                    .chars()
                    .zip(shape.chars())
                    .all(|(c, wanted)| c == wanted || (wanted == '0' && c.is_ascii_digit()));
            fits(is_shaped, "a time like 2026-01-31T00:00:00Z")
        }
    }
}

#[cfg(test)]
mod tests;
