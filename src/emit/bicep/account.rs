//! `modules/account.bicep` and `modules/foundry-account.bicep`: the role on an account, and its hosts. A Foundry account has more of
//! them, and to ask any other account for these would fail.

use std::collections::BTreeSet;

use super::filters;
use crate::emit::{Files, render};
use crate::plan::{Account, Host, Plan};

#[derive(askama::Template)]
#[template(path = "bicep/account.bicep.j2")]
struct AccountView<'a> {
    source: &'a str,
    has_endpoint: bool,
    has_foundry: bool,
}

/// The module of an account, seen from `main.bicep`.
pub(super) fn module(account: &Account) -> &'static str {
    if is_foundry(account) { "modules/foundry-account.bicep" } else { "modules/account.bicep" }
}

/// The property of the module's outputs that holds a host.
pub(super) fn output(host: Host) -> &'static str {
    match host {
        Host::Endpoint => ".outputs.host",
        Host::Foundry => ".outputs.foundryHost",
    }
}

fn is_foundry(account: &Account) -> bool {
    account.hosts.contains(&Host::Foundry)
}

pub(super) fn files(plan: &Plan, files: &mut Files<'_>) {
    for foundry in [false, true] {
        let all: Vec<&Account> = plan.accounts.iter().filter(|account| is_foundry(account) == foundry).collect();
        let Some(first) = all.first() else { continue };
        let hosts: BTreeSet<Host> = all.iter().flat_map(|one| one.hosts.clone()).collect();
        let view = AccountView {
            source: &plan.source_name,
            has_endpoint: hosts.contains(&Host::Endpoint),
            has_foundry: foundry,
        };
        files.add(module(first), render(&view));
    }
}
