//! `modules/key-vault.bicep`: the role that reads secrets of a vault, and where the vault is.

use super::filters;
use crate::emit::{Files, render};
use crate::plan::Plan;

#[derive(askama::Template)]
#[template(path = "bicep/key_vault.bicep.j2")]
struct VaultView<'a> {
    source: &'a str,
}

pub(super) fn file(plan: &Plan, files: &mut Files<'_>) {
    if plan.vaults.is_empty() {
        return;
    }
    let view = VaultView { source: &plan.source_name };
    files.add("modules/key-vault.bicep", render(&view));
}
