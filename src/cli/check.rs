//! `gatewright check`.

use camino::Utf8PathBuf;
use clap::Args;
use serde_json::{Value, json};

use super::arguments::{DEFAULT_OUT, Format, Selection};
use super::compiled::{Compiled, Run};
use super::console::harmless;
use super::words::{count, quoted};
use super::{Console, Verdict, find};
use crate::diag::render;
use crate::output::{self, Drift, Outcome, WriteOptions};

/// Check that the output folder is up to date
///
/// Compiles like `generate`, writes nothing, and compares with the output folder: files that are missing, changed (with a
/// short diff: `-` on disk, `+` generated) or orphaned, and the command that fixes them. The exit code is 1 if
/// there is any such file, or the output contains a gateway whose gateway file no longer exists. Designed for CI.
#[derive(Debug, Args)]
#[command(
    after_long_help = "Examples:\n  gatewright check                            compare out with gateway.yaml\n  gatewright check gateways --deny-warnings   all gateways of a repository, in CI"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    selection: Selection,
}

/// The drift of a gateway's folder; `None` if there are errors in the YAML.
type Compared = Option<anyhow::Result<Vec<Drift>>>;

pub(super) fn run(arguments: &Arguments, console: &mut Console<'_>) -> anyhow::Result<Verdict> {
    let selection = &arguments.selection;
    let run = Run::start(selection, console)?;
    let compared: Vec<_> = run.gateways.iter().map(compare).collect();
    let written = run.gateways.iter().map(|compiled| compiled.gateway.out.as_path());
    let abandoned = find::abandoned(&selection.paths, &selection.out, written);
    let at_least = if abandoned.is_empty() { run.verdict() } else { run.verdict().max(Verdict::No) };
    let verdict = compared.iter().map(verdict).fold(at_least, Verdict::max);
    let fix = fix(&run, &compared, selection);
    if selection.format == Format::Text {
        console.result(listing(&run, &compared, fix.as_ref()))?;
    }
    tell(&run, &compared, console);
    for folder in &abandoned {
        console.refuse(format!("{folder} contains a gateway whose gateway file no longer exists"));
        console.help("delete the folder once its resources are no longer deployed");
    }
    if selection.format == Format::Json {
        console.result(document(&run, &compared, verdict, fix.as_ref(), &abandoned))?;
    }
    Ok(verdict)
}

fn compare(compiled: &Compiled) -> Compared {
    let tree = compiled.tree.as_ref()?;
    Some(output::drift(tree, &compiled.gateway.out))
}

fn verdict(compared: &Compared) -> Verdict {
    match compared {
        Some(Err(_)) => Verdict::Failed,
        Some(Ok(drifts)) if !drifts.is_empty() => Verdict::No,
        Some(Ok(_)) | None => Verdict::Yes,
    }
}

fn drifts(compared: &Compared) -> &[Drift] {
    match compared {
        Some(Ok(drifts)) => drifts,
        _ => &[],
    }
}

/// The command that brings the folders up to date.
struct Fix {
    command: String,
    /// True if it overwrites edited files.
    is_forced: bool,
}

/// The command that fixes the drift, if there is one.
fn fix(run: &Run, compared: &[Compared], selection: &Selection) -> Option<Fix> {
    if compared.iter().all(|compared| drifts(compared).is_empty()) {
        return None;
    }
    let survey = WriteOptions { force: false, dry_run: true };
    let is_forced = run.gateways.iter().any(|compiled| {
        let Some(tree) = &compiled.tree else {
            return false;
        };
        let outcome = output::write(tree, &compiled.gateway.out, survey);
        matches!(outcome, Ok(Outcome::Refused { .. }))
    });
    Some(Fix { command: command(selection, is_forced), is_forced })
}

fn command(selection: &Selection, is_forced: bool) -> String {
    let mut words = vec!["gatewright", "generate"];
    if let Some(target) = selection.target {
        words.extend(["--target", target.word()]);
    }
    let out = format!("--out={}", selection.out);
    if selection.out != DEFAULT_OUT {
        // As one word: the folder's name may start with a dash.
        words.push(&out);
    }
    if is_forced {
        words.push("--force");
    }
    if selection.paths.iter().any(|path| path.as_str().starts_with('-')) {
        words.push("--");
    }
    words.extend(selection.paths.iter().map(|path| path.as_str()));
    let words: Vec<_> = words.into_iter().map(quoted).collect();
    words.join(" ")
}

fn listing(run: &Run, compared: &[Compared], fix: Option<&Fix>) -> String {
    let mut text = String::new();
    for (compiled, compared) in run.gateways.iter().zip(compared) {
        for drift in drifts(compared) {
            let drift = Drift { path: compiled.gateway.out.join(&drift.path), ..drift.clone() };
            text.push_str(&format!("{drift}\n"));
        }
    }
    if let Some(fix) = fix {
        let first = match run.verdict() {
            Verdict::Yes => "",
            _ => ", after fixing the findings above",
        };
        let loss = if fix.is_forced { " (edits in generated files are lost)" } else { "" };
        let command = &fix.command;
        text.push_str(&format!("\nto fix it{first}{loss}:\n    {command}\n"));
    }
    harmless(&text)
}

fn tell(run: &Run, compared: &[Compared], console: &mut Console<'_>) {
    run.tell(console);
    for (compiled, compared) in run.gateways.iter().zip(compared) {
        let out = &compiled.gateway.out;
        match compared {
            None => {}
            Some(Ok(drifts)) if drifts.is_empty() => console.line(format!("{out}: up to date")),
            Some(Ok(drifts)) => {
                let verb = if drifts.len() == 1 { "differs" } else { "differ" };
                let files = count(drifts.len(), "file");
                console.line(format!("{out}: {files} {verb} from what would be generated"));
            }
            Some(Err(error)) => console.error(error),
        }
    }
}

fn document(
    run: &Run,
    compared: &[Compared],
    verdict: Verdict,
    fix: Option<&Fix>,
    abandoned: &[Utf8PathBuf],
) -> String {
    let gateways = run.gateways.iter().zip(compared).map(|(compiled, compared)| {
        let mut object = compiled.json();
        match compared {
            None => {}
            Some(Ok(drifts)) => {
                object.insert("drift".into(), json!(drifts));
            }
            Some(Err(error)) => {
                object.insert("failure".into(), format!("{error:#}").into());
            }
        }
        Value::Object(object)
    });
    let mut document = run.json(verdict);
    document.insert("fix".into(), fix.map(|fix| fix.command.as_str()).into());
    document.insert("abandoned".into(), json!(abandoned));
    document.insert("gateways".into(), gateways.collect());
    render::document(&document.into())
}
