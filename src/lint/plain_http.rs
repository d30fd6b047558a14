//! A backend that is called without encryption.

use crate::diag::{Code, Report};
use crate::resolve::Resolution;

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    for (key, url) in resolution.parts.urls() {
        if url.starts_with("http:") {
            report.push(
                Code::PlainHttp
                    .at(resolution.value(&["backends", key.as_str(), "url"]))
                    .says(format!("`{key}` is called without encryption"))
                    .because("data that is sent over `http://` can be read and changed on the network path")
                    .help("use `https://` if the service supports it"),
            );
        }
    }
}
