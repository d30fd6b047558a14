//! Gateways and documents with so many mistakes, or so much repetition, that time could grow faster than they do.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use camino::{Utf8Path, Utf8PathBuf};
use gatewright::compile;

use crate::input::mistaken;

/// A kind of gateway.
pub(crate) struct Case {
    /// What there is so many of.
    pub(crate) what: &'static str,
    /// The smaller of the two sizes that are compared.
    pub(crate) half: usize,
    /// Writes a gateway of a size to a folder; returns its path and the least number of findings in it.
    make: fn(usize, &Utf8Path) -> anyhow::Result<(Utf8PathBuf, usize)>,
}

/// All kinds.
pub(crate) const CASES: [Case; 4] = [
    Case { what: "APIs with two mistakes", half: 5_000, make: |size, folder| Ok((mistaken(size, folder)?, 2 * size)) },
    Case { what: "targets that resemble no backend", half: 1_000, make: strangers },
    Case { what: "paths in another file without an `operationId`", half: 4_000, make: paths_elsewhere },
    Case { what: "references between schemas that all refer to each other", half: 14_400, make: circle },
];

/// The time to check a gateway; of several rounds the best.
pub(crate) fn time(case: &Case, size: usize, rounds: usize) -> anyhow::Result<Duration> {
    let scratch = tempfile::tempdir()?;
    let scratch = Utf8Path::from_path(scratch.path()).context("the temporary folder is not UTF-8")?;
    let (gateway, least) = (case.make)(size, scratch)?;
    let mut best = Duration::MAX;
    for _ in 0..rounds {
        let start = Instant::now();
        let found = compile::check(&gateway)?.report.iter().count();
        best = best.min(start.elapsed());
        ensure!(found >= least, "{found} findings in {size} {}", case.what);
    }
    Ok(best)
}

const HEAD: &str = "version: 1\ngateway: { name: apim-contoso, resourceGroup: rg-ai }\nbackends:\n";

/// As many backends as APIs, which all have long names, so that each comparison of two names takes time.
fn strangers(size: usize, folder: &Utf8Path) -> anyhow::Result<(Utf8PathBuf, usize)> {
    let gateway = folder.join("gateway.yaml");
    let mut yaml = HEAD.to_owned();
    for number in 0..size {
        writeln!(yaml, "  b{}{number}: {{ kind: http, url: https://h.contoso.com }}", "x".repeat(40))?;
    }
    yaml.push_str("apis:\n");
    for number in 0..size {
        writeln!(yaml, "  a{number}: {{ path: p{number}, target: c{}{number} }}", "y".repeat(40))?;
    }
    std::fs::write(&gateway, yaml)?;
    Ok((gateway, size))
}

fn paths_elsewhere(size: usize, folder: &Utf8Path) -> anyhow::Result<(Utf8PathBuf, usize)> {
    let item = r#"{"x": {"get": {"responses": {"200": {"description": "The thing."}}}}}"#;
    std::fs::write(folder.join("item.json"), item)?;
    let mut paths = String::from("paths:\n");
    for number in 0..size {
        writeln!(paths, "  /a{number}: {{ $ref: 'item.json#/x' }}")?;
    }
    Ok((documented(&paths, folder)?, 1))
}

/// The size is the number of references, not of schemas.
fn circle(size: usize, folder: &Utf8Path) -> anyhow::Result<(Utf8PathBuf, usize)> {
    let schemas = size.isqrt();
    let mut rest = String::from(
        "paths: { /a: { get: { operationId: a, responses: { '200': { description: D, content: { application/json: { schema: { $ref: '#/components/schemas/S0' } } } } } } } }\n\
         components:\n  schemas:\n",
    );
    for one in 0..schemas {
        writeln!(rest, "    S{one}:\n      type: object\n      properties:")?;
        for other in 0..schemas {
            writeln!(rest, "        p{other}: {{ $ref: '#/components/schemas/S{other}' }}")?;
        }
    }
    Ok((documented(&rest, folder)?, 1))
}

/// A gateway with one API, and its document.
fn documented(rest: &str, folder: &Utf8Path) -> anyhow::Result<Utf8PathBuf> {
    let gateway = folder.join("gateway.yaml");
    let api = "path: p, target: b, subscriptions: [team], definition: { file: api.yaml }";
    std::fs::write(
        &gateway,
        format!("{HEAD}  b: {{ kind: http, url: https://h.contoso.com }}\napis:\n  a: {{ {api} }}\n"),
    )?;
    let info = "openapi: 3.0.3\ninfo: { title: T, version: '1' }\n";
    std::fs::write(folder.join("api.yaml"), format!("{info}{rest}"))?;
    Ok(gateway)
}
