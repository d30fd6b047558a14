//! Do features compose? Random gateways over the language so far go through both toolchains, and pass all that the fixtures pass.
//!
//! `GATEWRIGHT_RANDOM_GATEWAYS=200` tries so many, `GATEWRIGHT_RANDOM_SEED=7` one alone.

mod apis;
mod backends;
mod callers;
mod definition;
mod draw;
mod gateway;
mod pools;

use std::ops::Range;
use std::panic::catch_unwind;
use std::time::Instant;

use camino::Utf8Path;
use gatewright::compile;
use gatewright::diag::render;
use gatewright::emit::{self, Target};
use gatewright::explain;
use gatewright::output::{Outcome, WriteOptions, write};
use serde_json::json;

use crate::case::{self, Case, finds, map, none};
use crate::server::{Bicep, with_bicep};
use crate::tool::{self, Terraform};
use crate::twins::{Twins, terraform_log};
use crate::{edges, facts, targets};
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

const BUILT: Built = Built { pools: true, models: true, usage: true, insights: true };

/// As many as take about ten seconds.
const FEW: u64 = 8;

/// The number of findings of one gateway that are printed: the first problem is often followed by others.
const MOST_TOLD: usize = 10;

/// The seeds that are asked for.
fn seeds() -> Range<u64> {
    let number = |name| {
        let text = std::env::var(name).ok()?;
        Some(text.parse().unwrap_or_else(|_| panic!("{name} is not a number: {text}")))
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
    for (path, text) in documents.iter().chain([(&"gateway.yaml".to_owned(), &yaml)]) {
        let path = source.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        tool::put(&path, text);
    }
    let emitted = || -> Result<_, String> {
        let checked = compile::check(&source.join("gateway.yaml")).unwrap();
        let said = render::text(&checked.report, &checked.sources, false);
        let (plan, policies) = checked.plan.zip(checked.policies).ok_or(said)?;
        for named in explain::all(&plan) {
            named.explanation(&plan);
        }
        let disagreements = facts::disagreements(&plan);
        if !disagreements.is_empty() {
            return Err(disagreements.join("\n"));
        }
        Ok(emit::emit(&plan, &policies, &[Target::Bicep, Target::Terraform]))
    };
    let twice = || -> Result<_, String> { Ok((emitted()?, emitted()?)) };
    // The panic hook has printed the message; only this line names the gateway.
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

/// The findings of Bicep's compiler, linter and formatter.
fn bicep(case: &Case, bicep: &mut Bicep) -> Vec<String> {
    let file = case.folder.join("bicep/main.bicepparam");
    // The linter speaks up in every build, and a parameter file is built with its template and all modules.
    let built = bicep.ask("bicep/compileParams", &json!({ "path": file, "parameterOverrides": {} }));
    let said = built["diagnostics"].as_array().unwrap();
    let mut found: Vec<_> = said.iter().map(|one| format!("bicep: {one}")).collect();
    if built["success"] != true && found.is_empty() {
        found.push("bicep builds nothing".to_owned());
    }
    for path in case.files().iter().filter(|path| path.as_str().contains(".bicep")) {
        let formatted = bicep.ask("bicep/format", &json!({ "path": case.folder.join(path) }));
        if formatted["contents"] != case.text(path) {
            found.push(format!("bicep format changes {path}"));
        }
    }
    found
}

/// All that the tests of fixtures find.
fn findings(cases: &[Case]) -> Vec<String> {
    let mut found = vec![targets::expressions(cases)];
    found.extend(map(cases, |case| {
        let mut found = targets::files(case);
        found.extend(with_bicep(|server| bicep(case, server)).unwrap_or_default());
        if let Some(terraform) = Terraform::find() {
            found.extend(targets::terraform_reads(&case.folder.join("terraform"), &terraform));
            let log = terraform_log(case, &terraform);
            found.extend(targets::terraform_tests(&log));
            if let Some(twins) = Twins::from_log(case, &log) {
                found.extend(twins.unmeant());
                let file = case.folder.with_file_name("gateway.yaml");
                found.extend(edges::ours(&twins, &file));
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
    // The output of an older run must not be judged.
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
        let names = |finding: &&String| finding.contains(&format!("{name}:")) || finding.contains(&format!("{name}/"));
        let of_seed: Vec<_> = found.iter().filter(names).cloned().collect();
        if of_seed.is_empty() {
            continue;
        }
        told.extend(of_seed.iter().take(MOST_TOLD).cloned());
        told.push(format!(
            "{} findings; GATEWRIGHT_RANDOM_SEED={seed} tries this alone, and leaves it in {folder}/{name}:",
            of_seed.len()
        ));
        told.push(gateway(*seed, &BUILT).yaml);
    }
    // A finding that names no gateway is one all the same.
    none(if told.is_empty() { &found } else { &told });
}

#[test]
fn two_hundred_random_gateways_have_all_of_the_language() {
    let all: Vec<_> = (0..200).map(|seed| gateway(seed, &BUILT)).collect();
    let texts = || all.iter().map(|gateway| gateway.yaml.as_str());
    let words = |is_built: bool, words: &'static [&'static str]| if is_built { words } else { &[] };
    let sought = [
        words(
            true,
            &[
                "prefix: ",
                "publicUrl: ",
                "sku: Consumption",
                "sku: StandardV2",
                "system: ",
                "user:",
                "roles: skip",
                "roles: create",
            ],
        ),
        words(
            true,
            &[
                "kind: azureOpenAI",
                "kind: http",
                "subscription: ",
                "deployments:",
                "tokensPerMinute: ",
                "model: ",
                "http://",
                "GPT_4.1--x",
                "credential: none",
            ],
        ),
        words(
            true,
            &[
                "target: ",
                "surface: rest",
                "surface: azureOpenAI",
                "definition: builtin",
                "file: ",
                "link: ",
                "operations:",
                "include:",
                "keyHeader: ",
                "subscriptionKey: none",
                "timeout: ",
                "streaming: true",
                "streaming: false",
                "\"gateway\": {",
            ],
        ),
        words(
            BUILT.pools,
            &[
                "balance: random",
                "balance: pool",
                "priority: ",
                "weight: ",
                "circuitBreaker:",
                "failures: ",
                "within: ",
                "statuses:",
                "tripFor: ",
                "acceptRetryAfter: ",
                "retry:",
                "count: ",
                "interval: ",
                "delta: ",
                "maxInterval: ",
                "firstFast: ",
                "exhausted:",
                "status: ",
                "retryAfter: ",
                "cookie: ",
            ],
        ),
        words(BUILT.models, &["models:", "surface: openAI"]),
        words(BUILT.usage, &["includeUsage: true", "includeUsage: false"]),
        words(BUILT.insights, &["applicationInsights:"]),
    ];
    for word in sought.concat() {
        assert!(texts().any(|text| text.contains(word)), "no gateway has {word:?}");
    }
    let again = gateway(7, &BUILT);
    assert_eq!((&all[7].yaml, &all[7].documents), (&again.yaml, &again.documents));
}

#[test]
fn findings_of_the_bicep_server_are_noticed() {
    let (_keep, case) = case::small();
    let Some(found) = with_bicep(|server| bicep(&case, server)) else {
        return;
    };
    none(&found);
    case.edit("bicep/modules/apis.bicep", "\nparam ", "\nparam unused string\nparam   ");
    let found = with_bicep(|server| bicep(&case, server)).unwrap();
    finds(&found, "no-unused-params");
    finds(&found, "format changes bicep/modules/apis.bicep");
    case.edit("bicep/main.bicepparam", "apim-contoso'", "apim-contoso");
    finds(&with_bicep(|server| bicep(&case, server)).unwrap(), "BCP");
}
