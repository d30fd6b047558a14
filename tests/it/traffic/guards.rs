//! What policies refuse by themselves, and what of a request never reaches a backend.

use serde_json::json;

use super::complete;
use super::gateway::Gateway;
use super::http::{self, Backend};

#[test]
fn an_api_that_requires_no_key_yet_still_refuses_requests_without_one() {
    let backend = Backend::start(complete);
    // An update that changes who may call writes the API first, and may fail before it writes the policy.
    let half_done = |resource: &mut serde_json::Value| {
        if resource["type"] == "Microsoft.ApiManagement/service/apis" {
            resource["properties"]["subscriptionRequired"] = json!(false);
        }
    };
    for (case, request) in [
        ("minimal", "POST /openai/deployments/gpt-4o/chat/completions"),
        ("foundry", "POST /openai/v1/chat/completions"),
        ("foundry", "POST /anthropic/v1/messages"),
        ("any-path", "GET /weather/today"),
    ] {
        let behind = |_: &str| backend.address.clone();
        let Some(gateway) = Gateway::start_changed(case, behind, &json!({}), half_done) else {
            return;
        };
        let answer = gateway.send(request, &[("Authorization", "Bearer caller")], "{}");
        assert_eq!(answer.status(), 401, "{case} {request}: {answer:?}");
    }
    assert!(backend.asked().is_empty());
}

#[test]
fn cookies_reach_only_services_without_a_credential_of_the_gateway() {
    let backend = Backend::start(|_, stream| http::answer(stream, "200 OK", &[], "{}"));
    let chat = r#"{"model": "tides-model", "messages": []}"#;
    for (case, path, request, arrives) in [
        ("minimal", "openai", "POST /openai/deployments/gpt-4o/chat/completions", false),
        ("every-credential", "chat/v1", "POST /chat/v1/chat/completions", false),
        ("every-credential", "weather", "GET /weather/places/oslo", false),
        ("every-credential", "calendar", "GET /calendar/places/oslo", true),
        ("any-path", "weather", "GET /weather/today", true),
    ] {
        let Some(gateway) = Gateway::start(case, &backend) else {
            return;
        };
        let api = gateway.api(path);
        let headers = [(api.key_header.as_str(), api.keys[0].as_str()), ("Cookie", "session=1")];
        let answer = gateway.send(request, &headers, chat);
        assert_eq!(answer.status(), 200, "{case} {request}: {answer:?}");
        let cookie = backend.asked().pop().unwrap().header("cookie").map(str::to_owned);
        assert_eq!(cookie.is_some(), arrives, "{case} {request}");
    }
}

#[test]
fn no_path_leaves_the_base_path_of_a_backend() {
    let backend = Backend::start(|_, stream| http::answer(stream, "200 OK", &[], "{}"));
    let Some(gateway) = Gateway::start("any-path", &backend) else {
        return;
    };
    let api = gateway.api("weather");
    let headers = [(api.key_header.as_str(), api.keys[0].as_str())];
    for outside in [
        "/%2e%2e/admin",
        "/..%2fadmin",
        "/..%2F..%2Fx",
        "/%2E./admin",
        "/a/%2e%2e",
        "/a/..%5cadmin",
        "/a%2f%2e%2e%2fb",
        "/%252e%252e/admin",
    ] {
        let answer = gateway.send(&format!("GET /weather{outside}"), &headers, "");
        assert_eq!(answer.status(), 400, "{outside}: {answer:?}");
    }
    assert!(backend.asked().is_empty());
    for inside in ["/a..b", "/.well-known/x", "/...", "/a%2fb", "/v1.0/x.json", "/a/b..", "/..c"] {
        let answer = gateway.send(&format!("GET /weather{inside}"), &headers, "");
        assert_eq!(answer.status(), 200, "{inside}: {answer:?}");
        assert_eq!(backend.asked().pop().unwrap().target(), format!("/v1{inside}"));
    }
}

#[test]
fn accounts_get_an_id_of_the_request_by_which_their_logs_can_be_searched() {
    let backend = Backend::start(complete);
    let Some(gateway) = Gateway::start("minimal", &backend) else {
        return;
    };
    let api = gateway.api("openai");
    let headers = [(api.key_header.as_str(), api.keys[0].as_str())];
    let chat = "POST /openai/deployments/gpt-4o/chat/completions";
    for _ in 0..2 {
        assert_eq!(gateway.send(chat, &headers, "{}").status(), 200);
    }
    let ids: Vec<String> =
        backend.asked().iter().map(|asked| asked.header("x-ms-client-request-id").unwrap().to_owned()).collect();
    assert_eq!(ids.len(), 2);
    assert_ne!(ids[0], ids[1]);
}
