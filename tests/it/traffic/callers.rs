//! Callers: tokens of Entra ID, addresses, web pages, and limits of requests.

use std::process::Command;

use serde_json::{Value, json};

use super::gateway::{Api, Gateway};
use super::http::{Backend, Message};
use super::{SYSTEM_IDENTITY, assert_nowhere, complete};
use crate::tool;

/// The key that tokens of the tests are signed with.
const SIGNING_KEY: &str = "the key of the tenant";
const CHAT: &str = "POST /openai/deployments/gpt-4o/chat/completions";
/// Seconds in which no test ends: the emulator's clock starts with the real one.
const NEVER: u64 = 4_000_000_000;

/// `Authorization` with a token that an API accepts, or with one that no one should see.
pub(super) fn good(api: &Api) -> String {
    match &api.claims {
        Some(claims) => unsigned(claims),
        None => "Bearer caller".to_owned(),
    }
}

fn unsigned(claims: &Value) -> String {
    token(&[], claims)
}

fn signed(key: &str, claims: &Value) -> String {
    token(&["--key", key], claims)
}

fn token(arguments: &[&str], claims: &Value) -> String {
    let serve = tool::own("gateway-emulator", "fakes/serve").expect("the emulator is there");
    let output = Command::new(serve).arg("token").args(arguments).arg(claims.to_string()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    format!("Bearer {}", String::from_utf8(output.stdout).unwrap().trim())
}

/// The claims with one of them as given; null: without it.
fn but(claims: &Value, name: &str, value: Value) -> Value {
    let mut claims = claims.clone();
    claims[name] = value;
    if claims[name].is_null() {
        claims.as_object_mut().unwrap().remove(name);
    }
    claims
}

/// Starts a gateway whose tenant signs tokens, and that takes a caller's address from a header.
fn start(case: &str, backend: &Backend) -> Option<Gateway> {
    let options = json!({ "jwtKey": SIGNING_KEY, "clientIpHeader": "X-Caller-Address" });
    Gateway::start_with(case, |_| backend.address.clone(), &options)
}

fn challenge(answer: &Message) -> Option<&str> {
    answer.header("www-authenticate")
}

#[test]
fn invalid_tokens_are_rejected() {
    let backend = Backend::start(complete);
    let Some(gateway) = start("entra", &backend) else {
        return;
    };
    let claims = gateway.api("openai").claims.unwrap();
    let claims = but(&claims, "exp", json!(NEVER));
    let send = |token: Option<&str>| {
        let headers: Vec<_> = token.map(|token| ("Authorization", token)).into_iter().collect();
        gateway.send(CHAT, &headers, "{}")
    };
    let none = send(None);
    assert_eq!((none.status(), challenge(&none)), (401, Some("Bearer realm=\"api\"")));
    let foreign = json!("44444444-4444-4444-4444-444444444444");
    for (what, token) in [
        ("no token", "Bearer nonsense".to_owned()),
        ("another key", signed("another key", &claims)),
        ("expired", signed(SIGNING_KEY, &but(&claims, "exp", json!(1_000_000_000)))),
        ("not yet", signed(SIGNING_KEY, &but(&claims, "nbf", json!(NEVER)))),
        ("audience", signed(SIGNING_KEY, &but(&claims, "aud", json!("https://graph.microsoft.com")))),
        ("no audience", signed(SIGNING_KEY, &but(&claims, "aud", Value::Null))),
        ("tenant", signed(SIGNING_KEY, &but(&claims, "tid", foreign))),
    ] {
        let answer = send(Some(&token));
        let expected = (401, Some("Bearer error=\"invalid_token\""));
        assert_eq!((answer.status(), challenge(&answer)), expected, "{what}: {answer:?}");
    }
    // A role is compared as a whole, and alone.
    for roles in [Value::Null, json!([]), json!(["Models.Us"]), json!(["Models.Use,Models.Manage"])] {
        let answer = send(Some(&signed(SIGNING_KEY, &but(&claims, "roles", roles.clone()))));
        let expected = (403, Some("Bearer error=\"insufficient_scope\""));
        assert_eq!((answer.status(), challenge(&answer)), expected, "{roles}: {answer:?}");
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(body["error"]["code"], "PermissionDenied");
    }
    assert!(backend.asked().is_empty());
    for roles in [json!(["Models.Manage"]), json!(["Other", "Models.Use"]), json!("Models.Use")] {
        let answer = send(Some(&signed(SIGNING_KEY, &but(&claims, "roles", roles.clone()))));
        assert_eq!(answer.status(), 200, "{roles}: {answer:?}");
    }
}

#[test]
fn no_backend_sees_the_token_of_a_caller() {
    let backend = Backend::start(complete);
    let Some(gateway) = start("entra", &backend) else {
        return;
    };
    for (path, request, expected) in [("openai", CHAT, Some(SYSTEM_IDENTITY)), ("weather", "GET /weather/cities", None)]
    {
        let api = gateway.api(path);
        let request = match path {
            "weather" => {
                let (method, path) = &api.operations[0];
                format!("{method} /weather{path}")
            }
            _ => request.to_owned(),
        };
        let token = signed(SIGNING_KEY, &api.claims.unwrap());
        let answer = gateway.send(&request, &[("Authorization", &token)], "{}");
        assert_eq!(answer.status(), 200, "{answer:?}");
        let asked = backend.asked().pop().unwrap();
        assert_eq!(asked.header("authorization"), expected);
        assert_nowhere(token.trim_start_matches("Bearer "), &asked);
    }
}

#[test]
fn a_token_is_passed_through_where_configured_and_still_checked() {
    let backend = Backend::start(complete);
    let Some(gateway) = start("token-passed-on", &backend) else {
        return;
    };
    let claims = gateway.api("calendar").claims.unwrap();
    for (claim, value, status) in [
        ("tid", json!("99999999-9999-9999-9999-999999999999"), 401),
        ("aud", json!("api://gateway"), 401),
        ("roles", json!(["Calendar.Write"]), 403),
    ] {
        let token = signed(SIGNING_KEY, &but(&claims, claim, value));
        let headers = [("Authorization", token.as_str())];
        let answer = gateway.send("GET /calendar/places/oslo", &headers, "");
        assert_eq!(answer.status(), status, "{claim}: {answer:?}");
    }
    assert!(backend.asked().is_empty());
    let good = signed(SIGNING_KEY, &claims);
    let headers = [("Authorization", good.as_str())];
    let answer = gateway.send("GET /calendar/places/oslo", &headers, "");
    assert_eq!(answer.status(), 200, "{answer:?}");
    assert_eq!(backend.only().header("authorization"), Some(good.as_str()));
}

#[test]
fn applications_are_identified_by_tokens_of_both_versions() {
    let backend = Backend::start(complete);
    let Some(gateway) = start("entra", &backend) else {
        return;
    };
    let api = gateway.api("weather");
    let (method, path) = &api.operations[0];
    let claims = api.claims.clone().unwrap();
    let second = "33333333-3333-3333-3333-33333333333b";
    let status = |claims: &Value| {
        let token = signed(SIGNING_KEY, claims);
        let answer = gateway.send(&format!("{method} /weather{path}"), &[("Authorization", &token)], "");
        answer.status()
    };
    assert_eq!(status(&but(&claims, "azp", json!(second))), 200);
    let v1 = but(&but(&claims, "azp", Value::Null), "appid", json!(second));
    assert_eq!(status(&v1), 200);
    assert_eq!(status(&but(&claims, "azp", json!("44444444-4444-4444-4444-444444444444"))), 401);
    assert_eq!(status(&but(&claims, "azp", Value::Null)), 401);
    let other = "22222222-2222-2222-2222-222222222222";
    assert_eq!(status(&but(&claims, "aud", json!(other))), 200);
}

#[test]
fn a_key_and_a_token_and_an_address_must_all_be_right() {
    let backend = Backend::start(complete);
    let Some(gateway) = start("keys-and-tokens", &backend) else {
        return;
    };
    let api = gateway.api("openai");
    let token = signed(SIGNING_KEY, api.claims.as_ref().unwrap());
    let request = "POST /openai/chat/completions";
    let key = ("api-key", api.keys[0].as_str());
    let token = ("Authorization", token.as_str());
    let inside = ("X-Caller-Address", "203.0.113.255");
    let send = |headers: &[(&str, &str)]| gateway.send(request, headers, "{}").status();
    assert_eq!(send(&[token, inside]), 401);
    assert_eq!(send(&[key, inside]), 401);
    for outside in ["203.0.112.255", "203.0.114.0", "127.0.0.2"] {
        assert_eq!(send(&[key, token, ("X-Caller-Address", outside)]), 403, "{outside}");
    }
    assert!(backend.asked().is_empty());
    assert_eq!(send(&[key, token, inside]), 200);
    assert_eq!(send(&[key, token, ("X-Caller-Address", "203.0.113.0")]), 200);
    assert_eq!(send(&[key, token]), 200);
    assert_nowhere(key.1, &backend.asked()[0]);
}

#[test]
fn preflights_need_no_key_and_requests_of_pages_do() {
    let backend = Backend::start(complete);
    let Some(gateway) = start("web-pages", &backend) else {
        return;
    };
    let api = gateway.api("openai");
    let preflight = |origin: &str, headers: &str| {
        let asked = [
            ("Origin", origin),
            ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", headers),
        ];
        gateway.send(&CHAT.replace("POST", "OPTIONS"), &asked, "")
    };
    let page = "https://chat.contoso.com";
    let answer = preflight(page, "api-key, content-type, x-ms-client-request-id, x-stainless-os, x-stainless-timeout");
    assert_eq!(answer.header("access-control-allow-origin"), Some(page), "{answer:?}");
    assert!(answer.header("access-control-allow-methods").unwrap().contains("POST"));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    for (origin, headers) in [("https://evil.example", "api-key"), (page, "x-other")] {
        let answer = preflight(origin, headers);
        assert_eq!(answer.header("access-control-allow-origin"), None, "{answer:?}");
    }
    let answer = gateway.send(CHAT, &[("Origin", page)], "{}");
    assert_eq!(answer.status(), 401);
    assert!(backend.asked().is_empty());
    let answer = gateway.send(CHAT, &[("Origin", page), ("api-key", &api.keys[0])], "{}");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.header("access-control-allow-origin"), Some(page));
    assert_eq!(answer.header("access-control-expose-headers"), Some("*"));
    // Any path: no operation takes OPTIONS, so that `cors` answers.
    let before = backend.asked().len();
    let asked = [("Origin", page), ("Access-Control-Request-Method", "PUT")];
    let answer = gateway.send("OPTIONS /news/a/b", &asked, "");
    assert_eq!(answer.header("access-control-allow-origin"), Some(page));
    let key = gateway.api("news").keys[0].clone();
    let headers = [("Origin", page), ("Ocp-Apim-Subscription-Key", &key)];
    let answer = gateway.send("PUT /news/a/b", &headers, "{}");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.header("access-control-allow-origin"), Some(page));
    assert_eq!(backend.asked().len(), before + 1);
}

