//! `completions`: what a shell needs to complete commands.

use super::{Exit, Streams, command_line};

pub(super) fn completions(
    shell: clap_complete::Shell,
    streams: &mut Streams<'_>,
) -> anyhow::Result<Exit> {
    // The generator panics where its writer fails, so it gets one that cannot.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command_line(), "gatewright", &mut script);
    streams.out.write_all(&script)?;
    Ok(Exit::Done)
}
