//! An explanation as a page of text: facts in a column, numbered steps, all within 100 columns.

use std::fmt::Write;

use clap::builder::styling::Style;

use crate::cli::console::harmless;
use crate::cli::words::wrapped;
use crate::explain::{Explanation, Item, Origin};

/// Width of a page in columns.
const WIDTH: usize = 100;

/// The page, with styles.
pub(super) fn text(explanation: &Explanation) -> String {
    let bold = Style::new().bold();
    let mut out = String::new();
    let head = format!("{}: {}", explanation.name, explanation.title);
    let _ = writeln!(out, "{bold}{}{bold:#}", harmless(&wrapped(&head, WIDTH)));
    if !explanation.facts.is_empty() {
        out.push('\n');
    }
    let widest = explanation.facts.iter().map(|fact| fact.name.len()).max();
    let column = widest.unwrap_or(0) + 4;
    for fact in &explanation.facts {
        let label = format!("  {}", fact.name);
        put(&mut out, &label, column, &fact.value);
    }
    let is_stepwise = |items: &[Item]| items.iter().any(|item| item.from.is_some());
    if explanation.parts.iter().any(|part| is_stepwise(&part.items)) {
        out.push('\n');
        let is_custom = |item: &Item| item.from == Some(Origin::Custom);
        let mut parts = explanation.parts.iter();
        let custom = match parts.any(|part| part.items.iter().any(is_custom)) {
            true => format!("; {}: a custom policy that it includes", Origin::Custom.word()),
            false => String::new(),
        };
        let origins = format!(
            "Sources of the steps: {}: API Management itself; {}: policies of outer scopes; {}: the generated policy of this API{custom}. The policy of a step is in brackets.",
            Origin::Platform.word(),
            Origin::Base.word(),
            Origin::Api.word()
        );
        put(&mut out, "", 0, &origins);
    }
    let origins = explanation.parts.iter().flat_map(|part| &part.items).filter_map(|item| item.from);
    let widest = origins.map(|origin| origin.word().len()).max().unwrap_or(0);
    let mut step = 0;
    for part in &explanation.parts {
        let _ = writeln!(out, "\n{bold}{}{bold:#}", harmless(&wrapped(&part.title, WIDTH)));
        for item in &part.items {
            match item.from {
                Some(origin) => {
                    step += 1;
                    let label = format!("{step:>4}  {:<widest$}", origin.word());
                    self::item(&mut out, item, &label, widest + 8);
                }
                None => self::item(&mut out, item, "  -", 4),
            }
        }
    }
    out
}

fn item(out: &mut String, item: &Item, label: &str, column: usize) {
    let colon = if item.items.is_empty() || item.text.ends_with(':') { "" } else { ":" };
    let policies = match item.policies.as_slice() {
        [] => String::new(),
        policies => format!(" [{}]", policies.join(" > ")),
    };
    put(out, label, column, &format!("{}{policies}{colon}", item.text));
    for inner in &item.items {
        let label = format!("{}-", " ".repeat(column));
        self::item(out, inner, &label, column + 2);
    }
}

/// A text after a label, with its further lines aligned to the first.
fn put(out: &mut String, label: &str, column: usize, text: &str) {
    let text = harmless(&wrapped(text.trim_start(), WIDTH - column));
    for (at, line) in text.lines().enumerate() {
        let label = if at == 0 { label } else { "" };
        let _ = writeln!(out, "{}", format!("{label:<column$}{line}").trim_end());
    }
}
