//! Policies that decide what runs, how often, and with which response it ends.

use super::{Reader, Step, Walk};
use crate::catalogue::Section;
use crate::catalogue::effect::Cause;
use crate::explain::Item;
use crate::explain::words::{and, code, sentence, text};
use crate::plan::policy::Element;

pub(super) fn step(walk: &mut Walk<'_>, name: &str, reader: &mut Reader<'_>) -> Option<Step> {
    Some(match name {
        "base" => base(walk.section).to_owned().into(),
        "include-fragment" => {
            format!("runs the policies of the fragment {}", reader.words("fragment-id").unwrap_or_default()).into()
        }
        "choose" => choose(walk, reader),
        "retry" => retry(walk, reader),
        "forward-request" => forward(reader),
        "limit-concurrency" => {
            let (key, most) = (reader.words("key"), reader.plain("max-count"));
            let text = format!(
                "allows at most {} concurrent requests for each value of {}, and rejects others with {}",
                most.unwrap_or_default(),
                key.unwrap_or_default(),
                reader.status(walk.section, Cause::Concurrency).unwrap_or_default()
            );
            nested(walk, text, reader)
        }
        "return-response" => respond(reader),
        "mock-response" => {
            let status = reader.status(walk.section, Cause::Mocked).unwrap_or_default();
            let kind = reader.words("content-type");
            let kind = kind.map_or(String::new(), |kind| format!(" of type {kind}"));
            format!("answers {status}{kind} with an example from the API definition, without calling a backend").into()
        }
        "send-request" => send(walk, reader),
        "send-one-way-request" => send_and_forget(walk, reader),
        "wait" => {
            let text = if reader.is("for", "any") {
                "runs these in parallel and waits for the first"
            } else {
                reader.is("for", "all");
                "runs these in parallel and waits for all"
            };
            nested(walk, text.to_owned(), reader)
        }
        _ => return None,
    })
}

/// Reference apim-policies §1.2: a section goes on with the next broader scope at this place.
fn base(section: Section) -> &'static str {
    match section {
        Section::Inbound => {
            "runs the policies of the service, and those of the product if the key belongs to one; this deployment writes none of them"
        }
        Section::Backend => "runs the backend section of the product or service, which forwards the request by default",
        Section::Outbound | Section::OnError => "runs the policies of the service and the product, as above",
    }
}

fn nested(walk: &mut Walk<'_>, text: String, reader: &mut Reader<'_>) -> Step {
    Step { text, policies: Vec::new(), items: steps(walk, reader.all()) }
}

fn steps(walk: &mut Walk<'_>, elements: Vec<&Element>) -> Vec<Item> {
    elements.into_iter().map(|element| walk.item(element)).collect()
}

fn choose(walk: &mut Walk<'_>, reader: &mut Reader<'_>) -> Step {
    let arms: Vec<Step> = reader.all().into_iter().map(|arm| self::arm(walk, arm)).collect();
    match <[Step; 1]>::try_from(arms) {
        Ok([only]) => only,
        Err(arms) => {
            let item = |arm: Step| Item { policies: arm.policies, ..Item::new(sentence(&arm.text)).with(arm.items) };
            Step {
                text: "runs the first branch whose condition is true".to_owned(),
                policies: Vec::new(),
                items: arms.into_iter().map(item).collect(),
            }
        }
    }
}

fn arm(walk: &mut Walk<'_>, arm: &Element) -> Step {
    let mut reader = Reader::new(arm);
    let condition = reader.words("condition");
    let head = match &condition {
        Some(condition) => format!("if {condition}"),
        None => "else".to_owned(),
    };
    let children = reader.all();
    match children.as_slice() {
        [only] => {
            let step = walk.step(only);
            Step {
                text: format!("{head}: {}", step.text),
                policies: [only.name()].into_iter().chain(step.policies).collect(),
                items: step.items,
            }
        }
        _ => Step { text: head, policies: Vec::new(), items: steps(walk, children) },
    }
}

fn retry(walk: &mut Walk<'_>, reader: &mut Reader<'_>) -> Step {
    let condition = reader.words("condition").unwrap_or_default();
    let count = reader.plain("count").unwrap_or_default();
    let times = match count.as_str() {
        "1" => "once".to_owned(),
        count => format!("up to {count} times"),
    };
    let waits = waits(&count, reader);
    nested(walk, format!("runs this, and retries {times} while {condition}; {waits}"), reader)
}

