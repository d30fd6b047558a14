//! Do features compose? Random gateways over the language so far go through both toolchains, and pass all that the fixtures pass.
//!
//! `GATEWRIGHT_RANDOM_GATEWAYS=200` tries so many, `GATEWRIGHT_RANDOM_SEED=7` one alone.

mod definition;
mod draw;
mod gateway;

use std::ops::Range;
use std::panic::catch_unwind;
use std::time::Instant;

use camino::Utf8Path;
use gatewright::compile;
use gatewright::diag::render;
use gatewright::emit::{self, Target};
use gatewright::output::{Outcome, WriteOptions, write};

use crate::case::{Case, map, none};
use crate::tool::{self, Terraform};
use crate::twins::Twins;
use crate::twins::terraform::log;
use crate::{edges, targets};
use gateway::{Gateway, gateway};

/// Parts of the language that the compiler may not build yet: without them a gateway would be refused with U001.
#[derive(Debug)]
struct Built {
    /// `pools`, and APIs with one as their target.
    pools: bool,
    /// `apis.*.models`, and the surface `openAI`.
    models: bool,
    /// `apis.*.streaming.includeUsage`.
    usage: bool,
    /// `observability.applicationInsights`.
    insights: bool,
}

const BUILT: Built = Built {
    pools: false,
    models: false,
    usage: false,
    insights: false,
};

/// As many as take about ten seconds.
const FEW: u64 = 8;

/// How many go through one start of the tools that take many files.
const AT_ONCE: usize = 25;

/// How many findings of one gateway are told: the first mistake is often followed by others.
const MOST_TOLD: usize = 10;

/// The seeds that are asked for.
fn seeds() -> Range<u64> {
    let number = |name| {
        let text = std::env::var(name).ok()?;
        Some(
            text.parse()
                .unwrap_or_else(|_| panic!("{name} is not a number: {text}")),
        )
    };
    match number("GATEWRIGHT_RANDOM_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("GATEWRIGHT_RANDOM_GATEWAYS").unwrap_or(FEW),
    }
}

/// Writes a gateway and what it gives below `folder`; what is wrong so far otherwise.
fn written(seed: u64, folder: &Utf8Path) -> Result<Case, String> {
    let name = format!("seed-{seed}");
    let source = folder.join(&name);
    let Gateway { yaml, documents } = gateway(seed, &BUILT);
    for (path, text) in documents
        .iter()
        .chain([(&"gateway.yaml".to_owned(), &yaml)])
    {
        let path = source.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        tool::put(&path, text);
    }
    let emitted = || -> Result<_, String> {
        let checked = compile::check(&source.join("gateway.yaml")).unwrap();
        let said = render::text(&checked.report, &checked.sources, false);
        let plan = checked.plan.ok_or(said)?;
        Ok(emit::emit(&plan, &[Target::Bicep, Target::Terraform]))
    };
    let twice = || -> Result<_, String> { Ok((emitted()?, emitted()?)) };
    // The hook of panics has told what; which gateway it is, nobody else tells.
    let (tree, again) = catch_unwind(twice)
        .unwrap_or_else(|_| Err("the compiler panics".to_owned()))
        .map_err(|said| format!("{name}: {said}"))?;
    if tree != again {
        return Err(format!("{name}: a second run gives other files"));
    }
    let folder = source.join("out");
    match write(&tree, &folder, WriteOptions::default()) {
        Ok(Outcome::Done(_)) => Ok(Case { name, folder }),
        other => Err(format!("{name}: {other:?}")),
    }
}

/// All that the tests of fixtures find.
fn findings(cases: &[Case]) -> Vec<String> {
    let chunks: Vec<_> = cases.chunks(AT_ONCE).collect();
    let mut found = map(&chunks, |some| {
        [
            targets::bicep(some),
            targets::bicep_format(some),
            targets::expressions(some),
        ]
        .concat()
    });
    found.extend(map(cases, |case| {
        let mut found = targets::files(case);
        if let Some(terraform) = Terraform::find() {
            found.extend(targets::terraform_reads(
                &case.folder.join("terraform"),
                &terraform,
            ));
            let log = log(case, &terraform);
            found.extend(targets::terraform_tests(&log));
            if let Some(twins) = Twins::from_log(case, &log) {
                found.extend(twins.unmeant());
                found.extend(edges::order(&twins));
            }
        }
        for finding in &mut found {
            if !finding.starts_with(&case.name) {
                *finding = format!("{}: {finding}", case.name);
            }
        }
        found
    }));
    found.concat()
}

#[test]
fn random_gateways_go_through_both_toolchains() {
    let start = Instant::now();
    let folder = Utf8Path::new(env!("CARGO_TARGET_TMPDIR")).join("random");
    // What an older run wrote must not be judged.
    let _ = std::fs::remove_dir_all(&folder);
    let seeds: Vec<u64> = seeds().collect();
    let written = map(&seeds, |seed| written(*seed, &folder));
    let cases: Vec<_> = written.iter().flatten().cloned().collect();
    let mut found: Vec<_> = written.into_iter().filter_map(Result::err).collect();
    found.extend(findings(&cases));
    #[expect(clippy::print_stderr, reason = "what it costs is worth knowing")]
    {
        eprintln!("{} random gateways in {:.1?}", seeds.len(), start.elapsed());
    }
    let mut told = Vec::new();
    for seed in &seeds {
        let name = format!("seed-{seed}");
        let names = |finding: &&String| {
            finding.contains(&format!("{name}:")) || finding.contains(&format!("{name}/"))
        };
        let of_seed: Vec<_> = found.iter().filter(names).cloned().collect();
        if of_seed.is_empty() {
            continue;
        }
        told.extend(of_seed.iter().take(MOST_TOLD).cloned());
        told.push(format!("{} findings; GATEWRIGHT_RANDOM_SEED={seed} tries this alone, and leaves it in {folder}/{name}:", of_seed.len()));
        told.push(gateway(*seed, &BUILT).yaml);
    }
    // A finding that names no gateway is one all the same.
    none(if told.is_empty() { &found } else { &told });
}
