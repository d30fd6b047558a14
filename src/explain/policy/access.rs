//! Policies that let callers in or refuse them, and those that limit them.

use super::{Reader, Step, Walk};
use crate::catalogue::Section;
use crate::catalogue::effect::Cause;
use crate::explain::Item;
use crate::explain::words::{and, code};

pub(super) fn step(walk: &mut Walk<'_>, name: &str, reader: &mut Reader<'_>) -> Option<Step> {
    Some(match name {
        "validate-azure-ad-token" => entra(walk.section, reader),
        "validate-jwt" => jwt(walk.section, reader),
        "check-header" => header(walk.section, reader),
        "ip-filter" => addresses(walk.section, reader),
        "cors" => cors(reader),
        "rate-limit" | "rate-limit-by-key" => rate(walk.section, reader),
        "quota" | "quota-by-key" => quota(walk.section, reader),
        _ => return None,
    })
}

/// The token's place in the request, and the response if it is not valid (reference apim-policies §2.11).
fn token(section: Section, reader: &mut Reader<'_>) -> (String, String) {
    let place = match (reader.words("header-name"), reader.words("query-parameter-name"), reader.words("token-value")) {
        (Some(header), _, _) => format!("the header {header}"),
        (None, Some(parameter), _) => format!("the query parameter {parameter}"),
        (None, None, Some(value)) => value,
        (None, None, None) => format!("the header {}", code("Authorization")),
    };
    let status = reader.status(section, Cause::Token).unwrap_or_default();
    let message = reader.words("failed-validation-error-message");
    let message = message.map_or(String::new(), |message| format!(", saying {message}"));
    let variable = reader.words("output-token-variable-name");
    let variable = variable.map_or(String::new(), |name| format!("; stores it in the variable {name}"));
    (place, format!("rejects other requests with {status}{message}{variable}"))
}

fn entra(section: Section, reader: &mut Reader<'_>) -> Step {
    let tenant = reader.words("tenant-id").unwrap_or_default();
    let (place, failure) = token(section, reader);
    let mut items = Vec::new();
    for (group, what) in [
        ("client-application-ids", "issued to one of the applications"),
        ("backend-application-ids", "issued for one of the applications"),
    ] {
        let ids = reader.listed(group, "application-id");
        if !ids.is_empty() {
            items.push(Item::new(format!("it is {what} {}", and(&ids))));
        }
    }
    items.extend(audiences(reader));
    items.extend(claims(reader));
    Step {
        text: format!("requires an Entra ID token of the tenant {tenant} in {place}, and {failure}"),
        policies: Vec::new(),
        items,
    }
}

fn jwt(section: Section, reader: &mut Reader<'_>) -> Step {
    let (place, failure) = token(section, reader);
    let mut items = Vec::new();
    for config in reader.children("openid-config") {
        let url = Reader::new(config).words("url").unwrap_or_default();
        items.push(Item::new(format!("it is signed with a key published at {url}")));
    }
    let issuers = reader.listed("issuers", "issuer");
    if !issuers.is_empty() {
        items.push(Item::new(format!("it is issued by one of {}", and(&issuers))));
    }
    items.extend(audiences(reader));
    items.extend(claims(reader));
    if let Some(scheme) = reader.words("require-scheme") {
        items.push(Item::new(format!("its scheme is {scheme}")));
    }
    Step { text: format!("requires a token in {place}, and {failure}"), policies: Vec::new(), items }
}

fn audiences(reader: &mut Reader<'_>) -> Option<Item> {
    let audiences = reader.listed("audiences", "audience");
    (!audiences.is_empty()).then(|| Item::new(format!("its audience is one of {}", and(&audiences))))
}

fn claims(reader: &mut Reader<'_>) -> Vec<Item> {
    let mut items = Vec::new();
    for group in reader.children("required-claims") {
        for claim in Reader::new(group).all() {
            let mut inside = Reader::new(claim);
            let name = inside.words("name").unwrap_or_default();
            let some = if inside.is("match", "any") {
                "one"
            } else {
                inside.is("match", "all");
                "each"
            };
            let values = inside.texts("value");
            let (rest, left) = inside.finish();
            let says = match values.as_slice() {
                [] => format!("it has the claim {name}"),
                [one] => format!("its claim {name} has {one}"),
                values => format!("its claim {name} has {some} of {}", and(values)),
            };
            items.push(Item::new(format!("{says}{rest}")).with(left));
        }
    }
    items
}

