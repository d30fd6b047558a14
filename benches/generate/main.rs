//! How long a gateway takes, how much memory, whether both keep pace with its size and with its mistakes, and how that compares with
//! copying the files: `cargo bench`.
//!
//! Fails where twice the gateway takes more than three times as much. Without `--bench`, as in `cargo test --bench generate`, it
//! only shows that it runs.

#![expect(clippy::disallowed_methods, reason = "copies by hand to compare")]

mod growth;
mod input;
mod process;

use std::io::Write as _;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use camino::Utf8Path;
use gatewright::emit::{self, Target};
use gatewright::output::{self, FileTree, Outcome, WriteOptions};
use gatewright::{compile, diag};
use input::{Input, Size, input};

/// How much more than linear is too much.
const TOLERANCE: f64 = 1.5;

/// Runs the pipeline once in a process of its own, and says how much memory that took.
const PEAK: &str = "--peak";

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
        table(&[measured(Size::Minimal, 1)?, measured(Size::made(5, 20), 1)?, measured(Size::real(4, 8), 1)?])?;
        for case in &growth::CASES {
            growth::time(case, 10, 1)?;
        }
        process::compare(Size::real(4, 8), 1)?;
        return Ok(ExitCode::SUCCESS);
    }

    let rows = [
        measured(Size::Minimal, 50)?,
        measured(Size::made(25, 100), 20)?,
        measured(Size::made(50, 200), 15)?,
        measured(Size::made(100, 400), 10)?,
        measured(Size::real(50, 100), 15)?,
        measured(Size::real(100, 200), 10)?,
    ];
    table(&rows)?;
    // Writing waits for the disk, whose growth is not ours; the table has it beside a plain copy.
    let mut grown = Vec::new();
    for (half, full) in [(&rows[2], &rows[3]), (&rows[4], &rows[5])] {
        let span = format!("from {} to {}", half.size, full.size);
        let time = |row: &Measured| row.computing().as_secs_f64();
        grown.push((format!("time without writing, {span}"), (time(half), time(full))));
        if let (Some(half), Some(full)) = (half.peak, full.peak) {
            grown.push((format!("memory, {span}"), (half as f64, full as f64)));
        }
    }

    for case in &growth::CASES {
        let (half, full) = (growth::time(case, case.half, 5)?, growth::time(case, 2 * case.half, 5)?);
        let name = format!("time for {} and {} {}", case.half, 2 * case.half, case.what);
        grown.push((name, (half.as_secs_f64(), full.as_secs_f64())));
    }

    let mut code = ExitCode::SUCCESS;
    for (name, (half, full)) in grown {
        let growth = full / (2.0 * half);
        let verdict = if growth > TOLERANCE {
            code = ExitCode::FAILURE;
            "too much"
        } else {
            "fine"
        };
        writeln!(std::io::stdout(), "{name}: {growth:.2} of linear, {TOLERANCE} allowed: {verdict}")?;
    }
    process::compare(Size::real(100, 200), 7)?;
    process::compare(Size::made(100, 400), 7)?;
    Ok(code)
}

/// The pipeline without the disk.
fn compiled(gateway: &Utf8Path) -> anyhow::Result<(FileTree, Duration, Duration)> {
    let start = Instant::now();
    let checked = compile::check(gateway)?;
    let check = start.elapsed();
    let Some((plan, policies)) = checked.plan.zip(checked.policies) else {
        bail!(diag::render::text(&checked.report, &checked.sources, false));
    };
    let start = Instant::now();
    let tree = emit::emit(&plan, &policies, &[Target::Bicep, Target::Terraform]);
    Ok((tree, check, start.elapsed()))
}

fn measured(size: Size, rounds: usize) -> anyhow::Result<Measured> {
    let scratch = tempfile::tempdir()?;
    let scratch = Utf8Path::from_path(scratch.path()).context("the temporary folder is not UTF-8")?;
    let Input { gateway, bytes } = input(size, scratch)?;
    let (tree, ..) = compiled(&gateway)?;
    let mut measured = Measured {
        size,
        input: bytes as u64,
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

/// The most memory that a run of the pipeline takes, in KiB, where the system says it.
fn peak_of_another_process(gateway: &Utf8Path) -> anyhow::Result<Option<u64>> {
    if !cfg!(target_os = "linux") {
        return Ok(None);
    }
    let run = Command::new(std::env::current_exe()?).args([PEAK, gateway.as_str()]).output()?;
    ensure!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    Ok(Some(String::from_utf8(run.stdout)?.trim().parse()?))
}

fn peak_of_this_process() -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.strip_suffix("kB"));
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
        let peak = row.peak.map_or_else(|| "–".to_owned(), kib);
        writeln!(
            out,
            "{:<15} | {:>6} | {:>5} | {:>7} | {:>14} | {:>7} | {:>8} | {:>6} | {:>7} | {peak:>8}",
            row.size.to_string(),
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
