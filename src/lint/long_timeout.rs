//! A timeout that is longer than the service waits.

use crate::catalogue::sku::Sku;
use crate::catalogue::timeout_honoured;
use crate::diag::{Code, Report};
use crate::resolve::Resolution;
use crate::resolve::measure::Seconds;

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    let longest = timeout_honoured(resolution.parts.service.sku.map(Sku::tier));
    for (key, api) in &resolution.written().apis {
        // One of more than a day is an error.
        let written = api.timeout.as_deref().and_then(Seconds::parse);
        if let Some(Seconds(seconds)) = written.filter(|seconds| seconds.0 > longest) {
            report.push(
                Code::LongTimeout
                    .at(resolution.value(&["apis", key, "timeout"]))
                    .says(format!("a timeout of {seconds} s is longer than the service supports"))
                    .because(format!("the service waits about {longest} s for the first byte of a response"))
                    .help(format!(
                        "use `{longest}s` or less; it applies to the first byte, so a streamed response may take longer"
                    )),
            );
        }
    }
}
