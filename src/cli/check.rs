//! `check`: is the file right, and is the output what it gives?

use serde_json::{Value, json};

use super::run::{self, Run, counted};
use super::{Exit, InputArguments, Streams, Targets};
use crate::emit::text;
use crate::output::{self, Drift};

pub(super) fn check(arguments: &InputArguments, streams: &mut Streams<'_>) -> anyhow::Result<Exit> {
    let run = Run::new(arguments)?;
    let is_json = arguments.format.is_json();
    if !is_json {
        run.show(streams)?;
    }
    let mut drifted = Vec::new();
    for made in run.trees(arguments) {
        let drift = output::drift(&made.tree, &made.input.out)?;
        if !drift.is_empty() {
            drifted.push((made.input, drift));
        }
    }
    let orphans = if run.is_refused() {
        Vec::new()
    } else {
        run::orphans(&run, arguments)
    };
    let is_clean = drifted.is_empty() && orphans.is_empty();
    if is_json {
        let drift = drifted.iter().map(|(input, drift)| {
            json!({ "input": input.file.as_str(), "out": input.out.as_str(), "drift": drift })
        });
        let drift: Vec<Value> = drift.collect();
        let orphans: Vec<&str> = orphans.iter().map(|path| path.as_str()).collect();
        let all =
            json!({ "findings": run.findings(), "outputs": drift, "orphanedFolders": orphans });
        run::json(&all, streams)?;
    } else {
        for (input, drift) in &drifted {
            for one in drift {
                let path = input.out.join(&one.path);
                writeln!(
                    streams.out,
                    "{}",
                    Drift {
                        path,
                        ..one.clone()
                    }
                )?;
            }
        }
        for orphan in &orphans {
            writeln!(
                streams.out,
                "orphaned: {orphan} holds a gateway whose file is gone"
            )?;
        }
        if !drifted.is_empty() {
            let count: usize = drifted.iter().map(|(_, drift)| drift.len()).sum();
            let files = counted(count, "file").unwrap_or_default();
            let verb = if count == 1 { "is" } else { "are" };
            writeln!(
                streams.err,
                "{files} {verb} not what the gateway file gives. To mend it:\n  {}",
                mend(arguments)
            )?;
        }
        if !orphans.is_empty() {
            writeln!(
                streams.err,
                "Remove an orphaned folder when what it holds is not deployed any more."
            )?;
        }
        if is_clean && !run.is_refused() {
            let gateways = counted(run.inputs.all.len(), "gateway").unwrap_or_default();
            writeln!(streams.err, "{gateways} checked: the output is up to date")?;
        }
    }
    Ok(if is_clean && !run.is_refused() {
        Exit::Done
    } else {
        Exit::No
    })
}

/// The command that writes what is missing.
fn mend(arguments: &InputArguments) -> String {
    let mut words = vec!["gatewright generate".to_owned()];
    words.extend(
        arguments
            .paths
            .iter()
            .map(|path| text::shell(path.as_str())),
    );
    if arguments.target != Targets::All {
        words.push(format!("--target {}", arguments.target.name()));
    }
    if arguments.out != "out" {
        words.push(format!("--out {}", text::shell(arguments.out.as_str())));
    }
    words.join(" ")
}
