//! How long a gateway takes, how much memory, and whether both keep pace with its size: `cargo bench`.
//!
//! Fails where twice the gateway takes more than three times as much. Without `--bench`, as in `cargo test --bench generate`, it
//! only shows that it runs.

#![expect(
    clippy::disallowed_methods,
    reason = "makes its input, and copies by hand to compare"
)]

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use camino::{Utf8Path, Utf8PathBuf};
use gatewright::emit::{self, Target};
use gatewright::output::{self, FileTree, Outcome, WriteOptions};
use gatewright::{compile, diag};

/// The file of README.md.
const MINIMAL: &str = "\
version: 1
gateway: { name: apim-contoso, resourceGroup: rg-ai }
backends:
  openai: { kind: azureOpenAI, account: aoai-contoso }
apis:
  openai: { path: openai, target: openai, subscriptions: [first-team] }
";

/// How much more than linear is too much.
const TOLERANCE: f64 = 1.5;

/// Runs the pipeline once in a process of its own, and says how much memory that took.
const PEAK: &str = "--peak";

/// The size of a gateway; `None` is the minimal one.
type Size = Option<(usize, usize)>;

/// What was measured of one gateway; of several runs the best.
struct Measured {
    size: Size,
    input: u64,
    files: usize,
    output: usize,
    check: Duration,
    emit: Duration,
    write: Duration,
    copy: Duration,
    peak: Option<u64>,
}

impl Measured {
    /// Everything but the disk's part.
    fn computing(&self) -> Duration {
        self.check + self.emit
    }

    fn all(&self) -> Duration {
        self.computing() + self.write
    }
}

fn main() -> anyhow::Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, path] = arguments.as_slice()
        && flag == PEAK
    {
        compiled(Utf8Path::new(path))?;
        writeln!(std::io::stdout(), "{}", peak_of_this_process()?)?;
        return Ok(ExitCode::SUCCESS);
    }
    if !arguments.iter().any(|argument| argument == "--bench") {
        table(&[measured(None, 1)?, measured(Some((5, 20)), 1)?])?;
        return Ok(ExitCode::SUCCESS);
    }

    let minimal = measured(None, 50)?;
    let quarter = measured(Some((25, 100)), 20)?;
    let half = measured(Some((50, 200)), 15)?;
    let full = measured(Some((100, 400)), 10)?;
    let seconds =
        |of: fn(&Measured) -> Duration| (of(&half).as_secs_f64(), of(&full).as_secs_f64());
    // Writing waits for the disk, whose growth is not ours; the table has it beside a plain copy.
    let mut grown = vec![("time without writing", seconds(Measured::computing))];
    if let (Some(half), Some(full)) = (half.peak, full.peak) {
        grown.push(("memory", (half as f64, full as f64)));
    }
    table(&[minimal, quarter, half, full])?;

    let mut code = ExitCode::SUCCESS;
    for (name, (half, full)) in grown {
        let growth = full / (2.0 * half);
        let verdict = if growth > TOLERANCE {
            code = ExitCode::FAILURE;
            "too much"
        } else {
            "fine"
        };
        writeln!(
            std::io::stdout(),
            "{name}, from 50 × 200 to 100 × 400: {growth:.2} of linear, {TOLERANCE} allowed: {verdict}"
        )?;
    }
    Ok(code)
}

/// The pipeline without the disk.
fn compiled(gateway: &Utf8Path) -> anyhow::Result<(FileTree, Duration, Duration)> {
    let start = Instant::now();
    let checked = compile::check(gateway)?;
    let check = start.elapsed();
    let Some(plan) = checked.plan else {
        bail!(diag::render::text(&checked.report, &checked.sources, false));
    };
    let start = Instant::now();
    let tree = emit::emit(&plan, &[Target::Bicep, Target::Terraform]);
    Ok((tree, check, start.elapsed()))
}

fn measured(size: Size, rounds: usize) -> anyhow::Result<Measured> {
    let scratch = tempfile::tempdir()?;
    let scratch =
        Utf8Path::from_path(scratch.path()).context("the temporary folder is not UTF-8")?;
    let (gateway, input) = input(size, scratch)?;
    let (tree, ..) = compiled(&gateway)?;
    let mut measured = Measured {
        size,
        input,
        files: tree.len(),
        output: tree.total_bytes(),
        check: Duration::MAX,
        emit: Duration::MAX,
        write: Duration::MAX,
        copy: Duration::MAX,
        peak: peak_of_another_process(&gateway)?,
    };
    for round in 0..rounds {
        let (tree, check, emit) = compiled(&gateway)?;
        measured.check = measured.check.min(check);
        measured.emit = measured.emit.min(emit);

        let out = scratch.join(format!("out-{round}"));
        let start = Instant::now();
        let outcome = output::write(&tree, &out, WriteOptions::default())?;
        measured.write = measured.write.min(start.elapsed());
        ensure!(matches!(outcome, Outcome::Done(_)), "{outcome:?}");

        let copy = scratch.join(format!("copy-{round}"));
        let start = Instant::now();
        for (path, text) in tree.iter() {
            let path = copy.join(path);
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            std::fs::write(path, text)?;
        }
        measured.copy = measured.copy.min(start.elapsed());
        for folder in [out, copy] {
            if folder.exists() {
                std::fs::remove_dir_all(folder)?;
            }
        }
    }
    Ok(measured)
}

