//! A filter that lets everybody in, by one range or by all of them together.

use crate::diag::{Code, Report};
use crate::resolve::{Addresses, Resolution, holders};

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    for api in resolution.written().apis.keys() {
        let allowed = resolution.allowed(api);
        for one in &allowed {
            if one.range.is_everybody() {
                report.push(
                    Code::EveryAddress
                        .at(resolution.address(api, one.position))
                        .says(format!("`{}` allows every address", one.text))
                        .because("a range with `/0` contains all addresses")
                        .help("remove `ipFilter`, or list the addresses of callers"),
                );
            }
        }
        let ranges: Vec<Addresses> = allowed.iter().map(|one| one.range).collect();
        let held = holders(&ranges);
        let kept: Vec<Addresses> =
            ranges.iter().zip(held).filter(|(_, holder)| holder.is_none()).map(|(range, _)| *range).collect();
        // Those that are kept have nothing in common.
        let total: u64 = kept.iter().map(Addresses::size).sum();
        if total == 1 << 32 && !kept.iter().any(Addresses::is_everybody) {
            report.push(
                Code::EveryAddress
                    .at(resolution.value(&["apis", api, "ipFilter", "allow"]))
                    .says("these ranges together allow every address")
                    .because("together they contain all IPv4 addresses")
                    .help("remove `ipFilter`, or list the addresses of callers"),
            );
        }
    }
}