/// The waits between tries (reference apim-policies §2.4).
fn waits(count: &str, reader: &mut Reader<'_>) -> String {
    let interval = reader.plain("interval").unwrap_or_default();
    let delta = reader.plain("delta");
    let most = reader.plain("max-interval");
    let is_fast = reader.is("first-fast-retry", "true");
    reader.is("first-fast-retry", "false");
    let later = match (delta, most) {
        (None, _) if interval == "0" => "without delay".to_owned(),
        (None, _) => format!("after {interval} s"),
        (Some(delta), None) => format!("after {interval} s, plus {delta} s each time"),
        (Some(delta), Some(most)) => {
            format!("after {interval} s plus about {delta} s, doubling each time, up to {most} s")
        }
    };
    match is_fast {
        true if count == "1" || later == "without delay" => "without delay".to_owned(),
        true => format!("the first time without delay, then {later}"),
        false => later,
    }
}

/// Reference apim-policies §2.3.
fn forward(reader: &mut Reader<'_>) -> Step {
    let timeout = match (reader.plain("timeout"), reader.plain("timeout-ms")) {
        (Some(seconds), _) => format!("{seconds} s"),
        (None, Some(milliseconds)) => format!("{milliseconds} ms"),
        (None, None) => "300 s".to_owned(),
    };
    let mut parts = vec![format!("forwards the request to the backend, with a timeout of {timeout} to the first byte")];
    if reader.is("buffer-request-body", "true") {
        parts.push("buffers the body for retries".to_owned());
    }
    parts.push(if reader.is("buffer-response", "false") {
        "streams the answer".to_owned()
    } else {
        reader.is("buffer-response", "true");
        "buffers the answer in chunks of 8 KB".to_owned()
    });
    if reader.is("follow-redirects", "true") {
        parts.push("follows redirects".to_owned());
    }
    if reader.is("fail-on-error-status-code", "true") {
        parts.push("treats statuses from 400 as errors, which go to on-error".to_owned());
    }
    parts.join("; ").into()
}

fn respond(reader: &mut Reader<'_>) -> Step {
    let mut status = String::new();
    for element in reader.children("set-status") {
        let mut inside = Reader::new(element);
        let code = inside.plain("code").unwrap_or_default();
        let reason = inside.plain("reason");
        let reason = reason.map_or(String::new(), |reason| format!(" {reason}"));
        status = format!(" {code}{reason}");
    }
    let mut items = Vec::new();
    for element in reader.children("set-header") {
        let mut inside = Reader::new(element);
        let name = inside.words("name").unwrap_or_default();
        if inside.is("exists-action", "delete") {
            items.push(Item::new(format!("no header {name}")));
            continue;
        }
        // In a new response there is nothing to append to.
        inside.take("exists-action");
        let values = inside.texts("value");
        items.push(Item::new(format!("header {name}: {}", and(&values))));
    }
    for element in reader.children("set-body") {
        let body = Reader::new(element).body();
        items.push(Item::new(format!("body: {}", body.unwrap_or_default())));
    }
    let from = reader.words("response-variable-name");
    let from = from.map_or(String::new(), |from| format!(" with the response in the variable {from}"));
    Step { text: format!("stops and answers{status}{from}"), policies: Vec::new(), items }
}

/// The method and URL of a request, and how long the gateway waits.
fn sent(reader: &mut Reader<'_>) -> (String, String) {
    let url = reader.texts("set-url");
    let method = reader.texts("set-method");
    let is_copy = reader.is("mode", "copy");
    reader.is("mode", "new");
    let what = match (is_copy, method.first()) {
        (true, _) => "a copy of the request".to_owned(),
        (false, Some(method)) => format!("a {method} request of its own"),
        (false, None) => "a request of its own".to_owned(),
    };
    let to = url.first().map_or(String::new(), |url| format!(" to {url}"));
    let timeout = reader.plain("timeout").unwrap_or_else(|| "60".to_owned());
    (format!("{what}{to}"), timeout)
}

fn send_and_forget(walk: &mut Walk<'_>, reader: &mut Reader<'_>) -> Step {
    let (what, timeout) = sent(reader);
    let text = format!("sends {what} with a timeout of {timeout} s and continues without waiting for the answer");
    nested(walk, text, reader)
}

fn send(walk: &mut Walk<'_>, reader: &mut Reader<'_>) -> Step {
    let (what, timeout) = sent(reader);
    let failure = if reader.is("ignore-error", "true") {
        "continues without an answer on failure"
    } else {
        reader.is("ignore-error", "false");
        "fails on failure"
    };
    let variable = reader.take("response-variable-name").map(text);
    let text = format!(
        "sends {what} with a timeout of {timeout} s, {failure}, and stores the answer in {}",
        variable.unwrap_or_else(|| code(""))
    );
    nested(walk, text, reader)
}
