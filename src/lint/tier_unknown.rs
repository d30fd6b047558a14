//! A feature that one tier does not support, where the file does not name the tier. The length of policies is checked in `limits`, when
//! its text is there.

use crate::diag::{Code, Report};
use crate::resolve::Resolution;

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    if resolution.parts.service.sku.is_some() {
        return;
    }
    for (key, api) in &resolution.written().apis {
        if api.rate_limit.is_some() {
            report.push(
                Code::TierUnknown
                    .at(resolution.key(&["apis", key, "rateLimit"]))
                    .says(format!("the rate limit of API `{key}` is not supported by every tier"))
                    .because("the Consumption tier does not support `rate-limit-by-key`")
                    .help("set `gateway.sku`"),
            );
        }
        let is_asked_for = api.streaming.as_ref().is_some_and(crate::resolve::streams);
        if is_asked_for {
            report.push(
                Code::TierUnknown
                    .at(resolution.value(&["apis", key, "streaming"]))
                    .says(format!("API `{key}` streams responses, which not every tier supports"))
                    .because("the Consumption tier would buffer responses")
                    .help("set `gateway.sku`"),
            );
        }
    }
}
