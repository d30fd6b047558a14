//! A resource in another subscription whose group is not named.

use crate::diag::{Code, Report};
use crate::resolve::{Credential, Identity, Monitor, Resolution, ResourceRef, Target};

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    let parts = &resolution.parts;
    if let Identity::User(place) = &parts.service.identity {
        check_group(resolution, &["gateway", "identity", "user"], place, report);
    }
    for (name, backend) in &parts.backends {
        let here = ["backends", name.as_str()];
        match &backend.target {
            Target::Account { account, .. } => {
                check_group(resolution, &[here[0], here[1], "account"], account, report);
            }
            Target::Http { credential: Credential::Header(header), .. } => {
                let here = [here[0], here[1], "credential", "keyVaultSecret", "vault"];
                check_group(resolution, &here, &header.secret.vault, report);
            }
            Target::Http { .. } => {}
        }
    }
    if let Some(Monitor { component: place, .. }) = &parts.insights {
        check_group(resolution, &["observability", "applicationInsights"], place, report);
    }
}

fn check_group(resolution: &Resolution<'_>, here: &[&str], place: &ResourceRef, report: &mut Report) {
    if place.subscription.is_none() || place.resource_group.is_some() {
        return;
    }
    let at: Vec<&str> = here.iter().copied().chain(["subscription"]).collect();
    report.push(
        Code::GroupElsewhere
            .at(resolution.value(&at))
            .says(format!("`{}` is in another subscription, but has no `resourceGroup`", place.name))
            .because("a resource group with the gateway's group name would have to exist in that subscription")
            .help("add `resourceGroup: …`; remove both keys if it is in the same group as the gateway"),
    );
}
