//! A definition with streams of events on an API that does not stream.

use crate::diag::{Code, Report};
use crate::resolve::Resolution;

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    for (name, api) in &resolution.parts.apis {
        let key = name.as_str();
        // Who writes `streaming: false` has decided.
        let is_decided = resolution.written().apis[key].streaming.is_some();
        let Some(operation) = api.definition.operations.iter().find(|operation| operation.sends_events) else {
            continue;
        };
        if api.streams || is_decided {
            continue;
        }
        report.push(
            Code::BufferedEvents
                .at(resolution.key(&["apis", key]))
                .says(format!("the events of operation `{}` arrive late", operation.id))
                .because("the gateway buffers responses of this API, up to 8 KB of a stream at a time")
                .help("add `streaming: true`, or `streaming: false` if it is meant"),
        );
    }
}
