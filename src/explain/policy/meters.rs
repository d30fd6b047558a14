//! Policies that measure, log and remember.

use super::{Reader, Step, Walk};
use crate::explain::words::and;

pub(super) fn step(_: &mut Walk<'_>, name: &str, reader: &mut Reader<'_>) -> Option<Step> {
    let text = match name {
        "emit-metric" => {
            let value = reader.plain("value").unwrap_or_else(|| "1".to_owned());
            let name = reader.words("name").unwrap_or_default();
            format!("sends {value} to Application Insights as the metric {name}{}", dimensions(reader))
        }
        "llm-emit-token-metric" | "azure-openai-emit-token-metric" => {
            format!("sends the token usage to Application Insights as metrics{}", dimensions(reader))
        }
        "log-to-eventhub" => {
            let logger = reader.words("logger-id").unwrap_or_default();
            let message = reader.body().unwrap_or_default();
            format!("sends this to the event hub of the logger {logger}: {message}")
        }
        "trace" => {
            let message = and(&reader.texts("message"));
            let severity = reader.plain("severity").unwrap_or_else(|| "verbose".to_owned());
            let source = reader.words("source").unwrap_or_default();
            format!("writes a trace of {source}, {severity}: {message}")
        }
        "cache-lookup-value" => {
            let key = reader.words("key").unwrap_or_default();
            let variable = reader.words("variable-name").unwrap_or_default();
            let default = reader.words("default-value");
            let default = default.map_or(String::new(), |value| format!(", or {value}"));
            format!("sets the variable {variable} to the cached value of {key}{default}")
        }
        "cache-store-value" => {
            let key = reader.words("key").unwrap_or_default();
            let value = reader.words("value").unwrap_or_default();
            let duration = reader.plain("duration").unwrap_or_default();
            format!("caches {value} under {key} for {duration} s")
        }
        _ => return None,
    };
    Some(text.into())
}

/// The namespace of a metric, and its dimensions.
fn dimensions(reader: &mut Reader<'_>) -> String {
    let space = reader.words("namespace");
    let space = space.map_or(String::new(), |space| format!(" in {space}"));
    let mut dimensions = Vec::new();
    for dimension in reader.children("dimension") {
        let mut inside = Reader::new(dimension);
        let name = inside.words("name").unwrap_or_default();
        dimensions.push(match inside.words("value") {
            Some(value) => format!("{name} ({value})"),
            None => name,
        });
    }
    match dimensions.as_slice() {
        [] => space,
        dimensions => format!("{space}, by {}", and(dimensions)),
    }
}
