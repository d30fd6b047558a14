//! Policies that only custom policies use (catalogue, `others`): the facts are from their pages in the documentation.

use super::{Reader, Step, Walk};
use crate::catalogue::Section;
use crate::catalogue::effect::Cause;
use crate::explain::Item;
use crate::explain::words::{and, code};

pub(super) fn step(walk: &mut Walk<'_>, name: &str, reader: &mut Reader<'_>) -> Option<Step> {
    Some(match name {
        "set-method" => format!("sets the method to {}", reader.body().unwrap_or_default()).into(),
        "set-status" => {
            let status = reader.status(walk.section, Cause::StatusSet).unwrap_or_default();
            let reason = reader.plain("reason").unwrap_or_default();
            format!("sets the status to {status} {reason}").into()
        }
        "proxy" => {
            let url = reader.words("url").unwrap_or_default();
            let user = reader.words("username");
            reader.take("password");
            let user = user.map_or(String::new(), |user| format!(", with the user name {user} and a password"));
            format!("uses the HTTP proxy {url}{user}").into()
        }
        "find-and-replace" => {
            let from = reader.words("from").unwrap_or_default();
            let to = reader.words("to").unwrap_or_default();
            format!("replaces every {from} in the body with {to}").into()
        }
        "json-to-xml" => convert(reader, "JSON", "XML").into(),
        "xml-to-json" => {
            let kind = match reader.plain("kind").as_deref() {
                Some("javascript-friendly") | None => "script-friendly JSON".to_owned(),
                Some("direct") => "JSON that mirrors it".to_owned(),
                Some(other) => format!("JSON of the kind {other}"),
            };
            convert(reader, "XML", &kind).into()
        }
        "redirect-content-urls" if walk.section == Section::Inbound => {
            "replaces the gateway's URL with the backend's in the body".to_owned().into()
        }
        "redirect-content-urls" => "replaces the backend's URL with the gateway's in the body".to_owned().into(),
        "jsonp" => {
            let parameter = reader.words("callback-parameter-name").unwrap_or_default();
            format!("wraps the answer in a call of the function named by the query parameter {parameter} (JSONP)")
                .into()
        }
        "validate-content" => content(walk.section, reader),
        "validate-parameters" => parameters(walk.section, reader),
        "validate-headers" => headers(walk.section, reader),
        "validate-status-code" => status_codes(walk.section, reader),
        "validate-odata-request" => "rejects requests that are not valid OData".to_owned().into(),
        "validate-client-certificate" => certificate(reader),
        "get-authorization-context" => authorization(reader),
        "cache-lookup" => lookup(reader),
        "cache-store" => {
            let duration = reader.plain("duration").unwrap_or_default();
            let which = match reader.words("cache-response") {
                Some(condition) => format!("if {condition}"),
                None => format!("if the status is {}", code("200")),
            };
            format!("caches answers to GET requests for {duration} s, {which}").into()
        }
        "cache-remove-value" => {
            let key = reader.words("key").unwrap_or_default();
            format!("removes {key} from the cache").into()
        }
        "send-service-bus-message" => message(reader),
        _ => return None,
    })
}

fn convert(reader: &mut Reader<'_>, from: &str, to: &str) -> String {
    let which = match reader.plain("apply").as_deref() {
        Some("always") => String::new(),
        Some("content-type-json" | "content-type-xml") | None => {
            format!(" that is {from} by its `Content-Type`")
        }
        Some(other) => format!(" that {other} means"),
    };
    let asked = if reader.is("consider-accept-header", "false") {
        ""
    } else {
        reader.is("consider-accept-header", "true");
        ", if `Accept` requests it"
    };
    format!("converts a body{which} from {from} to {to}{asked}")
}

/// An action on content that does not match the definition.
fn action(word: Option<String>) -> String {
    match word.as_deref() {
        Some("prevent") => "is rejected".to_owned(),
        Some("detect") => "is accepted and recorded".to_owned(),
        Some("ignore") | None => "is ignored".to_owned(),
        Some(other) => format!("is handled by this action: {other}"),
    }
}

/// The status for content that does not match, if any of it is rejected.
fn refusal(section: Section, reader: &mut Reader<'_>) -> String {
    let Some(status) = reader.status(section, Cause::Definition) else {
        return "accepts mismatches".to_owned();
    };
    match section {
        Section::Inbound | Section::Backend => format!("rejects mismatches with {status}"),
        Section::Outbound | Section::OnError => {
            format!("replaces mismatching answers with {status}")
        }
    }
}