#[test]
fn each_key_has_its_own_limit() {
    let backend = Backend::start(complete);
    let Some(gateway) = start("limits", &backend) else {
        return;
    };
    let agents = gateway.api("agents");
    let send = |key: &str, agent: Option<&str>| {
        let agent = agent.map(|agent| ("X-Agent-Id", agent));
        let headers: Vec<_> = [("api-key", key)].into_iter().chain(agent).collect();
        gateway.send("POST /agents/chat/completions", &headers, "{}")
    };
    let (first, second) = (&agents.keys[0], &agents.keys[1]);
    for _ in 0..10 {
        assert_eq!(send(first, None).status(), 200);
    }
    let refused = send(first, None);
    assert_eq!(refused.status(), 429, "{refused:?}");
    let wait: u32 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=30).contains(&wait), "{wait}");
    assert_eq!(send(first, Some("anonymous")).status(), 429);
    assert_eq!(send(first, Some("another")).status(), 200);
    assert_eq!(send(second, None).status(), 200);
    // Another API of the same backend counts by itself.
    let by_key = gateway.api("openai");
    let answer = gateway.send(CHAT, &[("api-key", &by_key.keys[0])], "{}");
    assert_eq!(answer.status(), 200);
    gateway.wait(wait);
    assert_eq!(send(first, None).status(), 200);
}

