//! `schema`: what editors and other tools check gateway files with.

use super::{Exit, Streams};
use crate::model::schema;

pub(super) fn schema(streams: &mut Streams<'_>) -> anyhow::Result<Exit> {
    writeln!(streams.out, "{:#}", schema::schema())?;
    Ok(Exit::Done)
}