fn noted(reader: &mut Reader<'_>, name: &str) -> String {
    let variable = reader.words(name);
    variable.map_or(String::new(), |name| format!("; stores the errors in the variable {name}"))
}

fn content(section: Section, reader: &mut Reader<'_>) -> Step {
    let refusal = refusal(section, reader);
    let mut items = Vec::new();
    let unknown = action(reader.plain("unspecified-content-type-action"));
    items.push(Item::new(format!("a content type that is not in the definition {unknown}")));
    let size = reader.plain("max-size").unwrap_or_default();
    let large = action(reader.plain("size-exceeded-action"));
    items.push(Item::new(format!("a body of more than {size} bytes {large}")));
    for content in reader.children("content") {
        let mut inside = Reader::new(content);
        let kind = inside.words("type");
        let kind = kind.unwrap_or_else(|| "each content type".to_owned());
        let engine = inside.plain("validate-as").unwrap_or_default();
        let does = action(inside.plain("action"));
        let by = inside.words("schema-id");
        let by = by.map_or(String::new(), |by| format!(" by the schema {by}"));
        let (rest, left) = inside.finish();
        items.push(Item::new(format!("{kind} is validated as {engine}{by}: a mismatch {does}{rest}")).with(left));
    }
    let noted = noted(reader, "errors-variable-name");
    Step {
        text: format!("validates the body against the schemas of the definition, and {refusal}{noted}"),
        policies: Vec::new(),
        items,
    }
}

fn parameters(section: Section, reader: &mut Reader<'_>) -> Step {
    let refusal = refusal(section, reader);
    let known = action(reader.plain("specified-parameter-action"));
    let unknown = action(reader.plain("unspecified-parameter-action"));
    let noted = noted(reader, "errors-variable-name");
    let mut items = vec![
        Item::new(format!("a mismatching one {known}")),
        Item::new(format!("one that is not in the definition {unknown}")),
    ];
    for (group, what) in [("headers", "headers"), ("query", "the query"), ("path", "the path")] {
        for element in reader.children(group) {
            let mut inside = Reader::new(element);
            let mut said = Vec::new();
            if let Some(word) = inside.plain("specified-parameter-action") {
                said.push(format!("a mismatching one {}", action(Some(word))));
            }
            if let Some(word) = inside.plain("unspecified-parameter-action") {
                said.push(format!("an unknown one {}", action(Some(word))));
            }
            said.extend(named(&mut inside, "parameter"));
            let (rest, left) = inside.finish();
            items.push(Item::new(format!("in {what}: {}{rest}", said.join("; "))).with(left));
        }
    }
    Step {
        text: format!("validates headers, query and path against the definition, and {refusal}{noted}"),
        policies: Vec::new(),
        items,
    }
}

/// Elements with the action for one name or number.
fn named(reader: &mut Reader<'_>, element: &str) -> Vec<String> {
    let named = reader.children(element).into_iter().map(|one| {
        let mut inside = Reader::new(one);
        let which = inside.words("name").or_else(|| inside.plain("code"));
        let does = action(inside.plain("action"));
        format!("{} {does}", which.unwrap_or_default())
    });
    named.collect()
}

fn headers(section: Section, reader: &mut Reader<'_>) -> Step {
    let refusal = refusal(section, reader);
    let known = action(reader.plain("specified-header-action"));
    let unknown = action(reader.plain("unspecified-header-action"));
    let noted = noted(reader, "errors-variable-name");
    let mut items = vec![
        Item::new(format!("a mismatching one {known}")),
        Item::new(format!("one that is not in the definition {unknown}")),
    ];
    items.extend(named(reader, "header").into_iter().map(Item::new));
    Step {
        text: format!("validates the answer's headers against the definition, and {refusal}{noted}"),
        policies: Vec::new(),
        items,
    }
}

fn status_codes(section: Section, reader: &mut Reader<'_>) -> Step {
    let refusal = refusal(section, reader);
    let unknown = action(reader.plain("unspecified-status-code-action"));
    let noted = noted(reader, "errors-variable-name");
    let mut items = vec![Item::new(format!("one that is not in the definition {unknown}"))];
    items.extend(named(reader, "status-code").into_iter().map(Item::new));
    Step {
        text: format!("validates the answer's status against the definition, and {refusal}{noted}"),
        policies: Vec::new(),
        items,
    }
}

