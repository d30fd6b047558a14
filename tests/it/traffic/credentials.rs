//! The credentials that backends receive: each kind of account gets tokens for its audience, each service what its
//! `credential` sets, and none the credentials of callers unless it is to pass them through.

use std::collections::BTreeMap;
use std::net::TcpStream;

use serde_json::{Value, json};

use super::gateway::Gateway;
use super::http::{self, Backend, Message};
use super::node::Script;
use super::{assert_nowhere, complete};

const FOUNDRY_TOKEN: &str = "Bearer mi:https://ai.azure.com:system";

/// The credential that a service should receive: the value of `Authorization`, and other headers.
type Shown = (Option<&'static str>, &'static [(&'static str, &'static str)]);

#[test]
fn each_service_gets_its_credential_and_no_other() {
    let backend = Backend::start(complete);
    let Some(gateway) = Gateway::start("every-credential", &backend) else {
        return;
    };
    let api = gateway.api("chat/v1");
    let shown: BTreeMap<&str, Shown> = [
        ("mistral-large", (Some("Bearer kv-kv-contoso--mistral-key"), &[][..])),
        ("mistral-batch", (Some("Bearer kv-kv-contoso--mistral-key"), &[])),
        ("house-model", (Some("Bearer caller"), &[])),
        ("tides-model", (None, &[])),
        ("gpt-4o", (Some("Bearer mi:https://cognitiveservices.azure.com:client-of-id-apim"), &[])),
    ]
    .into();
    let headers = [("api-key", api.keys[0].as_str()), ("Authorization", "Bearer caller")];
    for (model, (authorization, _)) in &shown {
        let body = json!({ "model": model, "messages": [] }).to_string();
        let answer = gateway.send("POST /chat/v1/chat/completions", &headers, &body);
        assert_eq!(answer.status(), 200, "{model}: {answer:?}");
        let asked = backend.asked().pop().unwrap();
        assert_eq!(asked.header("authorization"), *authorization, "{model}");
        assert_nowhere(&api.keys[0], &asked);
        if *model != "house-model" {
            assert_nowhere("Bearer caller", &asked);
        }
    }
    assert_eq!(backend.asked().len(), shown.len());
}

#[test]
fn a_secret_takes_the_place_of_the_callers_key_in_the_same_header() {
    let backend = Backend::start(message);
    let Some(gateway) = Gateway::start("every-credential", &backend) else {
        return;
    };
    let api = gateway.api("claude");
    assert_eq!(api.key_header, "x-api-key");
    let client = anthropic(&gateway, &api.path, &api.keys[0]);
    let Some(result) = result(&client, "claude-sonnet-4-5", &[]) else {
        return;
    };
    assert_eq!(result["content"][0]["text"], "Hello back", "{result}");
    let asked = backend.only();
    assert_eq!(asked.header("x-api-key"), Some("kv-kv-partners--anthropic-key"));
    assert_eq!(asked.header("authorization"), None);
    assert_eq!(asked.target(), "/v1/messages");
    assert_nowhere(&api.keys[0], &asked);
}

#[test]
fn what_passes_through_is_the_token_and_nothing_else() {
    let backend = Backend::start(complete);
    let Some(gateway) = Gateway::start("every-credential", &backend) else {
        return;
    };
    let api = gateway.api("calendar");
    let headers = [(api.key_header.as_str(), api.keys[0].as_str()), ("Authorization", "Bearer caller")];
    let answer = gateway.send("GET /calendar/places/oslo", &headers, "");
    assert_eq!(answer.status(), 200, "{answer:?}");
    let asked = backend.only();
    assert_eq!(asked.header("authorization"), Some("Bearer caller"));
    assert_nowhere(&api.keys[0], &asked);
}

#[test]
fn a_token_for_an_application_has_its_audience() {
    let backend = Backend::start(complete);
    let Some(gateway) = Gateway::start("every-credential", &backend) else {
        return;
    };
    let api = gateway.api("weather");
    let headers = [(api.key_header.as_str(), api.keys[0].as_str()), ("Authorization", "Bearer caller")];
    let answer = gateway.send("GET /weather/places/oslo", &headers, "");
    assert_eq!(answer.status(), 200, "{answer:?}");
    let token = "Bearer mi:api://weather:client-of-id-apim";
    assert_eq!(backend.only().header("authorization"), Some(token));
}

// ---- Foundry

