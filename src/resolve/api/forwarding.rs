//! Forwarding of requests: the timeout, and whether responses are streamed.

use super::Resolver;
use crate::catalogue::sku::{Sku, Tier};
use crate::catalogue::surface::Surface;
use crate::catalogue::timeout_honoured;
use crate::diag::{Code, Report};
use crate::model;
use crate::resolve::measure::Seconds;

/// True if this setting requests streamed responses.
pub fn streams(streaming: &model::Streaming) -> bool {
    match streaming {
        model::Streaming::Flag(flag) => *flag,
        model::Streaming::Options(_) => true,
    }
}

impl Resolver<'_> {
    pub(super) fn timeout(&self, is_model: bool, report: &mut Report) -> Option<Seconds> {
        let usual = if is_model { 120 } else { 30 };
        let longest = timeout_honoured(self.service.sku.map(Sku::tier));
        // A little less than the service waits, so that callers get an answer of the gateway.
        let default = if usual < longest { usual } else { longest - 2 };
        let Some(text) = &self.api.timeout else {
            return Some(Seconds(default));
        };
        let at = self.value(&["timeout"]);
        let seconds = Seconds::parse(text);
        match seconds {
            Some(Seconds(0)) => {
                report.push(
                    Code::MeaninglessDuration
                        .at(at)
                        .says(format!("a timeout of `{text}` would end every request at once"))
                        .because("the minimum is one second")
                        .help(format!("remove it for the default, `{default}s`")),
                );
                return None;
            }
            None => {
                report.push(
                    Code::MeaninglessDuration
                        .at(at)
                        .says(format!("a timeout of `{text}` is longer than a day"))
                        .because(format!("the service waits about {longest} s for the first byte of a response"))
                        .help(format!("use `{longest}s` or less, or remove it for the default, `{default}s`")),
                );
                return None;
            }
            Some(_) => {}
        }
        seconds
    }

    pub(super) fn streaming(&self, surface: Surface, report: &mut Report) -> Streaming {
        let streams = self.api.streaming.as_ref().map_or(surface.is_model(), streams);
        let adds_usage = match &self.api.streaming {
            Some(model::Streaming::Options(options)) => options.include_usage == Some(true),
            Some(model::Streaming::Flag(_)) | None => false,
        };
        if adds_usage && !surface.takes_usage() {
            report.push(
                Code::UsageUnsupported
                    .at(self.value(&["streaming", "includeUsage"]))
                    .says(format!("surface `{}` does not support `includeUsage`", surface.word()))
                    .because("only streamed OpenAI chat completions can report their token usage")
                    .help("remove `includeUsage`"),
            );
        }
        if streams && self.service.sku.map(Sku::tier) == Some(Tier::Consumption) {
            let (at, because, help) = match self.api.streaming {
                Some(_) => (
                    self.value(&["streaming"]),
                    "responses would be streamed because of this",
                    "write `streaming: false`, or use another tier",
                ),
                None => (
                    self.at(&[]),
                    "APIs of models stream responses by default",
                    "add `streaming: false`, or use another tier",
                ),
            };
            report.push(
                Code::Tier
                    .at(at)
                    .says(format!("API `{}` streams responses, which the Consumption tier does not support", self.key))
                    .because(because)
                    .also(self.context.value(&["gateway", "sku"]), "the tier is set here")
                    .help(help),
            );
        }
        Streaming { passes_on: streams, adds_usage }
    }
}

/// The streaming of responses.
pub(super) struct Streaming {
    /// True if responses are streamed.
    pub(super) passes_on: bool,
    /// True if the usage of streamed chats is requested.
    pub(super) adds_usage: bool,
}
