//! Custom policies whose page does not name the service's tier.

use super::included::each;
use crate::diag::{Code, Report};
use crate::resolve::Resolution;

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    let Some(sku) = resolution.parts.service.sku else { return };
    each(resolution, |statement, position| {
        let Some(policy) = statement.policy else { return };
        // What a tier rejects is an error.
        let is_open = policy.gateways.runs_on(sku.tier()) && !policy.documented.runs_on(sku.tier());
        if !is_open {
            return;
        }
        let found = position
            .at(Code::UndocumentedTier, statement.at.clone())
            .says(format!("the policy `{}` is not documented for {sku}", statement.name))
            .because("its page names the tiers Developer, Basic, Standard and Premium")
            .help("test it on the service before you rely on it, or use `send-one-way-request`");
        position.push(found, report);
    });
}
