//! `generate`: everything or nothing is written.

use serde_json::{Value, json};

use super::run::{self, Made, Run, counted};
use super::{Exit, GenerateArguments, Streams};
use crate::emit::text;
use crate::output::{self, Changes, Outcome, WriteOptions};

pub(super) fn generate(
    arguments: &GenerateArguments,
    streams: &mut Streams<'_>,
) -> anyhow::Result<Exit> {
    let input = &arguments.input;
    let run = Run::new(input)?;
    let is_json = input.format.is_json();
    if !is_json {
        run.show(streams)?;
    }
    let made = run.trees(input);
    let outcomes = if run.is_refused() {
        Vec::new()
    } else {
        write_all(&made, arguments)?
    };
    let is_lost = outcomes
        .iter()
        .any(|outcome| matches!(outcome, Outcome::Refused { .. }));
    if is_json {
        let outputs = made
            .iter()
            .zip(&outcomes)
            .map(|(made, outcome)| object(made, outcome));
        let outputs: Vec<Value> = outputs.collect();
        let all =
            json!({ "findings": run.findings(), "dryRun": arguments.dry_run, "outputs": outputs });
        run::json(&all, streams)?;
    } else {
        for (made, outcome) in made.iter().zip(&outcomes) {
            show(made, outcome, arguments, streams)?;
        }
        if run.is_refused() {
            writeln!(streams.err, "nothing was written")?;
        }
        for orphan in run::orphans(&run, input) {
            writeln!(
                streams.err,
                "note: {orphan} holds a gateway whose file is gone; remove the folder when it is not deployed any more"
            )?;
        }
    }
    Ok(if run.is_refused() || is_lost {
        Exit::No
    } else {
        Exit::Done
    })
}

/// Writes all trees, or none if one of them would lose what somebody edited.
fn write_all(made: &[Made], arguments: &GenerateArguments) -> anyhow::Result<Vec<Outcome>> {
    let write = |dry_run| {
        let options = WriteOptions {
            force: arguments.force,
            dry_run,
        };
        made.iter()
            .map(|made| output::write(&made.tree, &made.input.out, options))
            .collect::<anyhow::Result<Vec<Outcome>>>()
    };
    let would = write(true)?;
    let is_lost = would
        .iter()
        .any(|outcome| matches!(outcome, Outcome::Refused { .. }));
    if arguments.dry_run || is_lost {
        Ok(would)
    } else {
        write(false)
    }
}

fn show(
    made: &Made,
    outcome: &Outcome,
    arguments: &GenerateArguments,
    streams: &mut Streams<'_>,
) -> anyhow::Result<()> {
    let out = &made.input.out;
    match outcome {
        Outcome::Done(changes) => {
            if arguments.dry_run {
                for (word, paths) in [
                    ("create", &changes.created),
                    ("change", &changes.changed),
                    ("remove", &changes.removed),
                ] {
                    for path in paths {
                        writeln!(streams.out, "would {word} {}", out.join(path))?;
                    }
                }
            }
            for path in &changes.kept {
                writeln!(
                    streams.err,
                    "note: {} is not needed any more, but somebody edited it; it stays",
                    out.join(path)
                )?;
            }
            writeln!(
                streams.err,
                "{out}: {}",
                summary(changes, arguments.dry_run)
            )?;
        }
        Outcome::Refused { edited, foreign } => {
            for (paths, why) in [(edited, "somebody edited it"), (foreign, "it is not ours")] {
                for path in paths {
                    writeln!(
                        streams.err,
                        "error: {} would be replaced, and {why}",
                        out.join(path)
                    )?;
                }
            }
            let file = text::shell(made.input.file.as_str());
            writeln!(
                streams.err,
                "nothing was written\n  help: move what you changed into {file}, or add --force to lose it",
            )?;
        }
    }
    Ok(())
}

fn summary(changes: &Changes, is_dry: bool) -> String {
    let parts = [
        ("created", &changes.created),
        ("changed", &changes.changed),
        ("removed", &changes.removed),
        ("unchanged", &changes.unchanged),
    ];
    let parts = parts
        .into_iter()
        .filter_map(|(word, paths)| Some(format!("{} {word}", counted(paths.len(), "file")?)));
    let parts: Vec<String> = parts.collect();
    let dry = if is_dry {
        " (dry run: nothing was written)"
    } else {
        ""
    };
    format!("{}{dry}", parts.join(", "))
}

fn object(made: &Made, outcome: &Outcome) -> Value {
    json!({ "input": made.input.file, "out": made.input.out, "outcome": outcome })
}