#[test]
fn claude_on_foundry_answers_its_own_client() {
    let backend = Backend::start(message);
    let Some(gateway) = Gateway::start("foundry", &backend) else {
        return;
    };
    let api = gateway.api("anthropic");
    let client = anthropic(&gateway, &api.path, &api.keys[0]);
    let Some(answer) = result(&client, "claude-haiku-4-5", &[]) else {
        return;
    };
    assert_eq!(answer["content"][0]["text"], "Hello back", "{answer}");
    let asked = backend.only();
    assert_eq!(asked.header("authorization"), Some(FOUNDRY_TOKEN));
    assert_eq!(asked.header("host"), Some("foundry-contoso.services.ai.azure.com"));
    assert_eq!(asked.target(), "/anthropic/v1/messages");
    assert!(asked.header("anthropic-version").is_some(), "{asked:?}");
    assert_eq!(asked.header("x-api-key"), None);
    assert_nowhere(&api.keys[0], &asked);

    let pieces = all_results(&client, "claude-sonnet-4-5", &["stream"]).unwrap();
    assert_eq!(pieces, [json!("Hello"), json!(" back")]);

    // Refusals are errors that its programs catch by name.
    let unknown = result(&client, "claude-opus-4-1", &[]).unwrap();
    assert_eq!(unknown["error"], "NotFoundError");
    assert_eq!(unknown["type"], "not_found_error");
    let wrong = anthropic(&gateway, &api.path, "wrong");
    let refused = result(&wrong, "claude-haiku-4-5", &[]).unwrap();
    assert_eq!(refused["error"], "AuthenticationError");
    assert_eq!(backend.asked().len(), 2);
}

#[test]
fn each_surface_of_a_foundry_account_has_its_host_path_and_audience() {
    let backend = Backend::start(complete);
    let Some(gateway) = Gateway::start("foundry", &backend) else {
        return;
    };
    let body = r#"{"model": "gpt-4o", "messages": []}"#;
    for (request, host, target, token) in [
        (
            "POST /azure/openai/deployments/gpt-4o/chat/completions",
            "foundry-contoso-sweden.cognitiveservices.azure.com",
            "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21",
            super::SYSTEM_IDENTITY,
        ),
        (
            "POST /openai/v1/chat/completions",
            "foundry-contoso.services.ai.azure.com",
            "/openai/v1/chat/completions",
            FOUNDRY_TOKEN,
        ),
        (
            "POST /models/chat/completions",
            "foundry-contoso.services.ai.azure.com",
            "/models/chat/completions?api-version=2024-05-01-preview",
            FOUNDRY_TOKEN,
        ),
    ] {
        let path = request.split('/').nth(1).unwrap();
        let apis = gateway.apis();
        let api = apis.iter().find(|api| api.path.starts_with(path)).unwrap();
        let headers = [("api-key", api.keys[0].as_str()), ("Authorization", "Bearer caller")];
        let answer = gateway.send(request, &headers, body);
        assert_eq!(answer.status(), 200, "{request}: {answer:?}");
        let asked = backend.asked().pop().unwrap();
        assert_eq!(asked.header("host"), Some(host), "{request}");
        assert_eq!(asked.target(), target);
        assert_eq!(asked.header("authorization"), Some(token), "{request}");
        assert_nowhere("Bearer caller", &asked);
    }
}

// ---- helpers

/// The options of Anthropic's client. By itself it shows a key as `Authorization`, as GATEWAY.md says.
fn anthropic(gateway: &Gateway, path: &str, key: &str) -> Value {
    json!({
        "baseURL": format!("http://{}/{path}", gateway.address),
        "apiKey": "of the gateway's users",
        "defaultHeaders": { "x-api-key": key },
    })
}

/// A service of Anthropic's shape.
fn message(asked: &Message, stream: &mut TcpStream) {
    let request: Value = serde_json::from_str(&asked.body).expect("a message is JSON");
    if request["stream"] != true {
        let body = json!({
            "type": "message", "role": "assistant", "model": request["model"],
            "content": [{ "type": "text", "text": "Hello back" }],
        });
        let headers = [("Content-Type", "application/json")];
        return http::answer(stream, "200 OK", &headers, &body.to_string());
    }
    let head = [("Content-Type", "text/event-stream"), ("Transfer-Encoding", "chunked")];
    http::write(stream, "HTTP/1.1 200 OK", &head, "");
    for text in ["Hello", " back"] {
        let event =
            json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "text_delta", "text": text } });
        http::chunk_out(stream, &format!("event: content_block_delta\ndata: {event}\n\n"));
    }
    http::chunk_out(stream, "event: message_stop\ndata: {\"type\": \"message_stop\"}\n\n");
    http::chunk_out(stream, "");
}

fn all_results(client: &Value, model: &str, more: &[&str]) -> Option<Vec<Value>> {
    let mut script = Script::start_with("messages.mjs", client, model, more)?;
    Some(std::iter::from_fn(|| script.result()).collect())
}

fn result(client: &Value, model: &str, more: &[&str]) -> Option<Value> {
    let mut result = all_results(client, model, more)?;
    assert_eq!(result.len(), 1, "{result:?}");
    result.pop()
}
