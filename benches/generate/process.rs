//! Gatewright beside a plain copy of its output that is synced to the disk, each as a process of its own and in turn, so that a busy
//! machine slows both.

use std::io::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use camino::Utf8Path;

use crate::input::{Input, Size, input};

/// Compares for one gateway; of several rounds the best.
pub(crate) fn compare(size: Size, rounds: usize) -> anyhow::Result<()> {
    let scratch = tempfile::tempdir()?;
    let scratch = Utf8Path::from_path(scratch.path()).context("the temporary folder is not UTF-8")?;
    let Input { gateway, .. } = input(size, scratch)?;
    let (ours, copy) = (scratch.join("ours"), scratch.join("copy"));
    let generate = [env!("CARGO_BIN_EXE_gatewright"), "generate", gateway.as_str(), "--out", ours.as_str()];
    let copied = ["sh", "-c", r#"cp -r "$0" "$1" && sync"#, ours.as_str(), copy.as_str()];
    let [mut first, mut again, mut copying] = [Duration::MAX; 3];
    for _ in 0..rounds {
        for folder in [&ours, &copy] {
            if folder.exists() {
                std::fs::remove_dir_all(folder)?;
            }
        }
        first = first.min(timed(&generate)?);
        again = again.min(timed(&generate)?);
        copying = copying.min(timed(&copied)?);
    }
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    writeln!(
        std::io::stdout(),
        "{size}, as processes: gatewright {:.0} ms, {:.2} × `cp -r` of its output and `sync` ({:.0} ms); {:.0} ms where nothing changed",
        ms(first),
        ms(first) / ms(copying),
        ms(copying),
        ms(again),
    )?;
    Ok(())
}

/// How long a command takes that finds nothing left to be written by those before it.
fn timed(words: &[&str]) -> anyhow::Result<Duration> {
    Command::new("sync").status()?;
    let mut command = Command::new(words[0]);
    command.args(&words[1..]);
    let start = Instant::now();
    let output = command.output().with_context(|| format!("cannot run {}", words[0]))?;
    let took = start.elapsed();
    ensure!(output.status.success(), "{}: {}", words[0], String::from_utf8_lossy(&output.stderr));
    Ok(took)
}
