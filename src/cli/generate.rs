//! `gatewright generate`.

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use serde_json::{Value, json};

use super::arguments::{Format, Selection};
use super::compiled::{Compiled, Run};
use super::console::harmless;
use super::words::count;
use super::{Console, Verdict};
use crate::diag::render;
use crate::output::{self, Changes, FileTree, Outcome, WriteOptions};

/// Write the Bicep and Terraform files of gateways
///
/// All gateways are checked first: if one of them has an error, or an edited file is in the way, nothing is written for any of
/// them. In the output folder Gatewright changes and removes only files that it wrote and that were not edited
/// since; the manifest `.gatewright.json` lists them and should be committed with them.
#[derive(Debug, Args)]
#[command(
    after_long_help = "Examples:\n  gatewright generate                           gateway.yaml, or all below this folder\n  gatewright generate gateways/team-a.yaml      one file, directly into out\n  gatewright generate gateways --target bicep   every gateway.yaml in gateways, Bicep only\n  gatewright generate --dry-run --out infra     what would change in infra"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    selection: Selection,

    /// List the changes without writing them
    #[arg(long)]
    dry_run: bool,

    /// Overwrite edited files, and other files at the paths of generated ones
    #[arg(long)]
    force: bool,
}

/// The results of the gateways on disk.
#[derive(Default)]
struct Written {
    /// In the order of the run; shorter if the run was stopped.
    outcomes: Vec<anyhow::Result<Outcome>>,
    /// True if the disk was changed, not only compared.
    is_real: bool,
}

pub(super) fn run(arguments: &Arguments, console: &mut Console<'_>) -> anyhow::Result<Verdict> {
    let run = Run::start(&arguments.selection, console)?;
    let written = match run.verdict() {
        Verdict::Yes => write_all(&run, arguments),
        _ => Written::default(),
    };
    let verdict = run.verdict().max(written.verdict());
    let is_text = arguments.selection.format == Format::Text;
    if is_text && arguments.dry_run && verdict == Verdict::Yes {
        console.result(listing(&run, &written))?;
    }
    run.tell(console);
    tell(&run, &written, arguments, console);
    if verdict != Verdict::Yes && !written.is_real {
        console.line("nothing was written");
    }
    if !is_text {
        console.result(document(&run, &written, arguments, verdict))?;
    }
    Ok(verdict)
}

/// Checks all output folders before it changes the first.
fn write_all(run: &Run, arguments: &Arguments) -> Written {
    let options = |dry_run| WriteOptions { force: arguments.force, dry_run };
    let survey = Written {
        outcomes: run.gateways.iter().map(|compiled| write(compiled, options(true))).collect(),
        is_real: false,
    };
    if arguments.dry_run || survey.verdict() != Verdict::Yes {
        return survey;
    }
    let mut written = Written { outcomes: Vec::new(), is_real: true };
    for compiled in &run.gateways {
        written.outcomes.push(write(compiled, options(false)));
        // A problem with one may affect all, such as a full disk.
        if written.verdict() != Verdict::Yes {
            break;
        }
    }
    written
}

fn write(compiled: &Compiled, options: WriteOptions) -> anyhow::Result<Outcome> {
    let tree = compiled.tree.as_ref().expect("generate: nothing is written unless all gateways compile");
    output::write(tree, &compiled.gateway.out, options)
}

impl Written {
    fn verdict(&self) -> Verdict {
        let each = self.outcomes.iter().map(|outcome| match outcome {
            Ok(Outcome::Done(_)) => Verdict::Yes,
            Ok(Outcome::Refused { .. } | Outcome::Taken { .. }) => Verdict::No,
            Err(_) => Verdict::Failed,
        });
        each.max().unwrap_or(Verdict::Yes)
    }

    /// Prints the changes that were made, or would be; of a refused write only the reason.
    fn is_done(&self) -> bool {
        self.is_real || self.verdict() == Verdict::Yes
    }
}

/// Prints each file that would change, for a dry run.
fn listing(run: &Run, written: &Written) -> String {
    let mut lines = String::new();
    for (compiled, outcome) in run.gateways.iter().zip(&written.outcomes) {
        let Ok(Outcome::Done(changes)) = outcome else {
            continue;
        };
        for (word, paths) in [("create", &changes.created), ("change", &changes.changed), ("remove", &changes.removed)]
        {
            for path in paths {
                lines.push_str(&format!("{word} {}\n", compiled.gateway.out.join(path)));
            }
        }
    }
    harmless(&lines)
}

