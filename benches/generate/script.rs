//! The same job done by a script and templates (`benches/jinja`), and by a plain copy of the files, each as a process of its own and in
//! turn, so that a busy machine slows all of them.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use camino::Utf8Path;

use crate::input::{Input, Size, input};

const ROUNDS: usize = 7;

/// Compares for one gateway. Without Python, Jinja2 and PyYAML it says so.
pub(crate) fn compare(size: Size, rounds: usize) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    if !is_there() {
        writeln!(out, "no comparison with a script: python3 with jinja2 and yaml is missing")?;
        return Ok(());
    }
    let scratch = tempfile::tempdir()?;
    let scratch = Utf8Path::from_path(scratch.path()).context("the temporary folder is not UTF-8")?;
    let Input { gateway, .. } = input(size, scratch)?;
    let render = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/jinja/render.py");
    let (ours, theirs, copy) = (scratch.join("ours"), scratch.join("theirs"), scratch.join("copy"));
    let mut best = [Duration::MAX; 3];
    for _ in 0..rounds {
        for folder in [&ours, &theirs, &copy] {
            if folder.exists() {
                std::fs::remove_dir_all(folder)?;
            }
        }
        let commands: [(&str, &[&str]); 3] = [
            (env!("CARGO_BIN_EXE_gatewright"), &["generate", gateway.as_str(), "--out", ours.as_str()]),
            ("python3", &[render.as_str(), gateway.as_str(), theirs.as_str()]),
            ("cp", &["-r", ours.as_str(), copy.as_str()]),
        ];
        for (best, (program, arguments)) in best.iter_mut().zip(commands) {
            *best = (*best).min(timed(program, arguments)?);
        }
    }
    let [ours_took, theirs_took, copy_took] = best.map(|time| time.as_secs_f64());
    let (same, all, share) = alike(&ours, &theirs)?;
    writeln!(
        out,
        "{size}, as processes: gatewright {:.0} ms, {:.1} × `cp -r` of its output; script and templates {:.0} ms, {:.1} × gatewright, \
         for {:.0} % of the bytes; {same} of its {all} files are the same",
        ours_took * 1e3,
        ours_took / copy_took,
        theirs_took * 1e3,
        theirs_took / ours_took,
        share * 100.0
    )?;
    Ok(())
}

/// The comparison that `cargo bench` prints.
pub(crate) fn compare_all() -> anyhow::Result<()> {
    compare(Size::real(100, 200), ROUNDS)?;
    compare(Size::made(100, 400), ROUNDS)
}

fn is_there() -> bool {
    let mut python = Command::new("python3");
    python.args(["-c", "import jinja2, yaml"]);
    let ended = python.stderr(Stdio::null()).status();
    ended.is_ok_and(|status| status.success())
}

fn timed(program: &str, arguments: &[&str]) -> anyhow::Result<Duration> {
    let mut command = Command::new(program);
    command.args(arguments);
    let start = Instant::now();
    let output = command.output().with_context(|| format!("cannot run {program}"))?;
    let took = start.elapsed();
    ensure!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(took)
}

/// How many files of the script are as ours, how many it wrote, and their share of our bytes.
fn alike(ours: &Utf8Path, theirs: &Utf8Path) -> anyhow::Result<(usize, usize, f64)> {
    let mut total = 0;
    for entry in walkdir::WalkDir::new(ours) {
        let metadata = entry?.metadata()?;
        total += if metadata.is_file() { metadata.len() } else { 0 };
    }
    let (mut same, mut all, mut bytes) = (0, 0, 0);
    for entry in walkdir::WalkDir::new(theirs) {
        let entry = entry?;
        if !entry.file_type().is_file() {
            continue;
        }
        let text = std::fs::read(entry.path())?;
        let path = ours.as_std_path().join(entry.path().strip_prefix(theirs)?);
        all += 1;
        bytes += text.len();
        same += usize::from(std::fs::read(path).is_ok_and(|other| other == text));
    }
    Ok((same, all, bytes as f64 / total as f64))
}
