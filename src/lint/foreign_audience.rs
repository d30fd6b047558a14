//! A token for an Azure service that is sent to another host.

use crate::catalogue::host;
use crate::diag::{Code, Report};
use crate::resolve::{Audience, Credential, Resolution, Target};

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    for (key, backend) in &resolution.parts.backends {
        let Target::Http { url, credential: Credential::Identity(Audience::Application(audience)) } = &backend.target
        else {
            continue;
        };
        let key = key.as_str();
        if host::is_azures(host::of(audience)) && !host::is_azures(host::of(url)) {
            report.push(
                Code::ForeignAudience
                    .at(resolution.value(&["backends", key, "credential", "managedIdentity", "audience"]))
                    .says(format!("`{key}` would receive a token for an Azure service"))
                    .because("the host could use it there, with the rights of the gateway's identity")
                    .also(resolution.value(&["backends", key, "url"]), "this host does not belong to Microsoft")
                    .help("use the audience of the service's own application, unless this is your own proxy in front of the Azure service"),
            );
        }
    }
}