fn tell(run: &Run, written: &Written, arguments: &Arguments, console: &mut Console<'_>) {
    let mut is_contested = false;
    for (compiled, outcome) in run.gateways.iter().zip(&written.outcomes) {
        let out = &compiled.gateway.out;
        match outcome {
            Ok(Outcome::Done(changes)) if written.is_done() => {
                done(out, changes, arguments, console);
            }
            Ok(Outcome::Done(_)) => {}
            Ok(Outcome::Refused { edited, foreign }) => {
                is_contested = true;
                contested(out, edited, "was edited", "were edited", console);
                contested(out, foreign, "was not written by gatewright", "were not written by gatewright", console);
            }
            Ok(Outcome::Taken { by }) => {
                let own = compiled.tree.as_ref().and_then(FileTree::owner).unwrap_or_default();
                console.refuse(format!("{out} contains the output of another gateway, `{by}`; this one is `{own}`"));
                console.help("choose another folder with --out: with this one in its place, the next deployment would remove the other gateway");
                console.help("or use --force, if it is the same gateway under a new name or prefix");
            }
            Err(error) => console.error(error),
        }
    }
    if is_contested {
        console.help(
            "move the edits into the YAML, or move the files away; --force overwrites them, and their contents are lost",
        );
    }
    if written.is_real && written.verdict() != Verdict::Yes && run.gateways.len() > 1 {
        console.note("the gateways before this one were written, those after it were not; run the command again to write the rest");
    }
}

/// `out: 12 files created, 1 changed, 3 unchanged`.
fn done(out: &Utf8Path, changes: &Changes, arguments: &Arguments, console: &mut Console<'_>) {
    let mut parts = Vec::new();
    for (paths, word) in [
        (&changes.created, "created"),
        (&changes.changed, "changed"),
        (&changes.removed, "removed"),
        (&changes.unchanged, "unchanged"),
    ] {
        match (paths.len(), parts.is_empty()) {
            (0, _) => {}
            (number, true) => parts.push(format!("{} {word}", count(number, "file"))),
            (number, false) => parts.push(format!("{number} {word}")),
        }
    }
    if parts.is_empty() {
        parts.push("no files".to_owned());
    }
    let dry = if arguments.dry_run { " (dry run: nothing was written)" } else { "" };
    console.line(format!("{out}: {}{dry}", parts.join(", ")));
    for path in &changes.kept {
        console.note(format!("{} is no longer generated; it is kept because it was edited", out.join(path)));
    }
    if let Some(target) = arguments.selection.target
        && let Some((name, folder)) = target.left_out()
        && changes.removed.iter().any(|path| path.starts_with(folder))
    {
        let word = target.word();
        console.note(format!(
            "the {name} files of an earlier run are removed, because --target {word} does not generate them; --target all keeps both"
        ));
    }
}

fn contested(out: &Utf8Path, paths: &[Utf8PathBuf], one: &str, several: &str, console: &mut Console<'_>) {
    if paths.is_empty() {
        return;
    }
    let verb = if paths.len() == 1 { one } else { several };
    console.refuse(format!("{} in the way {verb}:", count(paths.len(), "file")));
    for path in paths {
        console.line(format!("  {}", out.join(path)));
    }
}

fn document(run: &Run, written: &Written, arguments: &Arguments, verdict: Verdict) -> String {
    let gateways = run.gateways.iter().enumerate().map(|(position, compiled)| {
        let mut object = compiled.json();
        match written.outcomes.get(position) {
            Some(Ok(Outcome::Done(changes))) if written.is_done() => {
                object.insert("changes".into(), json!(changes));
            }
            Some(Ok(Outcome::Refused { edited, foreign })) => {
                let refused = json!({ "edited": edited, "foreign": foreign });
                object.insert("refused".into(), refused);
            }
            Some(Ok(Outcome::Taken { by })) => {
                object.insert("takenBy".into(), by.as_str().into());
            }
            Some(Ok(Outcome::Done(_))) | None => {}
            Some(Err(error)) => {
                object.insert("failure".into(), format!("{error:#}").into());
            }
        }
        Value::Object(object)
    });
    let mut document = run.json(verdict);
    document.insert("dryRun".into(), arguments.dry_run.into());
    let is_written = written.is_real && written.outcomes.iter().any(Result::is_ok);
    document.insert("written".into(), is_written.into());
    document.insert("gateways".into(), gateways.collect());
    render::document(&document.into())
}
