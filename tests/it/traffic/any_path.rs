//! APIs that list no operations: every path and method arrives, and no path leads around the models that are listed.

use serde_json::json;

use super::gateway::Gateway;
use super::http::{self, Backend};
use super::{SYSTEM_IDENTITY, complete};

#[test]
fn any_path_and_method_arrives_unchanged() {
    let backend = Backend::start(|_, stream| http::answer(stream, "200 OK", &[], "{}"));
    let Some(gateway) = Gateway::start("any-path", &backend) else {
        return;
    };
    let api = gateway.api("weather");
    let headers = [(api.key_header.as_str(), api.keys[0].as_str())];
    for method in ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH"] {
        for path in ["/new/thing.json?a=1&b=New%20York", "/a%2Fb/c:batch", "/deployments/x/y", "/", ""] {
            let answer = gateway.send(&format!("{method} /weather{path}"), &headers, "");
            assert_eq!(answer.status(), 200, "{method} {path}: {answer:?}");
            let asked = backend.asked().pop().unwrap();
            let sent = format!("{method} /v1{path} HTTP/1.1");
            assert_eq!(asked.first.trim_end_matches('/'), sent, "{method} {path}");
            assert_eq!(asked.header("authorization"), None);
        }
    }
    assert_eq!(gateway.send("TRACE /weather/x", &headers, "").status(), 404);
}

#[test]
fn the_deployment_in_any_path_selects_the_backend() {
    let backend = Backend::start(complete);
    let Some(gateway) = Gateway::start("any-path", &backend) else {
        return;
    };
    let api = gateway.api("openai");
    let headers = [("api-key", api.keys[0].as_str())];
    for (path, arrives) in [
        ("gpt-4o/chat/completions?x=1", "gpt-4o-prod/chat/completions?x=1&api-version=2024-10-21"),
        ("gpt-4o/new/thing/of:today", "gpt-4o-prod/new/thing/of:today?api-version=2024-10-21"),
        ("text-embedding-3-small/embeddings?api-version=2025-01-01", "embed/embeddings?api-version=2025-01-01"),
    ] {
        let answer = gateway.send(&format!("POST /OpenAI/deployments/{path}"), &headers, "{}");
        assert_eq!(answer.status(), 200, "{path}: {answer:?} {:#}", gateway.trace());
        let asked = backend.asked().pop().unwrap();
        assert_eq!(asked.target(), format!("/openai/deployments/{arrives}"));
        assert_eq!(asked.header("authorization"), Some(SYSTEM_IDENTITY));
    }
}

#[test]
fn no_path_bypasses_the_models() {
    let backend = Backend::start(complete);
    let Some(gateway) = Gateway::start("any-path", &backend) else {
        return;
    };
    for (at, outside, unknown) in [("openai", "404", "DeploymentNotFound"), ("ai/chat", "404", "")] {
        let api = gateway.api(at);
        let headers = [("api-key", api.keys[0].as_str())];
        let send = |path: &str| gateway.send(&format!("POST /{at}{path}"), &headers, "{}");
        for path in [
            "/files",
            "/responses",
            "/deployments",
            "/deployments/gpt-4o",
            "/deployments/gpt-4o/",
            "/deployments//chat/completions",
            "/deployments/gpt-4o//chat/completions",
            "/deployments/gpt-4o/../o1/chat/completions",
            "/deployments/gpt-4o/%2e%2e/o1/chat/completions",
            "/deployments/gpt-4o/..%2fo1/chat/completions",
            "/deployments/gpt-4o/x/..%5c..%5co1/chat",
            "/deployments/gpt-4o/.hidden",
            "/deployments/gpt%2D4o/chat/completions",
            "/x/deployments/gpt-4o/chat/completions",
        ] {
            let answer = send(path);
            // If `..` leads to another deployment before the policy sees it, that one is checked.
            let is_known_path = path.contains("/o1/") && answer.body.contains("DeploymentNotFound");
            assert_eq!(answer.status(), 404, "{path}: {answer:?}");
            assert!(is_known_path || answer.body.contains(&format!("\"code\": \"{outside}\"")), "{path}: {answer:?}");
        }
        if !unknown.is_empty() {
            let answer = send("/deployments/o1/chat/completions");
            assert!(answer.body.contains(unknown), "{answer:?}");
        }
    }
    assert!(backend.asked().is_empty(), "{:?}", backend.asked());
}

#[test]
fn the_model_in_the_body_of_any_path_has_to_be_listed() {
    let backend = Backend::start(complete);
    let Some(gateway) = Gateway::start("any-path", &backend) else {
        return;
    };
    let api = gateway.api("mistral");
    let headers = [("api-key", api.keys[0].as_str())];
    let body = |model: &str| json!({ "model": model, "stream": true, "messages": [] }).to_string();
    let send = |request: &str, body: &str| gateway.send(request, &headers, body);
    let answer = send("POST /mistral/fim/completions", &body("codestral"));
    assert_eq!(answer.status(), 200, "{answer:?}");
    let asked = backend.asked().pop().unwrap();
    assert_eq!((asked.target(), asked.body.as_str()), ("/v1/fim/completions", body("codestral").as_str()));
    let answer = send("POST /mistral/chat/completions", &body("mistral-large"));
    assert_eq!(answer.status(), 200, "{answer:?}");
    assert!(backend.asked().pop().unwrap().body.contains("include_usage"));
    assert_eq!(send("POST /mistral/chat/completions", &body("other")).status(), 404);
    assert_eq!(send("GET /mistral/models", "").status(), 400);
    assert_eq!(backend.asked().len(), 2);
}
