//! Addresses that another range allows already.

use crate::diag::{Code, Report};
use crate::resolve::{Addresses, Resolution, holders};

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    for api in resolution.written().apis.keys() {
        let allowed = resolution.allowed(api);
        let ranges: Vec<Addresses> = allowed.iter().map(|one| one.range).collect();
        let at = |position| resolution.address(api, position);
        for (one, holder) in allowed.iter().zip(holders(&ranges)) {
            let Some(other) = holder.map(|at| &allowed[at]) else {
                continue;
            };
            report.push(
                Code::DuplicateAddress
                    .at(at(one.position))
                    .says(format!("`{}` is allowed already", one.text))
                    .because("this entry has no effect")
                    .also(at(other.position), format!("`{}` contains it", other.text))
                    .help("remove one of the two"),
            );
        }
    }
}
