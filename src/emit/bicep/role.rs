//! `modules/*-role.bicep`: a role on one kind of resource, in the resource group of the module.

use super::filters;
use crate::emit::{Files, render};
use crate::plan::Plan;

/// A kind of resource that the gateway's identity gets roles on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum On {
    /// An Azure AI account.
    Account,
    /// A key vault.
    Vault,
    /// An Application Insights component.
    Component,
}

impl On {
    /// The module, seen from `main.bicep`.
    pub(super) fn module(self) -> &'static str {
        match self {
            Self::Account => "modules/account-role.bicep",
            Self::Vault => "modules/key-vault-role.bicep",
            Self::Component => "modules/application-insights-role.bicep",
        }
    }

    /// ARM's type of the resource and the API version.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Account => "Microsoft.CognitiveServices/accounts@2025-06-01",
            Self::Vault => "Microsoft.KeyVault/vaults@2024-11-01",
            Self::Component => "Microsoft.Insights/components@2020-02-02",
        }
    }

    fn description(self) -> &'static str {
        match self {
            Self::Account => "Azure AI account, in the resource group of this module.",
            Self::Vault => "Key vault, in the resource group of this module.",
            Self::Component => "Application Insights component, in the resource group of this module.",
        }
    }
}

#[derive(askama::Template)]
#[template(path = "bicep/role.bicep.j2")]
struct RoleView<'a> {
    source: &'a str,
    description: &'static str,
    kind: &'static str,
}

pub(super) fn files(plan: &Plan, files: &mut Files<'_>) {
    let all = [
        (On::Account, !plan.account_backends.is_empty()),
        (On::Vault, !plan.vaults.is_empty()),
        (On::Component, plan.insights.is_some()),
    ];
    for (on, _) in all.into_iter().filter(|(_, is_there)| *is_there) {
        let view = RoleView { source: &plan.source_name, description: on.description(), kind: on.kind() };
        files.add(on.module(), render(&view));
    }
}
