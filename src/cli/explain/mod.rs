//! `gatewright explain`: the meaning of a code, and the path of a request through anything that has a name.

mod codes;
mod page;

use std::fmt::Write;

use anyhow::anyhow;
use camino::Utf8PathBuf;
use clap::Args;
use serde_json::{Value, json};

use super::arguments::{DEFAULT_OUT, Format, path};
use super::{Console, Verdict, find};
use crate::compile::{self, Checked};
use crate::diag::{Code, Severity, closest, render};
use crate::explain::{self, Explanation};

/// Explain a code, or anything in a gateway that has a name
///
/// A code: the meaning of the finding, its consequences and its fix. An API: the steps of a request, with the
/// scope of each step, its destination, and the statuses that callers can receive. A backend, a deployment
/// (`east/gpt-4o`), a pool, a model or a subscription (`openai/first-team`): where it is used, and how.
///
/// An ambiguous name is explained for each meaning; `apis.openai` or `pools.gpt-4o` selects one. Without a WHAT all
/// codes are listed.
#[derive(Debug, Args)]
#[command(
    after_long_help = "Examples:\n  gatewright explain Y006                        the code of error[Y006]\n  gatewright explain openai                      an API of gateway.yaml\n  gatewright explain pools.gpt-4o team/ai.yaml   a pool of another file"
)]
pub(super) struct Arguments {
    /// A code such as Y006, or a name of the gateway file
    what: Option<String>,

    /// The gateway file that defines the name, or a folder to search for `gateway.yaml`
    ///
    /// Without a PATH: the `gateway.yaml` of the current folder. A code needs no file, and is not looked up in one unless a
    /// PATH is given.
    #[arg(value_name = "PATH", value_parser = path())]
    path: Option<Utf8PathBuf>,

    /// Output format: readable text, or one JSON document on standard output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// One gateway, and the meanings of the name in it.
struct Asked {
    path: Utf8PathBuf,
    checked: Checked,
    explanations: Vec<Explanation>,
}

impl Asked {
    fn new(path: Utf8PathBuf, word: &str) -> anyhow::Result<Self> {
        let checked = compile::check(&path)?;
        let explanations = match &checked.plan {
            Some(plan) => {
                let named = explain::all(plan);
                let meant = named.iter().filter(|named| named.is(word));
                meant.map(|named| named.explanation(plan)).collect()
            }
            None => Vec::new(),
        };
        Ok(Self { path, checked, explanations })
    }
}

pub(super) fn run(arguments: &Arguments, console: &mut Console<'_>) -> anyhow::Result<Verdict> {
    let Some(word) = &arguments.what else {
        let all = Code::ALL;
        console.result(match arguments.format {
            Format::Text => codes::list(),
            Format::Json => document(Verdict::Yes, all, &[]),
        })?;
        return Ok(Verdict::Yes);
    };
    let code = codes::find(word);
    let mut gateways = Vec::new();
    if arguments.path.is_some() || code.is_none() {
        let here = find::FILE.into();
        let path = match &arguments.path {
            Some(path) => path,
            None if find::is_here() => &here,
            None => return Err(unknown(word, &[])),
        };
        for found in find::gateways(std::slice::from_ref(path), DEFAULT_OUT.into())? {
            gateways.push(Asked::new(found.path, word)?);
        }
    }
    answer(word, code, &gateways, arguments.format, console)
}

fn answer(
    word: &str,
    code: Option<Code>,
    gateways: &[Asked],
    format: Format,
    console: &mut Console<'_>,
) -> anyhow::Result<Verdict> {
    let is_known = code.is_some() || gateways.iter().any(|asked| !asked.explanations.is_empty());
    let is_readable = gateways.iter().all(|asked| asked.checked.plan.is_some());
    let verdict = if is_readable { Verdict::Yes } else { Verdict::No };
    if format == Format::Json {
        if !is_known && is_readable {
            return Err(unknown(word, gateways));
        }
        let codes: Vec<Code> = code.into_iter().collect();
        console.result(document(verdict, &codes, gateways))?;
        return Ok(verdict);
    }
    for asked in gateways {
        let checked = &asked.checked;
        // Warnings are for `check`: here they would stand before the answer each time.
        if checked.report.has_errors() {
            console.say(render::text(&checked.report, &checked.sources, true));
        }
    }
    if !is_known && is_readable {
        return Err(unknown(word, gateways));
    }
    let mut pages: Vec<String> = code.map(codes::explanation).into_iter().collect();
    for asked in gateways {
        for explanation in &asked.explanations {
            let mut page = String::new();
            if gateways.len() > 1 {
                let _ = writeln!(page, "{}\n", super::console::harmless(asked.path.as_str()));
            }
            page.push_str(&page::text(explanation));
            pages.push(page);
        }
    }
    console.result(pages.join("\n"))?;
    if !is_readable {
        console.help("names can be explained after the errors above are fixed; codes can always be explained");
    }
    Ok(verdict)
}

/// The message for an unknown name, with a suggestion.
fn unknown(word: &str, gateways: &[Asked]) -> anyhow::Error {
    let plans = gateways.iter().filter_map(|asked| asked.checked.plan.as_ref());
    let named: Vec<_> = plans.flat_map(explain::all).collect();
    let names = named.iter().flat_map(|named| [named.name(), &named.path]);
    let codes = Code::ALL.iter().map(|code| code.id());
    let near = match closest(word, codes.chain(names)) {
        Some(near) => format!("; did you mean `{near}`?"),
        None => ";".to_owned(),
    };
    match gateways {
        [] => anyhow!(
            "unknown code `{word}`, and the current folder has no `gateway.yaml` that could define this name{near} `gatewright explain` lists all codes"
        ),
        [only] => anyhow!(
            "unknown code `{word}`, and `{}` defines no such name{near} APIs, backends, pools, models and subscriptions have names",
            only.path
        ),
        _ => anyhow!(
            "unknown code `{word}`, and none of the {} gateways defines this name{near} APIs, backends, pools, models and subscriptions have names",
            gateways.len()
        ),
    }
}

/// The JSON output.
fn document(verdict: Verdict, codes: &[Code], gateways: &[Asked]) -> String {
    let count = |severity: Severity| -> usize {
        let reports = gateways.iter().map(|asked| &asked.checked.report);
        reports.map(|report| report.count(severity)).sum()
    };
    let each = gateways.iter().map(|asked| {
        json!({
            "path": asked.path,
            "findings": render::findings(&asked.checked.report, &asked.checked.sources),
            "explanations": asked.explanations,
        })
    });
    render::document(&json!({
        "ok": verdict == Verdict::Yes,
        "errors": count(Severity::Error),
        "warnings": count(Severity::Warning),
        "codes": codes.iter().copied().map(codes::json).collect::<Value>(),
        "gateways": each.collect::<Value>(),
    }))
}
