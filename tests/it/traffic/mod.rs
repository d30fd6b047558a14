//! The generated gateways work: real clients call the gateways of `out/` through the emulator, with one service
//! as the backend that records its requests. Checked is what arrives on either side, never how a policy is written.

mod any_path;
mod callers;
mod clients;
mod credentials;
mod custom_policies;
mod failover;
mod gateway;
mod guards;
mod http;
mod node;

use std::{
    collections::BTreeSet,
    net::TcpStream,
    sync::{Mutex, mpsc},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use gatewright::resolve::{Audience, Credential};

use gateway::{Api, Gateway};
use http::{Backend, Message};
use node::Script;

const CHAT: &str = "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21";
const SYSTEM_IDENTITY: &str = "Bearer mi:https://cognitiveservices.azure.com:system";

// ---- who calls the model

#[test]
fn models_see_the_gateways_identity_and_no_key_of_the_caller() {
    let backend = Backend::start(complete);
    let Some(gateway) = Gateway::start("minimal", &backend) else {
        return;
    };
    let api = gateway.api("openai");
    let in_query = format!("POST {CHAT}&subscription-key={}", api.keys[0]);
    let in_header = format!("POST {CHAT}");
    let everywhere: &[(&str, &str)] =
        &[("api-key", &api.keys[0]), ("Ocp-Apim-Subscription-Key", &api.keys[0]), ("Authorization", "Bearer caller")];
    for (request, headers) in [(&in_header, &everywhere[..1]), (&in_query, &[]), (&in_query, everywhere)] {
        let answer = gateway.send(request, headers, "{}");
        assert_eq!(answer.status(), 200, "{answer:?}");
    }
    assert_eq!(backend.asked().len(), 3);
    for asked in backend.asked() {
        assert_eq!(asked.header("authorization"), Some(SYSTEM_IDENTITY));
        assert_eq!(asked.header("api-key"), None);
        assert_eq!(asked.target(), CHAT);
        assert_nowhere(&api.keys[0], &asked);
    }
}

#[test]
fn a_user_assigned_identity_is_used_where_one_is_named() {
    let backend = Backend::start(complete);
    let Some(gateway) = Gateway::start("user-identity", &backend) else {
        return;
    };
    let api = gateway.api("openai");
    let answer = gateway.send(&format!("POST {CHAT}"), &[(&api.key_header, &api.keys[0])], "{}");
    assert_eq!(answer.status(), 200, "{answer:?}");
    let asked = backend.only();
    let token = asked.header("authorization").unwrap();
    assert!(token.starts_with("Bearer mi:https://cognitiveservices.azure.com:client-of-"));
}

// ---- who may call

#[test]
fn a_wrong_key_is_an_authentication_error() {
    let backend = Backend::start(complete);
    let Some(gateway) = Gateway::start("minimal", &backend) else {
        return;
    };
    let mut api = gateway.api("openai");
    api.keys = vec!["wrong".to_owned()];
    let Some(result) = result("chat.mjs", &gateway, &api, "gpt-4o") else {
        return;
    };
    assert_eq!(result["error"], "AuthenticationError");
    assert_eq!(result["status"], 401);
    assert!(backend.asked().is_empty());
}

#[test]
fn requests_without_a_key_are_rejected() {
    let backend = Backend::start(complete);
    let Some(gateway) = Gateway::start("minimal", &backend) else {
        return;
    };
    for headers in [&[][..], &[("Authorization", "Bearer caller")]] {
        let answer = gateway.send(&format!("POST {CHAT}"), headers, "{}");
        assert_eq!(answer.status(), 401, "{answer:?}");
    }
    assert!(backend.asked().is_empty());
}

// ---- what arrives

#[test]
fn requests_arrive_unchanged_at_an_account() {
    let backend = Backend::start(complete);
    let Some(gateway) = Gateway::start("minimal", &backend) else {
        return;
    };
    let api = gateway.api("openai");
    // No JSON writer makes this: who reads and writes it again is seen.
    let body = "{ \"messages\":[ {\"role\": \"user\",\"content\":\"Gr\\u00fc\u{df}e \u{1f44b}\"} ],\"seed\":1.0 }\n";
    let headers =
        [("api-key", api.keys[0].as_str()), ("Content-Type", "application/json"), ("X-Ms-Client-Request-Id", "42")];
    let answer = gateway.send(&format!("POST {CHAT}"), &headers, body);
    assert_eq!(answer.status(), 200, "{answer:?}");
    let asked = backend.only();
    assert_eq!(asked.first, format!("POST {CHAT} HTTP/1.1"));
    assert_eq!(asked.body, body);
    assert_eq!(asked.header("content-type"), Some("application/json"));
    assert_eq!(asked.header("x-ms-client-request-id"), Some("42"));
    assert_eq!(asked.header("host"), Some("aoai-contoso.cognitiveservices.azure.com"));
}

#[test]
fn chat_completions_and_embeddings_work_with_the_client() {
    let backend = Backend::start(complete);
    let Some(gateway) = Gateway::start("minimal", &backend) else {
        return;
    };
    let api = gateway.api("openai");
    let Some(chat) = result("chat.mjs", &gateway, &api, "gpt-4o") else {
        return;
    };
    assert_eq!(chat["choices"][0]["message"]["content"], "Hello back");
    let model = "text-embedding-3-small";
    let embedding = result("embeddings.mjs", &gateway, &api, model).unwrap();
    assert_eq!(embedding["data"][0]["embedding"], json!([0.5, 0.25]));
    let targets = backend.asked().into_iter().map(|a| a.target().to_owned());
    assert_eq!(
        targets.collect::<Vec<_>>(),
        [CHAT, "/openai/deployments/text-embedding-3-small/embeddings?api-version=2024-10-21"]
    );
}

#[test]
fn listed_deployments_are_reached_by_their_names() {
    let backend = Backend::start(complete);
    let Some(gateway) = Gateway::start("deployments", &backend) else {
        return;
    };
    let api = gateway.api("openai");
    assert!(!api.deployments.is_empty());
    for deployment in &api.deployments {
        let Some(result) = result("chat.mjs", &gateway, &api, deployment) else {
            return;
        };
        assert_eq!(result["choices"][0]["message"]["content"], "Hello back");
        let asked = backend.asked().pop().unwrap();
        assert_eq!(asked.target(), format!("/openai/deployments/{deployment}/chat/completions?api-version=2024-10-21"));
        assert_eq!(asked.header("authorization"), Some(SYSTEM_IDENTITY));
        assert_nowhere(&api.keys[0], &asked);
    }
}

#[test]
fn a_deployment_that_is_not_listed_is_not_found() {
    let backend = Backend::start(complete);
    let Some(gateway) = Gateway::start("deployments", &backend) else {
        return;
    };
    let api = gateway.api("openai");
    let Some(result) = result("chat.mjs", &gateway, &api, "unlisted") else {
        return;
    };
    assert_eq!(result["error"], "NotFoundError");
    assert_eq!(result["status"], 404);
    assert_eq!(result["code"], "DeploymentNotFound");
    assert!(backend.asked().is_empty());
}

// ---- what comes back

#[test]
fn a_stream_arrives_piece_by_piece() {
    let (release, released) = mpsc::channel();
    let released = Mutex::new(released);
    let backend = Backend::start(move |_, stream| {
        let head = [("Content-Type", "text/event-stream"), ("Transfer-Encoding", "chunked")];
        http::write(stream, "HTTP/1.1 200 OK", &head, "");
        event(stream, "first");
        // The second piece waits until the client has the first. A gateway that holds the stream back lets it wait too long.
        let seen = released.lock().unwrap().recv_timeout(Duration::from_secs(300));
        event(stream, if seen.is_ok() { "second" } else { "unseen" });
        http::chunk_out(stream, "data: [DONE]\n\n");
        http::chunk_out(stream, "");
    });
    let Some(gateway) = Gateway::start("minimal", &backend) else {
        return;
    };
    let client = client(&gateway, &gateway.api("openai"));
    let Some(mut script) = Script::start("stream.mjs", &client, "gpt-4o") else {
        return;
    };
    assert_eq!(script.result(), Some(json!("first")));
    release.send(()).unwrap();
    assert_eq!(script.result(), Some(json!("second")));
    assert_eq!(script.result(), None);
}

#[test]
fn errors_of_the_model_are_returned_unchanged() {
    let backend = Backend::start(|asked, stream| {
        let status = asked.target().split(['/', '?']).nth(3).unwrap();
        let headers = [("Content-Type", "application/json"), ("Retry-After", "7"), ("X-Request-Id", "abc")];
        http::answer(stream, &format!("{status} Reason"), &headers, &error_body(status));
    });
    let Some(gateway) = Gateway::start("minimal", &backend) else {
        return;
    };
    let api = gateway.api("openai");
    // The deployments are called like the statuses that they answer with.
    for (status, error) in [("400", "BadRequestError"), ("429", "RateLimitError"), ("500", "InternalServerError")] {
        let path = format!("POST /openai/deployments/{status}/chat/completions?api-version=1");
        let answer = gateway.send(&path, &[("api-key", &api.keys[0])], "{}");
        assert_eq!(answer.status().to_string(), status);
        assert_eq!(answer.header("retry-after"), Some("7"));
        assert_eq!(answer.header("x-request-id"), Some("abc"));
        assert_eq!(answer.body, error_body(status));
        let Some(result) = result("chat.mjs", &gateway, &api, status) else {
            return;
        };
        assert_eq!(result["error"], error);
        assert_eq!(result["code"], format!("c{status}"));
        assert_eq!(result["retryAfter"], "7");
    }
    assert_eq!(backend.asked().len(), 6, "no request is repeated");
}

#[test]
fn without_streaming_responses_are_buffered() {
    let backend = Backend::start(complete);
    let Some(gateway) = Gateway::start("streaming-off", &backend) else {
        return;
    };
    let api = gateway.api("openai");
    let headers = [("api-key", api.keys[0].as_str())];
    let answer = gateway.send(&format!("POST {CHAT}"), &headers, "{}");
    assert_eq!(answer.status(), 200, "{answer:?}");
    // That nothing came early can be seen by waiting alone; the emulator says it at once.
    let relayed = &gateway.trace()["response"]["relayed"];
    assert_eq!(relayed, "in pieces of 8192");
    let warning = gateway.warnings()[0]["message"].to_string();
    assert!(warning.contains("event streams are relayed in 8 KB pieces"));
}

// ---- REST APIs

#[test]
fn a_rest_api_gets_path_and_query_and_no_credentials() {
    let backend = Backend::start(|_, stream| http::answer(stream, "200 OK", &[], "{}"));
    let Some(gateway) = Gateway::start("rest-api", &backend) else {
        return;
    };
    let api = gateway.apis().remove(0);
    let (_, path) = api.operations.iter().find(|(method, _)| method == "GET").expect("something can be read");
    let path = format!("{path}?first=a%26b&second=New%20York");
    let headers =
        [(api.key_header.as_str(), api.keys[0].as_str()), ("Authorization", "Bearer caller"), ("X-Units", "metric")];
    let answer = gateway.send(&format!("GET /{}{path}", api.path), &headers, "");
    assert_eq!(answer.status(), 200, "{answer:?}");
    let asked = backend.only();
    let url = format!("https://{}{}", asked.header("host").unwrap(), asked.target());
    assert_eq!(url, format!("{}{path}", api.backends[0]));
    assert_eq!(asked.header("authorization"), None);
    assert_eq!(asked.header("x-units"), Some("metric"));
    assert_nowhere(&api.keys[0], &asked);
}

// ---- all gateways

#[test]
fn every_operation_is_reached_with_a_key_of_its_api_alone() {
    let Some(cases) = gateway::cases() else {
        return;
    };
    // Two at a time: the emulator takes a second or two to start, for each case.
    let (some, others) = cases.split_at(cases.len() / 2);
    let check_all = |cases: &[String]| -> BTreeSet<_> { cases.iter().flat_map(|case| check(case)).collect() };
    let key_headers = thread::scope(|scope| {
        let others = scope.spawn(|| check_all(others));
        &check_all(some) | &others.join().unwrap()
    });
    let usual = ["api-key", "Ocp-Apim-Subscription-Key"].map(str::to_owned);
    assert!(
        key_headers.is_empty() || !key_headers.is_subset(&usual.into()),
        "no case names a key header of its own: {key_headers:?}"
    );
}

/// Tries every operation of a gateway with every key, and without one. Gives the names of its key headers.
fn check(case: &str) -> Vec<String> {
    let backend = Backend::start(complete);
    let options = json!({ "clientIpHeader": "X-Caller-Address" });
    // Requests of custom policies go somewhere else.
    let audit = Backend::start(complete);
    let address = |host: &str| match host {
        "audit.contoso.com" => audit.address.clone(),
        _ => backend.address.clone(),
    };
    let Some(gateway) = Gateway::start_with(case, address, &options) else {
        return Vec::new();
    };
    // These ask for answers that are held back, or bring text that does so (C024).
    let is_held = ["addresses", "own-changes", "own-limits", "streaming-off", "without-streaming-on-consumption"];
    if !is_held.contains(&case) {
        assert_eq!(gateway.warnings(), json!([]), "{case}");
    }
    let apis = gateway.apis();
    let keys: BTreeSet<_> = apis.iter().flat_map(|api| &api.keys).collect();
    let mut keys: Vec<_> = keys.into_iter().map(|key| Some(key.as_str())).collect();
    keys.push(None);
    for api in &apis {
        for operation in &api.operations {
            let mut opened = keys.clone();
            opened.retain(|key| opens(&gateway, &backend, api, operation, *key));
            assert!(!opened.is_empty(), "{case}: no key opens {operation:?}");
        }
    }
    apis.into_iter().map(|api| api.key_header).collect()
}

/// True if the key opens the operation, as only a key of the API may. The caller's credentials are not forwarded, unless they should be;
/// backends get what they are to be shown.
fn opens(
    gateway: &Gateway,
    backend: &Backend,
    api: &Api,
    (method, path): &(String, String),
    key: Option<&str>,
) -> bool {
    let before = backend.asked().len();
    let request = format!("{method} /{}{path}?api-version=1", api.path);
    let sent = callers::good(api);
    let mut headers = vec![
        ("Authorization", sent.as_str()),
        ("X-Caller-Address", api.address.as_str()),
        // The check that own-limits brings lets this one through.
        ("X-Team", "first"),
    ];
    // Long enough for every limit of requests to be as new.
    gateway.wait(300);
    headers.extend(key.map(|key| (api.key_header.as_str(), key)));
    let body = api.model.as_ref().map(|model| json!({ "model": model }));
    let body = body.unwrap_or(json!({})).to_string();
    let answer = gateway.send(&request, &headers, &body);
    let asked = &backend.asked()[before..];
    if !api.is_open && key.is_none_or(|key| !api.keys.iter().any(|own| own == key)) {
        assert_eq!(answer.status(), 401, "{request}: {answer:?}");
        assert!(asked.is_empty(), "{request}: {asked:?}");
        return false;
    }
    assert_eq!(answer.status(), 200, "{request}: {answer:?}");
    // The gateway lists the models itself where it routes by them.
    if method == "GET" && path.ends_with("/models") && api.model.is_some() {
        assert!(asked.is_empty() && answer.body.contains("\"data\""), "{request}: {answer:?}");
        return true;
    }
    let [asked] = asked else {
        panic!("{request}: {asked:?}");
    };
    // The deployment may have another name than the model.
    let path = match path.strip_prefix("/deployments/") {
        Some(rest) => &rest[rest.find('/').unwrap()..],
        None => path,
    };
    let end = format!("{path}?api-version=1");
    assert!(asked.target().ends_with(&end), "{request}: {asked:?}");
    let token = asked.header("authorization");
    let audience = token.map(|token| token.rsplit_once(':').map_or(token, |(before, _)| before));
    let own = |audience: &str| Some(format!("Bearer mi:{audience}"));
    let expected = match &api.credential {
        Credential::Identity(Audience::Azure(audience)) => own(audience),
        Credential::Identity(Audience::Application(audience)) => own(audience),
        Credential::PassThrough => {
            assert_eq!(token, Some(sent.as_str()), "{request}: {asked:?}");
            audience.map(str::to_owned)
        }
        Credential::Header(header) if header.header.as_str() == "Authorization" => {
            assert!(token.unwrap().contains("kv-"), "{request}: {asked:?}");
            token.map(str::to_owned)
        }
        Credential::Header(header) => {
            let secret = asked.header(&header.header.as_str().to_lowercase());
            assert!(secret.unwrap().starts_with("kv-"), "{request}: {asked:?}");
            None
        }
        Credential::None => None,
    };
    assert_eq!(audience, expected.as_deref(), "{request}: {asked:?}");
    if let Some(key) = key {
        assert_nowhere(key, asked);
    }
    if api.credential != Credential::PassThrough {
        assert_nowhere(&sent, asked);
    }
    true
}

// ---- helpers

/// A model service: a completion or an embedding, by path.
fn complete(asked: &Message, stream: &mut TcpStream) {
    let body = if asked.target().contains("/embeddings") {
        json!({ "object": "list", "data": [{ "object": "embedding", "index": 0, "embedding": [0.5, 0.25] }] })
    } else {
        json!({ "object": "chat.completion", "choices": [{ "message": { "role": "assistant", "content": "Hello back" } }] })
    };
    let headers = [("Content-Type", "application/json")];
    http::answer(stream, "200 OK", &headers, &body.to_string());
}

/// One event of a streamed completion.
fn event(stream: &mut TcpStream, content: &str) {
    let chunk = json!({ "object": "chat.completion.chunk", "choices": [{ "delta": { "content": content } }] });
    http::chunk_out(stream, &format!("data: {chunk}\n\n"));
}

/// An error with unusual whitespace.
fn error_body(status: &str) -> String {
    format!(r#"{{"error":   {{"code": "c{status}", "message": "m"}}}}"#)
}

/// The options with which a program makes its client. The client adds `/openai` to an endpoint.
fn client(gateway: &Gateway, api: &Api) -> Value {
    assert_eq!((&*api.path, &*api.key_header), ("openai", "api-key"));
    json!({ "endpoint": format!("http://{}", gateway.address), "apiKey": api.keys[0] })
}

/// The one thing that a script tells.
fn result(script: &str, gateway: &Gateway, api: &Api, model: &str) -> Option<Value> {
    let mut script = Script::start(script, &client(gateway, api), model)?;
    let result = script.result();
    assert_eq!(script.result(), None);
    result
}

fn assert_nowhere(key: &str, asked: &Message) {
    assert!(!asked.first.contains(key), "{asked:?}");
    assert!(!asked.headers.values().any(|v| v.contains(key)), "{asked:?}");
    assert!(!asked.body.contains(key), "{asked:?}");
}
