//! The check of one element against the catalogue: attributes, rules, content. Its position is checked in `place`.

use std::collections::BTreeMap;

use super::csharp::CsType;
use super::draft::UncheckedElement;
use super::text::Text;
use super::violation::{Violation, ViolationKind};
use super::{Content, Element};
use crate::catalogue::{self, Attribute, Child, Expressions, FIXED_HEADERS, Kind, Policy, Rule};

/// The violations found so far.
pub(super) type Violations = Vec<Violation>;

/// A policy, with its attributes and children in order. Good only if nothing was found; `None` if there is no such policy.
pub(super) fn statement(draft: UncheckedElement, at: &str, found: &mut Violations) -> Option<Element> {
    let Some(policy) = catalogue::policy(draft.name) else {
        report(found, at, ViolationKind::Unknown);
        return None;
    };
    Some(element(draft, policy.element, Some(policy), at, found))
}

/// The path of each child of an element; namesakes get numbers.
pub(super) fn paths(parent: &str, names: &[&str]) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let path = |name| {
        let count = counts.entry(name).or_default();
        *count += 1;
        match *count {
            1 => format!("{parent}/{name}"),
            number => format!("{parent}/{name}[{number}]"),
        }
    };
    names.iter().copied().map(path).collect()
}

fn report(found: &mut Violations, at: &str, fault: ViolationKind) {
    found.push(Violation { at: at.to_owned(), fault });
}

fn element(
    draft: UncheckedElement,
    element: &'static catalogue::Element,
    policy: Option<&'static Policy>,
    at: &str,
    found: &mut Violations,
) -> Element {
    let takes_id = policy.is_some_and(|policy| policy.name() != "base");
    let own = takes_id.then_some(&catalogue::ID).into_iter();
    let known: Vec<&'static Attribute> = own.chain(element.attributes).collect();
    let attributes = attributes(draft.attributes, &known, at, found);
    for rule in element.rules {
        if let Some(broken) = broken(rule, &attributes, &draft.children) {
            report(found, at, ViolationKind::Rule(broken));
        }
    }
    let content = content(draft.text, draft.children, &element.content, at, found);
    Element {
        name: element.name,
        policy,
        attributes,
        content,
        why: draft.why,
        is_included: draft.origin.is_some(),
        bounds: draft.bounds,
    }
}

