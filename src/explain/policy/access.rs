//! Policies that let callers in or refuse them, and those that limit them.

use super::{Reader, Step, Walk};
use crate::explain::Item;
use crate::explain::words::{and, code};

pub(super) fn step(walk: &mut Walk<'_>, name: &str, reader: &mut Reader<'_>) -> Option<Step> {
    Some(match name {
        "validate-azure-ad-token" => entra(walk, reader),
        "validate-jwt" => jwt(walk, reader),
        "check-header" => header(walk, reader),
        "ip-filter" => addresses(walk, reader),
        "cors" => cors(reader),
        "rate-limit" => rate(walk, reader, "rate-limit"),
        "rate-limit-by-key" => rate(walk, reader, "rate-limit-by-key"),
        "quota" => quota(walk, reader, "quota"),
        "quota-by-key" => quota(walk, reader, "quota-by-key"),
        _ => return None,
    })
}

/// Where a token is looked for, and what follows if it is not good (reference apim-policies §2.11).
fn token(walk: &mut Walk<'_>, reader: &mut Reader<'_>, policy: &'static str) -> (String, String) {
    let place = match (reader.words("header-name"), reader.words("query-parameter-name"), reader.words("token-value")) {
        (Some(header), _, _) => format!("the header {header}"),
        (None, Some(parameter), _) => format!("the query parameter {parameter}"),
        (None, None, Some(value)) => value,
        (None, None, None) => format!("the header {}", code("Authorization")),
    };
    let status = reader.plain("failed-validation-httpcode");
    let status = status.unwrap_or_else(|| "401".to_owned());
    let message = reader.words("failed-validation-error-message");
    walk.answers(status.clone(), policy, "the token is missing, expired or not one that is asked for");
    let message = message.map_or(String::new(), |message| format!(", saying {message}"));
    let variable = reader.words("output-token-variable-name");
    let variable = variable.map_or(String::new(), |name| format!("; notes it as the variable {name}"));
    (place, format!("refuses others with {status}{message}{variable}"))
}

fn entra(walk: &mut Walk<'_>, reader: &mut Reader<'_>) -> Step {
    let tenant = reader.words("tenant-id").unwrap_or_default();
    let (place, failure) = token(walk, reader, "validate-azure-ad-token");
    let mut items = Vec::new();
    for (group, what) in [
        ("client-application-ids", "made for one of the applications"),
        ("backend-application-ids", "made out to one of the applications"),
    ] {
        let ids = reader.listed(group, "application-id");
        if !ids.is_empty() {
            items.push(Item::new(format!("it is {what} {}", and(&ids))));
        }
    }
    items.extend(audiences(reader));
    items.extend(claims(reader));
    Step {
        text: format!("asks for a token of Entra ID, of the tenant {tenant}, in {place}, and {failure}"),
        policies: Vec::new(),
        items,
    }
}

fn jwt(walk: &mut Walk<'_>, reader: &mut Reader<'_>) -> Step {
    let (place, failure) = token(walk, reader, "validate-jwt");
    let mut items = Vec::new();
    for config in reader.children("openid-config") {
        let url = Reader::new(config).words("url").unwrap_or_default();
        items.push(Item::new(format!("it is signed with a key that {url} leads to")));
    }
    let issuers = reader.listed("issuers", "issuer");
    if !issuers.is_empty() {
        items.push(Item::new(format!("it is issued by one of {}", and(&issuers))));
    }
    items.extend(audiences(reader));
    items.extend(claims(reader));
    if let Some(scheme) = reader.words("require-scheme") {
        items.push(Item::new(format!("the word before it is {scheme}")));
    }
    Step { text: format!("asks for a token in {place}, and {failure}"), policies: Vec::new(), items }
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
                [] => format!("it has a claim {name}"),
                [one] => format!("its claim {name} has {one}"),
                values => format!("its claim {name} has {some} of {}", and(values)),
            };
            items.push(Item::new(format!("{says}{rest}")).with(left));
        }
    }
    items
}

fn header(walk: &mut Walk<'_>, reader: &mut Reader<'_>) -> Step {
    let name = reader.words("name").unwrap_or_default();
    let status = reader.plain("failed-check-httpcode").unwrap_or_default();
    let message = reader.words("failed-check-error-message").unwrap_or_default();
    let case = if reader.is("ignore-case", "true") {
        ", in any case,"
    } else {
        reader.is("ignore-case", "false");
        ""
    };
    let values = reader.texts("value");
    walk.answers(status.clone(), "check-header", format!("the header {name} is not what is asked for"));
    let wanted = match values.as_slice() {
        [] => String::new(),
        values => format!(" to be one of {}{case}", and(values)),
    };
    format!("asks for the header {name}{wanted} and refuses others with {status}, saying {message}").into()
}

