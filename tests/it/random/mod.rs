//! Do features compose? Random gateways over the language so far go through both toolchains, and pass all that the fixtures pass.
//!
//! `GATEWRIGHT_RANDOM_GATEWAYS=200` tries so many, `GATEWRIGHT_RANDOM_SEED=7` one alone.

mod definition;
mod draw;
mod gateway;

use std::ops::Range;
use std::time::Instant;

use camino::Utf8Path;
use gatewright::output::{Outcome, WriteOptions, write};
use gatewright::{compile, emit};

use crate::case::{Case, each, none, scratch};
use crate::tool::{self, Terraform};
use crate::twins::Twins;
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
const AT_ONCE: usize = 50;

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

/// Writes a gateway and what it gives; what is wrong so far otherwise.
fn written(seed: u64, gateway: &Gateway, folder: &Utf8Path) -> Result<Case, String> {
    let case = Case {
        name: format!("seed-{seed}"),
        folder: folder.join(format!("seed-{seed}")),
    };
    let source = folder.join(format!("source-{seed}"));
    for (path, text) in [("gateway.yaml", &gateway.yaml)].into_iter().chain(
        gateway
            .documents
            .iter()
            .map(|(path, text)| (path.as_str(), text)),
    ) {
        let path = source.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        tool::put(&path, text);
    }
    let emitted = || {
        let checked = compile::check(&source.join("gateway.yaml")).unwrap();
        let said = gatewright::diag::render::text(&checked.report, &checked.sources, false);
        let plan = checked.plan.ok_or(said)?;
        Ok::<_, String>(emit::emit(
            &plan,
            &[emit::Target::Bicep, emit::Target::Terraform],
        ))
    };
    let tree = emitted()?;
    if emitted()? != tree {
        return Err("two runs give different files".to_owned());
    }
    match write(&tree, &case.folder, WriteOptions::default()) {
        Ok(Outcome::Done(_)) => Ok(case),
        other => Err(format!("{other:?}")),
    }
}

/// All that the tests of fixtures find.
fn findings(cases: &[Case]) -> Vec<String> {
    let mut found = Vec::new();
    for some in cases.chunks(AT_ONCE) {
        found.extend(targets::bicep(some));
        found.extend(targets::bicep_format(some));
        found.extend(targets::expressions(some));
    }
    let terraform = Terraform::find();
    found.extend(each(cases, |case| {
        let mut found = targets::files(case);
        if let Some(terraform) = &terraform {
            found.extend(targets::terraform(case, terraform));
        }
        if let Some(twins) = Twins::of(case) {
            found.extend(twins.unmeant());
            found.extend(edges::order(&twins));
        }
        found
    }));
    found
}

#[test]
fn random_gateways_go_through_both_toolchains() {
    let start = Instant::now();
    let (_keep, folder) = scratch();
    let mut cases = Vec::new();
    let mut found = Vec::new();
    let seeds = seeds();
    for seed in seeds.clone() {
        match written(seed, &gateway(seed, &BUILT), &folder) {
            Ok(case) => cases.push(case),
            Err(error) => found.push(format!("seed-{seed}: {error}")),
        }
    }
    found.extend(findings(&cases));
    #[expect(clippy::print_stderr, reason = "what it costs is worth knowing")]
    {
        eprintln!(
            "{} random gateways in {:.1?}",
            seeds.end - seeds.start,
            start.elapsed()
        );
    }
    for seed in seeds {
        if found.iter().any(|finding| {
            finding.contains(&format!("seed-{seed}:")) || finding.contains(&format!("seed-{seed}/"))
        }) {
            let gateway = gateway(seed, &BUILT);
            found.push(format!(
                "\nGATEWRIGHT_RANDOM_SEED={seed} repeats this alone:\n{}",
                gateway.yaml
            ));
            found.extend(
                gateway
                    .documents
                    .iter()
                    .map(|(path, text)| format!("# {path}\n{text}\n")),
            );
        }
    }
    none(&found);
}
