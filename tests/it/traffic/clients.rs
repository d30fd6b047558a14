//! Clients as people write them: a base URL and a key, and in browsers.

use serde_json::{Value, json};

use super::gateway::Gateway;
use super::http::{self, Backend};
use super::node::Script;
use super::{assert_nowhere, complete};

/// The result of OpenAI's client with these options.
fn openai(options: &Value, model: &str) -> Option<Value> {
    Script::start_with("chat.mjs", options, model, &[])?.result()
}

#[test]
fn a_base_url_and_a_key_are_enough() {
    let backend = Backend::start(complete);
    let Some(gateway) = Gateway::start("plain-clients", &backend) else {
        return;
    };
    let api = gateway.api("v1");
    let options = |key: &str| json!({ "baseURL": format!("http://{}/v1", gateway.address), "apiKey": key });
    for model in ["gpt-4o", "meta-llama/Llama-3.1-8B-Instruct", "mistral:latest"] {
        let Some(result) = openai(&options(&api.keys[0]), model) else {
            return;
        };
        assert_eq!(result["choices"][0]["message"]["content"], "Hello back", "{model}: {result}");
        assert_nowhere(&api.keys[0], &backend.asked().pop().unwrap());
    }
    let wrong = openai(&options("wrong"), "gpt-4o").unwrap();
    assert_eq!(wrong["error"], "AuthenticationError");
    assert_eq!(backend.asked().len(), 3);
}

#[test]
fn the_models_of_an_api_are_listed_by_the_gateway() {
    let backend = Backend::start(complete);
    let Some(gateway) = Gateway::start("plain-clients", &backend) else {
        return;
    };
    for (path, request, ids) in [
        ("v1", "GET /v1/models", &["gpt-4o", "meta-llama/Llama-3.1-8B-Instruct", "mistral:latest"][..]),
        ("anthropic", "GET /anthropic/v1/models", &["claude-sonnet-4-5"][..]),
    ] {
        let api = gateway.api(path);
        let answer = gateway.send(request, &[(api.key_header.as_str(), api.keys[0].as_str())], "");
        assert_eq!(answer.status(), 200, "{answer:?}");
        let list: Value = serde_json::from_str(&answer.body).unwrap();
        let listed: Vec<&str> =
            list["data"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
        assert_eq!(listed, ids);
        assert_eq!(gateway.send(request, &[], "").status(), 401, "with a key alone");
    }
    assert!(backend.asked().is_empty());
}

#[test]
fn pages_may_send_what_the_clients_send() {
    let backend = Backend::start(complete);
    let Some(gateway) = Gateway::start("plain-clients", &backend) else {
        return;
    };
    // As `chat.completions.stream` of OpenAI's client asks for leave.
    let asked = "authorization, content-type, x-stainless-arch, x-stainless-helper-method, x-stainless-lang, x-stainless-retry-count";
    let headers = [
        ("Origin", "https://chat.contoso.com"),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", asked),
    ];
    let answer = gateway.send("OPTIONS /v1/chat/completions", &headers, "");
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://chat.contoso.com"), "{answer:?}");
}

#[test]
fn a_compressed_body_is_refused_with_the_reason() {
    let backend = Backend::start(complete);
    let Some(gateway) = Gateway::start("plain-clients", &backend) else {
        return;
    };
    let api = gateway.api("v1");
    for (encoding, status) in [("gzip", 415), ("zstd", 415), ("identity", 200)] {
        let headers = [(api.key_header.as_str(), api.keys[0].as_str()), ("Content-Encoding", encoding)];
        let answer = gateway.send("POST /v1/chat/completions", &headers, r#"{"model": "gpt-4o", "messages": []}"#);
        assert_eq!(answer.status(), status, "{encoding}: {answer:?}");
        assert!(status == 200 || answer.body.contains("Content-Encoding"), "{answer:?}");
    }
}

#[test]
fn paths_below_v1_get_no_dated_version() {
    let backend = Backend::start(|_, stream| http::answer(stream, "200 OK", &[], "{}"));
    let Some(gateway) = Gateway::start("any-path-of-account", &backend) else {
        return;
    };
    let api = &gateway.apis()[0];
    let headers = [(api.key_header.as_str(), api.keys[0].as_str())];
    for (path, arrives) in [
        ("v1/chat/completions", "v1/chat/completions"),
        ("V1/models", "V1/models"),
        ("deployments/gpt-4o/chat/completions", "deployments/gpt-4o/chat/completions?api-version=2024-10-21"),
        ("v1beta/x", "v1beta/x?api-version=2024-10-21"),
    ] {
        let answer = gateway.send(&format!("POST /{}/{path}", api.path), &headers, "{}");
        assert_eq!(answer.status(), 200, "{path}: {answer:?}");
        assert!(backend.asked().pop().unwrap().target().ends_with(&format!("/{arrives}")), "{path}");
    }
}