/// A gateway file and its size with the documents that it names. Half of the backends are accounts, each with a pool that it shares
/// with the next one, half HTTP services. An eighth of the APIs goes by model, to such a pool or an account.
fn input(size: Size, folder: &Utf8Path) -> anyhow::Result<(Utf8PathBuf, u64)> {
    let gateway = folder.join("gateway.yaml");
    let Some((backends, apis)) = size else {
        std::fs::write(&gateway, MINIMAL)?;
        return Ok((gateway, MINIMAL.len() as u64));
    };
    let mut bytes = 0;
    let mut yaml =
        "version: 1\ngateway: { name: apim-contoso, resourceGroup: rg-ai }\nbackends:\n".to_owned();
    for backend in 0..backends {
        let settings = if backend % 2 == 0 {
            format!(
                "kind: azureOpenAI, account: {{ name: aoai-{backend}, resourceGroup: rg-{backend} }}"
            )
        } else {
            format!("kind: http, url: https://service-{backend}.contoso.com/v1")
        };
        writeln!(yaml, "  b{backend}: {{ {settings} }}")?;
    }
    yaml.push_str("pools:\n");
    for one in (0..backends).step_by(2) {
        let next = if one + 2 < backends { one + 2 } else { 0 };
        writeln!(
            yaml,
            "  p{one}: {{ members: [{{ backend: b{one}, priority: 1 }}, {{ backend: b{next}, priority: 2 }}] }}"
        )?;
    }
    yaml.push_str("apis:\n");
    for api in 0..apis {
        let backend = api % backends;
        // Not more of them: a deployment ends at 4 MiB.
        let target = if backend % 8 == 0 {
            format!(
                "models: {{ gpt-4o: p{backend}, o3: b{backend} }}, streaming: {{ includeUsage: true }}"
            )
        } else {
            format!("target: b{backend}")
        };
        write!(
            yaml,
            "  a{api}: {{ path: path-{api}, {target}, subscriptions: [team-{api}]"
        )?;
        if backend % 2 == 1 {
            let document = document(api);
            bytes += document.len();
            std::fs::write(folder.join(format!("a{api}.json")), document)?;
            write!(yaml, ", definition: {{ file: a{api}.json }}")?;
        }
        yaml.push_str(" }\n");
    }
    bytes += yaml.len();
    std::fs::write(&gateway, yaml)?;
    Ok((gateway, bytes as u64))
}

/// A small OpenAPI document, another one for each API.
fn document(api: usize) -> String {
    let answer = serde_json::json!({ "200": { "description": "The thing, or all of them." } });
    let id = serde_json::json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } });
    let document = serde_json::json!({
        "openapi": "3.0.3",
        "info": { "title": format!("Things of service {api}"), "version": "1.0" },
        "paths": {
            "/things": {
                "get": { "operationId": "listThings", "summary": "List the things", "responses": answer },
                "post": { "operationId": "addThing", "summary": "Add a thing", "responses": answer }
            },
            "/things/{id}": {
                "get": { "operationId": "getThing", "summary": "Get a thing", "parameters": [id], "responses": answer }
            }
        }
    });
    document.to_string()
}

/// The most memory that a run of the pipeline takes, in KiB, where the system says it.
fn peak_of_another_process(gateway: &Utf8Path) -> anyhow::Result<Option<u64>> {
    if !cfg!(target_os = "linux") {
        return Ok(None);
    }
    let run = Command::new(std::env::current_exe()?)
        .args([PEAK, gateway.as_str()])
        .output()?;
    ensure!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    Ok(Some(String::from_utf8(run.stdout)?.trim().parse()?))
}

fn peak_of_this_process() -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.strip_suffix("kB"));
    Ok(peak.context("the system does not say it")?.trim().parse()?)
}

fn table(rows: &[Measured]) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let ms = |time: Duration| format!("{:.2}", time.as_secs_f64() * 1e3);
    let kib = |bytes: u64| format!("{:.1}", bytes as f64 / 1024.0);
    writeln!(
        out,
        "backends × APIs | in KiB | files | out KiB | check, plan ms | emit ms | write ms | all ms | copy ms | peak MiB"
    )?;
    for row in rows {
        let size = match row.size {
            Some((backends, apis)) => format!("{backends} × {apis}"),
            None => "minimal".to_owned(),
        };
        let peak = row.peak.map_or_else(|| "–".to_owned(), kib);
        writeln!(
            out,
            "{size:<15} | {:>6} | {:>5} | {:>7} | {:>14} | {:>7} | {:>8} | {:>6} | {:>7} | {peak:>8}",
            kib(row.input),
            row.files,
            kib(row.output as u64),
            ms(row.check),
            ms(row.emit),
            ms(row.write),
            ms(row.all()),
            ms(row.copy),
        )?;
    }
    Ok(())
}