/// The attributes in the order of the catalogue.
fn attributes(
    given: Vec<(&'static str, Text)>,
    known: &[&'static Attribute],
    at: &str,
    found: &mut Violations,
) -> Vec<(&'static Attribute, Text)> {
    let mut sorted = Vec::with_capacity(given.len());
    for (name, value) in given {
        let Some(position) = known.iter().position(|attribute| attribute.name == name) else {
            report(found, at, ViolationKind::UnknownAttribute(name));
            continue;
        };
        if sorted.iter().any(|(other, _)| *other == position) {
            report(found, at, ViolationKind::DoubleAttribute(name));
        }
        if let Some(fault) = wrong(known[position], &value) {
            report(found, at, fault);
        }
        sorted.push((position, value));
    }
    for (position, attribute) in known.iter().enumerate() {
        if attribute.is_required && !sorted.iter().any(|(other, _)| *other == position) {
            report(found, at, ViolationKind::NoAttribute(attribute.name));
        }
    }
    sorted.sort_by_key(|(position, _)| *position);
    sorted.into_iter().map(|(position, value)| (known[position], value)).collect()
}

fn wrong(attribute: &Attribute, value: &Text) -> Option<ViolationKind> {
    let name = attribute.name;
    match value {
        Text::Literal(text) => mismatch(attribute.kind, text.as_str()).map(|wanted| ViolationKind::Value(name, wanted)),
        // Where the pages are silent, no problem is reported, and the code is not read.
        Text::Custom(words) if words.is_code() => {
            (attribute.expressions == Expressions::No).then_some(ViolationKind::Expression(Some(name)))
        }
        Text::Custom(words) if words.named_values().next().is_some() => {
            (!attribute.named_values).then_some(ViolationKind::NamedValue(name))
        }
        Text::Custom(words) => mismatch(attribute.kind, words.value()).map(|wanted| ViolationKind::Value(name, wanted)),
        Text::NamedValue(_) | Text::Expr(_) if matches!(attribute.kind, Kind::Refers(_)) => {
            Some(ViolationKind::Hidden(name))
        }
        Text::NamedValue(_) => (!attribute.named_values).then_some(ViolationKind::NamedValue(name)),
        Text::Expr(_) if attribute.expressions != Expressions::Yes => Some(ViolationKind::Expression(Some(name))),
        Text::Expr(expr) => {
            let fits = match attribute.kind {
                Kind::Boolean | Kind::Condition => expr.kind() == CsType::Test,
                // What becomes text may be a number: variables hold both.
                Kind::Text | Kind::Anything => matches!(expr.kind(), CsType::Text | CsType::Number),
                Kind::Words(_) | Kind::Header | Kind::Timestamp => expr.kind() == CsType::Text,
                Kind::Integer(_) | Kind::Decimal(..) => expr.kind() == CsType::Number,
                Kind::Refers(_) => false,
            };
            (!fits).then_some(ViolationKind::Type(name))
        }
    }
}

/// The literal value of a text, if it is one.
pub(super) fn plain(text: &Text) -> Option<&str> {
    match text {
        Text::Literal(text) => Some(text.as_str()),
        Text::Custom(words) => (!words.is_code()).then(|| words.value()),
        Text::NamedValue(_) | Text::Expr(_) => None,
    }
}

/// The rule for literals that this one breaks, if any.
fn mismatch(kind: Kind, text: &str) -> Option<String> {
    let (fits, wanted) = match kind {
        Kind::Anything => return None,
        Kind::Text | Kind::Refers(_) => (!text.trim().is_empty(), "a text".to_owned()),
        Kind::Boolean | Kind::Condition => (matches!(text, "true" | "false"), "`true` or `false`".to_owned()),
        Kind::Integer(ranges) => {
            let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
            let number = text.parse::<u64>().ok().filter(|_| is_plain);
            let fits =
                number.is_some_and(|number| ranges.iter().any(|&(least, most)| (least..=most).contains(&number)));
            let ranges = ranges.iter().map(|&(least, most)| match most {
                u64::MAX => format!("{least} or more"),
                most if least == most => least.to_string(),
                most => format!("{least} to {most}"),
            });
            (fits, format!("an integer ({})", ranges.collect::<Vec<_>>().join(", ")))
        }
        Kind::Decimal(least, most) => {
            let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
            let number = text.parse::<f64>().ok().filter(|_| is_plain);
            let fits = number.is_some_and(|number| (least..=most).contains(&number));
            (fits, "a decimal number in the allowed range".to_owned())
        }
        Kind::Words(words) => (words.contains(&text), format!("one of {}", quoted(words))),
        Kind::Header => {
            let is_token = !text.is_empty()
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+.^_`|~-".contains(&byte));
            let is_fixed = FIXED_HEADERS.iter().any(|fixed| fixed.eq_ignore_ascii_case(text));
            (is_token && !is_fixed, "a header that policies can change".to_owned())
        }
        Kind::Timestamp => (is_timestamp(text), "a time like `2026-01-31T00:00:00Z`".to_owned()),
    };
    (!fits).then_some(wanted)
}

fn is_timestamp(text: &str) -> bool {
    let shape = b"0000-00-00T00:00:00Z";
    text.len() == shape.len()
        && text.bytes().zip(shape).all(|(byte, &shape)| match shape {
            b'0' => byte.is_ascii_digit(),
            shape => byte == shape,
        })
}

fn quoted(words: &[&str]) -> String {
    let words: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    words.join(", ")
}

/// The requirement of a rule, if it is broken.
fn broken(rule: &Rule, attributes: &[(&'static Attribute, Text)], children: &[UncheckedElement]) -> Option<String> {
    let value = |name: &str| attributes.iter().find(|(attribute, _)| attribute.name == name).map(|(_, value)| value);
    let has = |name: &str| value(name).is_some();
    let is = |name: &str, word: &str| value(name).and_then(plain).is_some_and(|text| text.eq_ignore_ascii_case(word));
    let count = |names: &[&str]| names.iter().filter(|name| has(name)).count();
    let inside = |name: &str| children.iter().any(|child| child.name == name);
    let (holds, demand) = match rule {
        Rule::ExactlyOne(names) => (count(names) == 1, format!("exactly one of {}", quoted(names))),
        Rule::AtMostOne(names) => (count(names) <= 1, format!("at most one of {}", quoted(names))),
        Rule::AtLeastOne(names) => (count(names) >= 1, format!("at least one of {}", quoted(names))),
        Rule::Together(names) => {
            (matches!(count(names), 0) || count(names) == names.len(), format!("all of {} or none", quoted(names)))
        }
        Rule::Needs(name, other) => (!has(name) || has(other), format!("`{name}` only with `{other}`")),
        Rule::AnyChild(names) => {
            (names.iter().any(|name| inside(name)), format!("at least one element of {}", quoted(names)))
        }
        Rule::OneChildAtMost(names) => {
            (names.iter().filter(|name| inside(name)).count() <= 1, format!("at most one element of {}", quoted(names)))
        }
        Rule::ChildrenWith(most, name) => {
            let with = |child: &&UncheckedElement| child.attributes.iter().any(|(attribute, _)| attribute == name);
            (children.iter().filter(with).count() <= *most, format!("at most {most} elements with `{name}`"))
        }
        Rule::AttributeUnless(name, other, words) => (
            has(name) || words.iter().any(|word| is(other, word)),
            format!("`{name}`, unless `{other}` is one of {}", quoted(words)),
        ),
        Rule::ChildUnless(name, other, words) => (
            inside(name) || words.iter().any(|word| is(other, word)),
            format!("an element `{name}`, unless `{other}` is one of {}", quoted(words)),
        ),
        Rule::Never(pairs) => {
            let all: Vec<_> = pairs.iter().map(|(name, word)| format!("{name}=\"{word}\"")).collect();
            (!pairs.iter().all(|(name, word)| is(name, word)), format!("never `{}`", all.join(" ")))
        }
    };
    (!holds).then_some(demand)
}

fn content(
    text: Option<Text>,
    children: Vec<UncheckedElement>,
    allowed: &'static catalogue::Content,
    at: &str,
    found: &mut Violations,
) -> Content {
    if let catalogue::Content::Text { is_required, expressions } = allowed {
        if !children.is_empty() {
            report(found, at, ViolationKind::Children);
        }
        let is_empty = text.as_ref().is_none_or(|text| plain(text).is_some_and(str::is_empty));
        if *is_required && is_empty {
            report(found, at, ViolationKind::Text);
        }
        let is_refused = match &text {
            Some(Text::Expr(_)) => *expressions != Expressions::Yes,
            Some(Text::Custom(words)) => words.is_code() && *expressions == Expressions::No,
            Some(Text::Literal(_) | Text::NamedValue(_)) | None => false,
        };
        if is_refused {
            report(found, at, ViolationKind::Expression(None));
        }
        return match text {
            Some(text) if !is_empty => Content::Text(text),
            _ => Content::Empty,
        };
    }
    if text.is_some() {
        report(found, at, ViolationKind::Text);
    }
    let names: Vec<&str> = children.iter().map(|child| child.name).collect();
    let paths = paths(at, &names);
    let children = children.into_iter().zip(paths);
    let elements: Vec<Element> = match allowed {
        catalogue::Content::Empty | catalogue::Content::Text { .. } => {
            if children.len() > 0 {
                report(found, at, ViolationKind::Children);
            }
            Vec::new()
        }
        catalogue::Content::Children(known) => parts(children, known, at, found),
        catalogue::Content::Statements => children.filter_map(|(child, at)| statement(child, &at, found)).collect(),
        catalogue::Content::Only(names) => children
            .filter_map(|(child, at)| {
                if !names.contains(&child.name) {
                    report(found, &at, ViolationKind::Unknown);
                    return None;
                }
                statement(child, &at, found)
            })
            .collect(),
    };
    if elements.is_empty() { Content::Empty } else { Content::Elements(elements) }
}

/// Elements of the policy's own, in the order of the catalogue.
fn parts(
    children: impl Iterator<Item = (UncheckedElement, String)>,
    known: &'static [Child],
    at: &str,
    found: &mut Violations,
) -> Vec<Element> {
    let mut sorted = Vec::new();
    for (child, at) in children {
        match known.iter().position(|known| known.element.name == child.name) {
            Some(position) => {
                sorted.push((position, element(child, known[position].element, None, &at, found)));
            }
            None => report(found, &at, ViolationKind::Unknown),
        }
    }
    for (position, known) in known.iter().enumerate() {
        let count = sorted.iter().filter(|(other, _)| *other == position).count();
        if !(known.min..=known.max).contains(&count) {
            report(found, at, ViolationKind::Count(known.element.name, count));
        }
    }
    sorted.sort_by_key(|(position, _)| *position);
    sorted.into_iter().map(|(_, element)| element).collect()
}