fn certificate(reader: &mut Reader<'_>) -> Step {
    let failure = if reader.is("ignore-error", "true") {
        "continues if it is invalid"
    } else {
        reader.is("ignore-error", "false");
        "fails if it is invalid"
    };
    let mut items = Vec::new();
    for (name, what) in [
        ("validate-revocation", "revocation"),
        ("validate-trust", "the chain of trust"),
        ("validate-not-before", "the start of validity"),
        ("validate-not-after", "the end of validity"),
    ] {
        if reader.is(name, "false") {
            items.push(Item::new(format!("{what} is not checked")));
        } else {
            reader.is(name, "true");
        }
    }
    for group in reader.children("identities") {
        for identity in Reader::new(group).all() {
            // Each attribute is a thing that must be so.
            let (rest, left) = Reader::new(identity).finish();
            let rest = rest.trim_start_matches("; ");
            items.push(Item::new(format!("accepted: {rest}")).with(left));
        }
    }
    Step { text: format!("requires a client certificate, and {failure}"), policies: Vec::new(), items }
}

fn authorization(reader: &mut Reader<'_>) -> Step {
    let provider = reader.words("provider-id").unwrap_or_default();
    let connection = reader.words("authorization-id").unwrap_or_default();
    let variable = reader.words("context-variable-name").unwrap_or_default();
    let failure = if reader.is("ignore-error", "true") {
        "; continues without one on failure"
    } else {
        reader.is("ignore-error", "false");
        ""
    };
    let who = if reader.is("identity-type", "jwt") {
        reader.words("identity").map_or(String::new(), |token| format!(", for the owner of a token ({token})"))
    } else {
        reader.is("identity-type", "managed");
        ", for the system-assigned identity of the service".to_owned()
    };
    format!("stores a token of the connection {connection} of the credential provider {provider}{who} in the variable {variable}{failure}").into()
}

fn lookup(reader: &mut Reader<'_>) -> Step {
    let mut apart = Vec::new();
    for (name, what) in
        [("vary-by-developer", "the owner of the key"), ("vary-by-developer-groups", "the groups of the owner")]
    {
        if reader.is(name, "true") {
            apart.push(what.to_owned());
        } else {
            reader.is(name, "false");
        }
    }
    apart.extend(reader.texts("vary-by-header").iter().map(|name| format!("the header {name}")));
    apart.extend(reader.texts("vary-by-query-parameter").iter().map(|name| format!("the query parameter {name}")));
    let shared = match apart.as_slice() {
        [] => "shared by all callers".to_owned(),
        apart => format!("separately by {}", and(apart)),
    };
    let downstream = match reader.plain("downstream-caching-type").as_deref() {
        None | Some("none") => String::new(),
        Some(kind) => format!("; downstream caching: {kind}"),
    };
    let mut items = Vec::new();
    // As by default; another value is printed as it is.
    reader.is("must-revalidate", "true");
    match reader.words("allow-private-response-caching") {
        Some(condition) if condition == "`false`" => {}
        Some(condition) if condition == "`true`" => {
            items.push(Item::new("also for requests with an `Authorization` header"));
        }
        Some(condition) => {
            items.push(Item::new(format!("also for requests with an `Authorization` header, if {condition}")));
        }
        None => {}
    }
    Step { text: format!("answers GET requests from the cache, {shared}{downstream}"), policies: Vec::new(), items }
}

fn message(reader: &mut Reader<'_>) -> Step {
    let to = match (reader.words("queue-name"), reader.words("topic-name")) {
        (Some(queue), _) => format!("the queue {queue}"),
        (None, topic) => format!("the topic {}", topic.unwrap_or_default()),
    };
    let space = reader.words("namespace").map_or(String::new(), |space| format!(" in {space}"));
    let identity = match reader.words("client-id") {
        Some(client) => format!("the identity whose client id is {client}"),
        None => "the system-assigned identity of the service".to_owned(),
    };
    let payload = and(&reader.texts("payload"));
    format!("sends this to {to} of Service Bus{space}, as {identity}: {payload}").into()
}
