//! `gatewright schema`.

use clap::Args;

use super::{Console, Verdict};
use crate::model::schema;

/// Print the JSON Schema of gateway.yaml
///
/// It describes every key with its meaning, default and an example (draft 2020-12). Editors with YAML support complete and
/// validate a file with it.
#[derive(Debug, Args)]
#[command(
    after_long_help = "Example:\n  gatewright schema > gateway.schema.json\n\nThen write this as the first line of gateway.yaml:\n  # yaml-language-server: $schema=gateway.schema.json"
)]
pub(super) struct Arguments {}

pub(super) fn run(console: &mut Console<'_>) -> anyhow::Result<Verdict> {
    console.result(format!("{:#}\n", schema::editor_schema()))?;
    Ok(Verdict::Yes)
}