#[test]
fn addresses_and_applications_are_counted_apart() {
    let backend = Backend::start(complete);
    let Some(gateway) = start("limits", &backend) else {
        return;
    };
    let weather = gateway.api("weather");
    let (method, path) = &weather.operations[0];
    let from = |address: &str| {
        let headers = [(weather.key_header.as_str(), weather.keys[0].as_str()), ("X-Caller-Address", address)];
        gateway.send(&format!("{method} /weather{path}"), &headers, "").status()
    };
    let statuses: Vec<_> = (0..6).map(|_| from("203.0.113.1")).collect();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 429]);
    assert_eq!(from("203.0.113.2"), 200);
    let claims = gateway.api("weather-for-applications").claims.unwrap();
    let of = |claims: &Value| {
        let token = signed(SIGNING_KEY, claims);
        let request = format!("{method} /weather-for-applications{path}");
        gateway.send(&request, &[("Authorization", &token)], "").status()
    };
    let v1 = but(&but(&claims, "appid", claims["azp"].clone()), "azp", Value::Null);
    // The same application, whatever version its token has.
    assert_eq!([of(&claims), of(&v1), of(&claims)], [200, 200, 429]);
    let other = but(&claims, "azp", json!("44444444-4444-4444-4444-444444444444"));
    assert_eq!(of(&other), 200);
    let without_caller = but(&claims, "azp", Value::Null);
    assert_eq!([of(&without_caller), of(&without_caller), of(&without_caller)], [200, 200, 429]);
}