fn header(section: Section, reader: &mut Reader<'_>) -> Step {
    let name = reader.words("name").unwrap_or_default();
    let status = reader.status(section, Cause::Header).unwrap_or_default();
    let message = reader.words("failed-check-error-message").unwrap_or_default();
    let case = if reader.is("ignore-case", "true") {
        " (case-insensitive)"
    } else {
        reader.is("ignore-case", "false");
        ""
    };
    let values = reader.texts("value");
    let wanted = match values.as_slice() {
        [] => String::new(),
        values => format!(" to be one of {}{case}", and(values)),
    };
    format!("requires the header {name}{wanted} and rejects other requests with {status}, saying {message}").into()
}

fn addresses(section: Section, reader: &mut Reader<'_>) -> Step {
    let mut addresses = reader.texts("address");
    for range in reader.children("address-range") {
        let mut inside = Reader::new(range);
        let (from, to) = (inside.words("from"), inside.words("to"));
        addresses.push(format!("{} to {}", from.unwrap_or_default(), to.unwrap_or_default()));
    }
    let addresses = and(&addresses);
    let status = reader.status(section, Cause::Address).unwrap_or_default();
    // Reference apim-policies §2.11: for callers behind a proxy the address is the proxy's.
    if reader.is("action", "forbid") {
        format!("rejects callers from {addresses} with {status}; behind a proxy, its address counts")
    } else {
        reader.is("action", "allow");
        format!(
            "allows callers from {addresses} only, and rejects others with {status}; behind a proxy, its address counts"
        )
    }
    .into()
}

/// Reference apim-policies §2.11.
fn cors(reader: &mut Reader<'_>) -> Step {
    let mut items = Vec::new();
    for (group, name, what) in [
        ("allowed-origins", "origin", "allowed origins"),
        ("allowed-methods", "method", "allowed methods"),
        ("allowed-headers", "header", "allowed request headers"),
        ("expose-headers", "header", "exposed response headers"),
    ] {
        let all = reader.listed(group, name);
        if !all.is_empty() {
            items.push(Item::new(format!("{what}: {}", and(&all))));
        }
    }
    if let Some(age) = reader.plain("preflight-result-max-age") {
        items.push(Item::new(format!("browsers may cache preflight answers for {age} s")));
    }
    if reader.is("allow-credentials", "true") {
        items.push(Item::new("browsers may send credentials such as cookies"));
    } else {
        reader.is("allow-credentials", "false");
    }
    let others = if reader.is("terminate-unmatched-request", "true") {
        "; GET and HEAD requests of other origins end here, other simple requests continue"
    } else {
        reader.is("terminate-unmatched-request", "false");
        ""
    };
    Step {
        text: format!(
            "allows web pages to call this API (CORS) and answers their preflight requests, for which no other policy runs{others}"
        ),
        policies: Vec::new(),
        items,
    }
}

/// Reference apim-policies §2.6, §2.7.
fn rate(section: Section, reader: &mut Reader<'_>) -> Step {
    let calls = reader.plain("calls").unwrap_or_default();
    let period = reader.plain("renewal-period").unwrap_or_default();
    let whose = match reader.words("counter-key") {
        Some(key) => format!("for each value of {key}"),
        None => "for each subscription".to_owned(),
    };
    let status = reader.status(section, Cause::Calls).unwrap_or_default();
    let mut text = format!("limits calls to {calls} per {period} s {whose}, and rejects more with {status}");
    if let Some(condition) = reader.words("increment-condition") {
        text.push_str(&format!("; a call counts if {condition}"));
    }
    if let Some(header) = reader.words("retry-after-header-name") {
        text.push_str(&format!("; the header {header} says when to retry"));
    }
    if let Some(header) = reader.words("remaining-calls-header-name") {
        text.push_str(&format!("; the header {header} has the remaining calls"));
    }
    text.into()
}

/// Reference apim-policies §2.8.
fn quota(section: Section, reader: &mut Reader<'_>) -> Step {
    let calls = reader.plain("calls").map(|calls| format!("{calls} calls"));
    let bandwidth = reader.plain("bandwidth").map(|size| format!("{size} KB"));
    let most: Vec<String> = calls.into_iter().chain(bandwidth).collect();
    let period = match reader.plain("renewal-period").as_deref() {
        Some("0") | None => "in total".to_owned(),
        Some(period) => format!("per {period} s"),
    };
    let whose = match reader.words("counter-key") {
        Some(key) => format!("for each value of {key}"),
        None => "for each subscription".to_owned(),
    };
    let most = and(&most);
    let status = reader.status(section, Cause::Quota).unwrap_or_default();
    let mut text = format!("limits usage to {most} {period} {whose}, and rejects more with {status}");
    if let Some(condition) = reader.words("increment-condition") {
        text.push_str(&format!("; a call counts if {condition}"));
    }
    text.into()
}
