//! A filter for IPv6 addresses, which the service may not compare.

use crate::diag::{Code, Report};
use crate::resolve::Resolution;

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    for api in resolution.written().apis.keys() {
        let allowed = resolution.allowed(api);
        if let Some(one) = allowed.iter().find(|one| !one.range.first.is_ipv4()) {
            report.push(
                Code::AddressVersion
                    .at(resolution.address(api, one.position))
                    .says("whether IPv6 addresses are compared is not documented")
                    .because("callers who are not recognised get 403")
                    .help("test it on the service, or list IPv4 addresses, by which callers reach most services"),
            );
        }
    }
}
