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
                    .says("it is not documented whether the service compares IPv6 addresses")
                    .because("the gateway returns 403 to callers that the filter does not recognise")
                    .help("test it on the service, or list IPv4 addresses, which callers use to reach most services"),
            );
        }
    }
}