fn addresses(walk: &mut Walk<'_>, reader: &mut Reader<'_>) -> Step {
    let mut addresses = reader.texts("address");
    for range in reader.children("address-range") {
        let mut inside = Reader::new(range);
        let (from, to) = (inside.words("from"), inside.words("to"));
        addresses.push(format!("{} to {}", from.unwrap_or_default(), to.unwrap_or_default()));
    }
    let addresses = and(&addresses);
    walk.answers("403", "ip-filter", "the caller's address is not let in");
    // Reference apim-policies §2.11: behind a proxy the address is the proxy's.
    if reader.is("action", "forbid") {
        format!("refuses callers from {addresses} with 403; behind a proxy its address counts")
    } else {
        reader.is("action", "allow");
        format!(
            "lets in callers from {addresses} alone, and refuses others with 403; behind a proxy its address counts"
        )
    }
    .into()
}

/// Reference apim-policies §2.11.
fn cors(reader: &mut Reader<'_>) -> Step {
    let mut items = Vec::new();
    for (group, name, what) in [
        ("allowed-origins", "origin", "pages of"),
        ("allowed-methods", "method", "methods"),
        ("allowed-headers", "header", "headers that they may send"),
        ("expose-headers", "header", "headers that they may read"),
    ] {
        let all = reader.listed(group, name);
        if !all.is_empty() {
            items.push(Item::new(format!("{what}: {}", and(&all))));
        }
    }
    if let Some(age) = reader.plain("preflight-result-max-age") {
        items.push(Item::new(format!("browsers may keep this for {age} s")));
    }
    if reader.is("allow-credentials", "true") {
        items.push(Item::new("browsers may send cookies and logins"));
    } else {
        reader.is("allow-credentials", "false");
    }
    let others = if reader.is("terminate-unmatched-request", "true") {
        "; GET and HEAD of other pages end here, what else they send without asking goes on"
    } else {
        reader.is("terminate-unmatched-request", "false");
        ""
    };
    Step {
        text: format!(
            "tells browsers which pages may call this API, and answers their preflight requests by itself: of those only this policy runs{others}"
        ),
        policies: Vec::new(),
        items,
    }
}

/// Reference apim-policies §2.6, §2.7.
fn rate(walk: &mut Walk<'_>, reader: &mut Reader<'_>, policy: &'static str) -> Step {
    let calls = reader.plain("calls").unwrap_or_default();
    let period = reader.plain("renewal-period").unwrap_or_default();
    let whose = match reader.words("counter-key") {
        Some(key) => format!("for each value of {key}"),
        None => "for each subscription".to_owned(),
    };
    walk.answers("429", policy, format!("more than {calls} calls in {period} s"));
    let mut text = format!("lets {calls} calls in {period} s through {whose}, and refuses others with 429");
    if let Some(condition) = reader.words("increment-condition") {
        text.push_str(&format!("; a call counts if {condition}"));
    }
    if let Some(header) = reader.words("retry-after-header-name") {
        text.push_str(&format!("; the header {header} says when to come again"));
    }
    if let Some(header) = reader.words("remaining-calls-header-name") {
        text.push_str(&format!("; the header {header} says what is left"));
    }
    text.into()
}

/// Reference apim-policies §2.8.
fn quota(walk: &mut Walk<'_>, reader: &mut Reader<'_>, policy: &'static str) -> Step {
    let calls = reader.plain("calls").map(|calls| format!("{calls} calls"));
    let bandwidth = reader.plain("bandwidth").map(|size| format!("{size} KB"));
    let most: Vec<String> = calls.into_iter().chain(bandwidth).collect();
    let period = match reader.plain("renewal-period").as_deref() {
        Some("0") | None => "for ever".to_owned(),
        Some(period) => format!("in {period} s"),
    };
    let whose = match reader.words("counter-key") {
        Some(key) => format!("for each value of {key}"),
        None => "for each subscription".to_owned(),
    };
    let most = and(&most);
    walk.answers("403", policy, format!("more than {most} {period}"));
    let mut text = format!("lets {most} {period} through {whose}, and refuses others with 403");
    if let Some(condition) = reader.words("increment-condition") {
        text.push_str(&format!("; a call counts if {condition}"));
    }
    text.into()
}
