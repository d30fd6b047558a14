//! Several backends of one gateway: their order, retries, and the responses when some or all of them fail.

use std::collections::BTreeMap;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::gateway::{Api, Gateway};
use super::http::{self, Backend, Message};
use super::node::Script;
use super::{complete, event};

/// The behaviour of a service for requests to models.
#[derive(Debug, Clone, Copy)]
enum Mood {
    /// It answers.
    Fine,
    /// It fails with this status and, if it is not 0, this `Retry-After`.
    Fails(u16, u32),
    /// It fails if the body holds this word.
    FailsFor(&'static str, u16),
    /// It starts a stream and hangs up.
    Drops,
    /// It hangs up at once.
    Gone,
    /// It reads the request and never answers.
    Hangs,
    /// It fails with 429 and this `Retry-After`.
    Asks(&'static str),
}

/// Services by the first word of their host, which is the name of the account or of the machine.
struct Fleet {
    services: BTreeMap<&'static str, (Backend, Arc<Mutex<Mood>>)>,
}

impl Fleet {
    fn start(names: &[&'static str]) -> Self {
        let services = names.iter().map(|name| {
            let mood = Arc::new(Mutex::new(Mood::Fine));
            let shared = Arc::clone(&mood);
            let backend = Backend::start(move |asked, stream| {
                let mood = *shared.lock().unwrap_or_else(PoisonError::into_inner);
                serve(mood, asked, stream);
            });
            (*name, (backend, mood))
        });
        Self { services: services.collect() }
    }

    fn gateway(&self, case: &str) -> Option<Gateway> {
        let behind = |host: &str| {
            let name = host.split('.').next().unwrap();
            let (backend, _) = &self.services[name];
            backend.address.clone()
        };
        // Waits of retries move the clock.
        Gateway::start_with(case, behind, &json!({ "retryWait": "advance" }))
    }

    fn set(&self, name: &str, mood: Mood) {
        *self.services[name].1.lock().unwrap() = mood;
    }

    fn asked(&self, name: &str) -> Vec<Message> {
        self.services[name].0.asked()
    }

    /// How often each was asked so far, in the order of their names.
    fn counts(&self) -> Vec<usize> {
        self.services.values().map(|(backend, _)| backend.asked().len()).collect()
    }
}

fn serve(mood: Mood, asked: &Message, stream: &mut TcpStream) {
    match mood {
        Mood::Fine => complete(asked, stream),
        Mood::Fails(status, wait) => fail(status, wait, stream),
        Mood::FailsFor(word, status) if asked.body.contains(word) => fail(status, 0, stream),
        Mood::FailsFor(..) => complete(asked, stream),
        Mood::Drops => {
            let head = [("Content-Type", "text/event-stream"), ("Transfer-Encoding", "chunked")];
            http::write(stream, "HTTP/1.1 200 OK", &head, "");
            event(stream, "first");
            let _ = stream.shutdown(Shutdown::Both);
        }
        Mood::Gone => {
            let _ = stream.shutdown(Shutdown::Both);
        }
        Mood::Hangs => thread::sleep(Duration::from_secs(20)),
        Mood::Asks(wait) => http::answer(stream, "429 Failure", &[("Retry-After", wait)], "{}"),
    }
}

fn fail(status: u16, wait: u32, stream: &mut TcpStream) {
    let wait = wait.to_string();
    let mut headers = vec![("Content-Type", "application/json"), ("x-ms-region", "secret region")];
    if wait != "0" {
        headers.push(("Retry-After", &wait));
    }
    let body = r#"{"error":  {"code": "own", "message": "secret deployment"}}"#;
    http::answer(stream, &format!("{status} Failure"), &headers, body);
}

const CHAT: &str = "POST /openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21";
const HELLO: &str = r#"{"messages": [{"role":"user","content":"Hello"}],  "seed":1.0 }"#;

/// Provisioned first, then two regions that share the load two to one.
fn three() -> Option<(Fleet, Gateway, Api)> {
    let fleet = Fleet::start(&["aoai-contoso-east", "aoai-contoso-reserved", "aoai-contoso-west"]);
    let gateway = fleet.gateway("failover")?;
    let api = gateway.api("openai");
    Some((fleet, gateway, api))
}

const EAST: &str = "aoai-contoso-east";
const RESERVED: &str = "aoai-contoso-reserved";
const WEST: &str = "aoai-contoso-west";

fn chat(gateway: &Gateway, api: &Api, body: &str) -> Message {
    gateway.send(CHAT, &[("api-key", &api.keys[0])], body)
}

/// The real client's result of a call.
fn client(gateway: &Gateway, api: &Api, script: &str, more: &[&str]) -> Option<Value> {
    let options = json!({ "endpoint": format!("http://{}", gateway.address), "apiKey": api.keys[0] });
    let mut script = Script::start_with(script, &options, "gpt-4o", more)?;
    script.result()
}

// ---- who is asked

#[test]
fn the_second_priority_is_used_only_while_the_first_is_tripped() {
    let Some((fleet, gateway, api)) = three() else {
        return;
    };
    for _ in 0..20 {
        assert_eq!(chat(&gateway, &api, HELLO).status(), 200);
    }
    assert_eq!(fleet.counts(), [0, 20, 0], "only the provisioned one");
    // It is called by the name that it has there.
    let target = "/openai/deployments/gpt-4o-ptu/chat/completions?api-version=2024-10-21";
    assert!(fleet.asked(RESERVED).iter().all(|asked| asked.target() == target));

    fleet.set(RESERVED, Mood::Fails(429, 0));
    let result = client(&gateway, &api, "chat.mjs", &[]);
    let Some(result) = result else { return };
    assert_eq!(result["choices"][0]["message"]["content"], "Hello back", "the caller sees no failure");
    assert_eq!(fleet.asked(RESERVED).len(), 21);
    for _ in 0..30 {
        assert_eq!(chat(&gateway, &api, HELLO).status(), 200);
    }
    let [east, reserved, west] = fleet.counts()[..] else { panic!() };
    assert_eq!(reserved, 21, "it is tripped, so it gets no requests");
    assert_eq!(east + west, 31);
    assert!((19..=22).contains(&east), "two to one: {east} and {west}");

    // The breaker closes after its time, 30 s. A busy machine takes some of them for the calls above.
    fleet.set(RESERVED, Mood::Fine);
    gateway.wait(20);
    assert_eq!(chat(&gateway, &api, HELLO).status(), 200);
    assert_eq!(fleet.asked(RESERVED).len(), 21);
    gateway.wait(11);
    assert_eq!(chat(&gateway, &api, HELLO).status(), 200);
    assert_eq!(fleet.asked(RESERVED).len(), 22, "it is back");
}

#[test]
fn the_retry_after_of_a_backend_is_respected() {
    let Some((fleet, gateway, api)) = three() else {
        return;
    };
    fleet.set(RESERVED, Mood::Fails(429, 300));
    assert_eq!(chat(&gateway, &api, HELLO).status(), 200);
    fleet.set(RESERVED, Mood::Fine);
    gateway.wait(200);
    assert_eq!(chat(&gateway, &api, HELLO).status(), 200);
    assert_eq!(fleet.asked(RESERVED).len(), 1, "30 s are over, 300 s are not");
    gateway.wait(101);
    assert_eq!(chat(&gateway, &api, HELLO).status(), 200);
    assert_eq!(fleet.asked(RESERVED).len(), 2);
}

#[test]
fn weights_hold_over_a_thousand_calls_of_the_client() {
    let fleet = Fleet::start(&["aoai-east", "aoai-west", "llm"]);
    let Some(gateway) = fleet.gateway("models-in-body") else {
        return;
    };
    let api = gateway.api("openai/v1");
    let Some(result) = body_client(&gateway, &api, "many.mjs", "gpt-4o", &["1000"]) else {
        return;
    };
    assert_eq!(result, json!({ "ok": 1000 }));
    let [east, west, others] = fleet.counts()[..] else { panic!() };
    assert_eq!((east + west, others), (1000, 0));
    assert!((700..=800).contains(&east), "three to one: {east} and {west}");
}

#[test]
fn random_members_share_the_load_and_the_next_one_follows_a_429() {
    let fleet = Fleet::start(&["aoai-eastus", "aoai-westus"]);
    let Some(gateway) = fleet.gateway("pattern-guide-balance") else {
        return;
    };
    let api = gateway.api("openai");
    for _ in 0..200 {
        assert_eq!(chat(&gateway, &api, HELLO).status(), 200);
    }
    let [east, west] = fleet.counts()[..] else { panic!() };
    assert_eq!(east + west, 200);
    assert!((60..=140).contains(&east), "{east} and {west}");

    fleet.set("aoai-eastus", Mood::Fails(429, 0));
    for _ in 0..20 {
        assert_eq!(chat(&gateway, &api, HELLO).status(), 200);
    }
    let asked = fleet.asked("aoai-westus");
    assert_eq!(asked.len(), west + 20, "every request ends at the one that works");

    // Four tries, turn by turn, and then the chosen answer.
    fleet.set("aoai-westus", Mood::Fails(429, 17));
    let before: usize = fleet.counts().iter().sum();
    let answer = chat(&gateway, &api, HELLO);
    assert_eq!((answer.status(), answer.header("retry-after")), (429, Some("17")));
    assert_eq!(fleet.counts().iter().sum::<usize>(), before + 4);
    // An unreachable member is skipped, too.
    fleet.set("aoai-eastus", Mood::Gone);
    fleet.set("aoai-westus", Mood::Fine);
    for _ in 0..10 {
        assert_eq!(chat(&gateway, &api, HELLO).status(), 200);
    }
    // A status that is not listed ends it.
    fleet.set("aoai-eastus", Mood::Fails(503, 0));
    fleet.set("aoai-westus", Mood::Fails(503, 0));
    let before: usize = fleet.counts().iter().sum();
    assert_eq!(chat(&gateway, &api, HELLO).status(), 503);
    assert_eq!(fleet.counts().iter().sum::<usize>(), before + 1);
}

#[test]
fn a_client_stays_at_one_member_by_its_cookie() {
    let fleet = Fleet::start(&["aoai-east", "aoai-west"]);
    let Some(gateway) = fleet.gateway("responses-on-a-pool") else {
        return;
    };
    let api = gateway.api("openai/v1");
    let send = |cookie: Option<&str>| {
        let mut headers = vec![("api-key", api.keys[0].as_str())];
        headers.extend(cookie.map(|cookie| ("Cookie", cookie)));
        let body = r#"{"model": "gpt-4o", "input": "Hello"}"#;
        let answer = gateway.send("POST /openai/v1/responses", &headers, body);
        assert_eq!(answer.status(), 200, "{answer:?}");
        answer
    };
    let first = send(None);
    let cookie = first.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    assert!(cookie.starts_with("gateway-session="), "{cookie}");
    let own = fleet.counts().iter().position(|count| *count == 1).unwrap();
    for _ in 0..10 {
        send(Some(&cookie));
    }
    assert_eq!(fleet.counts()[own], 11);
    assert_eq!(fleet.counts()[1 - own], 0);
}

// ---- what is tried again

#[test]
fn a_429_with_a_wait_fails_over_within_the_call_with_the_same_body() {
    let Some((fleet, gateway, api)) = three() else {
        return;
    };
    fleet.set(RESERVED, Mood::Fails(429, 7));
    fleet.set(EAST, Mood::Fails(503, 0));
    fleet.set(WEST, Mood::Fails(503, 0));
    // The two of the second priority come in either order; the last one works.
    let _ = chat(&gateway, &api, HELLO);
    assert_eq!(fleet.counts(), [1, 1, 1]);
    for name in [EAST, RESERVED, WEST] {
        let asked = fleet.asked(name).remove(0);
        assert_eq!(asked.body, HELLO, "{name} gets what the caller sent");
        assert_eq!(asked.header("authorization"), Some(super::SYSTEM_IDENTITY));
        assert_eq!(asked.header("api-key"), None);
    }
}

#[test]
fn client_errors_are_not_retried() {
    let Some((fleet, gateway, api)) = three() else {
        return;
    };
    for status in [400, 401, 403, 404, 422] {
        fleet.set(RESERVED, Mood::Fails(status, 0));
        let before = fleet.counts();
        let answer = chat(&gateway, &api, HELLO);
        assert_eq!(answer.status(), status);
        assert!(answer.body.contains("own"), "the backend's own answer: {answer:?}");
        assert_eq!(fleet.counts()[1], before[1] + 1);
        assert_eq!(fleet.counts()[0] + fleet.counts()[2], 0);
    }
}

#[test]
fn one_request_that_always_fails_trips_no_member() {
    let Some((fleet, gateway, api)) = three() else {
        return;
    };
    for name in [EAST, RESERVED, WEST] {
        fleet.set(name, Mood::FailsFor("poison", 500));
    }
    let poison = HELLO.replace("Hello", "poison");
    for round in 1..=3 {
        let answer = chat(&gateway, &api, &poison);
        assert_eq!(answer.status(), 500);
        assert!(answer.body.contains("own"), "{answer:?}");
        // No member is tripped, so the pool may use the first one again and again.
        assert_eq!(fleet.counts().iter().sum::<usize>(), 3 * round);
    }
    let reserved = fleet.asked(RESERVED).len();
    assert_eq!(chat(&gateway, &api, HELLO).status(), 200);
    assert_eq!(fleet.asked(RESERVED).len(), reserved + 1, "others are served as before");
}

#[test]
fn a_broken_stream_is_not_retried() {
    let Some((fleet, gateway, api)) = three() else {
        return;
    };
    fleet.set(RESERVED, Mood::Drops);
    let Some(result) = client(&gateway, &api, "broken.mjs", &[]) else {
        return;
    };
    assert_eq!(result["pieces"], json!(["first"]));
    assert_ne!(result["error"], Value::Null, "the client learns that it broke off");
    assert_eq!(fleet.counts(), [0, 1, 0]);
}

// ---- all members unavailable

#[test]
fn when_all_are_throttled_the_caller_gets_the_chosen_status_and_the_shortest_wait() {
    let Some((fleet, gateway, api)) = three() else {
        return;
    };
    fleet.set(RESERVED, Mood::Fails(429, 20));
    fleet.set(EAST, Mood::Fails(429, 7));
    fleet.set(WEST, Mood::Fails(429, 12));
    let first = chat(&gateway, &api, HELLO);
    assert_eq!(fleet.counts(), [1, 1, 1]);
    let then = chat(&gateway, &api, HELLO);
    assert_eq!(fleet.counts(), [1, 1, 1], "all are tripped");
    for answer in [&first, &then] {
        assert_eq!(answer.status(), 429);
        // A busy machine takes a second or two.
        assert!((4..=7).contains(&retry_after(answer)), "the first member is back in 7 s: {answer:?}");
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(body["error"]["code"], "429");
        assert!(!format!("{answer:?}").contains("secret"), "{answer:?}");
        assert!(!format!("{answer:?}").contains("aoai"), "{answer:?}");
    }
    let Some(result) = client(&gateway, &api, "chat.mjs", &[]) else {
        return;
    };
    assert_eq!(result["error"], "RateLimitError");
    let told: u32 = result["retryAfter"].as_str().unwrap().parse().unwrap();
    assert!((1..=7).contains(&told), "{told}");
    gateway.wait(3);
    assert!(retry_after(&chat(&gateway, &api, HELLO)) <= 4, "it gets less as time goes by");
    // The first member is back after its own wait, no sooner.
    for name in [EAST, RESERVED, WEST] {
        fleet.set(name, Mood::Fine);
    }
    gateway.wait(4);
    assert_eq!(chat(&gateway, &api, HELLO).status(), 200);
    assert_eq!(fleet.counts(), [2, 1, 1]);
}

#[test]
fn unreachable_services_count_as_unavailable() {
    let Some((fleet, gateway, api)) = three() else {
        return;
    };
    fleet.set(RESERVED, Mood::Gone);
    for _ in 0..5 {
        let answer = chat(&gateway, &api, HELLO);
        assert_eq!(answer.status(), 200, "the second priority takes over: {answer:?}");
    }
    assert_eq!(fleet.asked(RESERVED).len(), 1, "it is tripped like one that answers 503");
    for name in [EAST, RESERVED, WEST] {
        fleet.set(name, Mood::Gone);
    }
    let answer = chat(&gateway, &api, HELLO);
    assert_eq!((answer.status(), answer.header("retry-after")), (429, Some("10")), "the default: {answer:?}");
}

fn retry_after(answer: &Message) -> u32 {
    answer.header("retry-after").unwrap().parse().unwrap()
}

#[test]
fn a_wait_of_a_day_or_until_a_date_is_told_as_minutes_to_every_caller() {
    let Some((fleet, gateway, api)) = three() else {
        return;
    };
    for name in [EAST, RESERVED, WEST] {
        fleet.set(name, Mood::Asks("86400"));
    }
    for _ in 0..3 {
        let answer = chat(&gateway, &api, HELLO);
        assert_eq!((answer.status(), retry_after(&answer)), (429, 300));
    }
    assert_eq!(fleet.counts(), [1, 1, 1]);

    let Some((fleet, gateway, api)) = three() else {
        return;
    };
    // As third-party services write it; one that is over counts as none.
    for (name, date) in
        [(EAST, "Fri, 31 Dec 2100 23:59:59 GMT"), (RESERVED, "soon"), (WEST, "Wed, 21 Oct 2015 07:28:00 GMT")]
    {
        fleet.set(name, Mood::Asks(date));
    }
    let answer = chat(&gateway, &api, HELLO);
    assert!((25..=30).contains(&retry_after(&answer)), "the trip duration is shortest: {answer:?}");
}

#[test]
fn the_pools_own_refusal_is_not_retried() {
    let Some((fleet, gateway, api)) = three() else {
        return;
    };
    for name in [EAST, RESERVED, WEST] {
        fleet.set(name, Mood::Fails(429, 0));
    }
    chat(&gateway, &api, HELLO);
    assert_eq!(chat(&gateway, &api, HELLO).status(), 429);
    let trace = gateway.trace();
    let attempts = trace["attempts"].as_array().unwrap();
    assert_eq!(attempts.len(), 1, "{trace:#}");
}

/// A pool of two Foundry accounts by priority, and one of a single account, with everything at its default.
fn overloaded() -> Option<(Fleet, Gateway, Api)> {
    let fleet = Fleet::start(&["fdry-alone", "fdry-east", "fdry-west"]);
    let gateway = fleet.gateway("overloaded")?;
    let api = gateway.api("claude");
    Some((fleet, gateway, api))
}

fn message(gateway: &Gateway, api: &Api, model: &str) -> Message {
    let body = json!({ "model": model, "max_tokens": 5, "messages": [] }).to_string();
    gateway.send("POST /claude/v1/messages", &[(&api.key_header, &api.keys[0])], &body)
}

#[test]
fn a_first_priority_that_fails_in_any_way_is_left_for_the_next() {
    for mood in [Mood::Fails(529, 0), Mood::Fails(500, 0), Mood::Fails(504, 0), Mood::Hangs, Mood::Gone] {
        let Some((fleet, gateway, api)) = overloaded() else {
            return;
        };
        fleet.set("fdry-east", mood);
        for _ in 0..3 {
            let answer = message(&gateway, &api, "claude");
            assert_eq!(answer.status(), 200, "{mood:?}: {answer:?}");
        }
        assert_eq!(fleet.counts(), [0, 1, 3], "{mood:?}");
    }
}

#[test]
fn one_failure_of_the_only_member_is_no_outage() {
    let Some((fleet, gateway, api)) = overloaded() else {
        return;
    };
    fleet.set("fdry-alone", Mood::Fails(503, 0));
    assert_eq!(message(&gateway, &api, "opus").status(), 503);
    fleet.set("fdry-alone", Mood::Fine);
    assert_eq!(message(&gateway, &api, "opus").status(), 200);
}

#[test]
fn attempts_end_before_the_service_gives_up() {
    let Some((fleet, gateway, api)) = three() else {
        return;
    };
    for name in [EAST, RESERVED, WEST] {
        fleet.set(name, Mood::Hangs);
    }
    thread::scope(|scope| {
        let caller = scope.spawn(|| chat(&gateway, &api, HELLO));
        // Each of 120 s, of which the second may have 115.
        while !caller.is_finished() {
            thread::sleep(Duration::from_millis(300));
            gateway.wait(20);
        }
        assert_eq!(caller.join().unwrap().status(), 500);
    });
    assert!(fleet.counts().iter().sum::<usize>() <= 2, "{:?}", fleet.counts());
}

#[test]
fn a_post_of_unknown_outcome_is_not_called_try_again() {
    let fleet = Fleet::start(&["blue", "green"]);
    let Some(gateway) = fleet.gateway("rest-pool") else {
        return;
    };
    let api = gateway.api("prices");
    let key = [(api.key_header.as_str(), api.keys[0].as_str())];
    fleet.set("blue", Mood::Gone);
    let (method, path) = api.operations.iter().find(|(method, _)| method == "POST").unwrap();
    let answer = gateway.send(&format!("{method} /prices{path}"), &key, "{}");
    assert_eq!((answer.status(), answer.header("retry-after")), (502, None), "{answer:?}");
    assert!(answer.body.contains("unknown"), "{answer:?}");
    assert_eq!(fleet.asked("green").len(), 0);
}

#[test]
fn a_rest_api_is_retried_only_where_that_does_no_harm() {
    let fleet = Fleet::start(&["blue", "green"]);
    let Some(gateway) = fleet.gateway("rest-pool") else {
        return;
    };
    let api = gateway.api("prices");
    let send = |method: &str, path: &str| {
        let request = format!("{method} /prices/prices{path}");
        gateway.send(&request, &[(&api.key_header, &api.keys[0])], "{}")
    };
    // It is unknown whether the first one did its work.
    fleet.set("blue", Mood::Fails(502, 0));
    let answer = send("POST", "");
    assert_eq!(answer.status(), 502, "the backend's own answer: {answer:?}");
    assert_eq!(fleet.counts(), [1, 0]);
    gateway.wait(16);
    let answer = send("PUT", "/1");
    assert_eq!(answer.status(), 200, "{answer:?}");
    assert_eq!(fleet.counts(), [2, 1], "a PUT may be repeated");
    // A service that returns 503 has done nothing yet.
    gateway.wait(16);
    fleet.set("blue", Mood::Fails(503, 0));
    let answer = send("POST", "");
    assert_eq!(answer.status(), 200, "{answer:?}");
    assert_eq!(fleet.counts(), [3, 2]);
}

#[test]
fn a_model_without_a_pool_has_one_attempt_and_its_own_response() {
    let Some((fleet, gateway, api)) = three() else {
        return;
    };
    fleet.set(EAST, Mood::Fails(429, 9));
    let request = "POST /openai/deployments/text-embedding-3-small/embeddings?api-version=2024-10-21";
    let answer = gateway.send(request, &[("api-key", &api.keys[0])], r#"{"input": "x"}"#);
    assert_eq!((answer.status(), answer.header("retry-after")), (429, Some("9")));
    assert!(answer.body.contains("own"), "{answer:?}");
    assert_eq!(fleet.counts(), [1, 0, 0]);
    assert_eq!(fleet.asked(EAST)[0].target(), "/openai/deployments/embed/embeddings?api-version=2024-10-21");
}

// ---- models in the body, and what is no body

/// The client of the v1 API.
fn body_client(gateway: &Gateway, api: &Api, script: &str, model: &str, more: &[&str]) -> Option<Value> {
    let options = json!({
        "baseURL": format!("http://{}/{}", gateway.address, api.path),
        "apiKey": "unused",
        "defaultHeaders": { "api-key": api.keys[0] },
    });
    Script::start_with(script, &options, model, more)?.result()
}

#[test]
fn the_model_in_the_body_selects_the_backend() {
    let fleet = Fleet::start(&["aoai-east", "aoai-west", "llm"]);
    let Some(gateway) = fleet.gateway("models-in-body") else {
        return;
    };
    let api = gateway.api("openai/v1");
    for (model, index, target) in
        [("phi-4", 2, "/v1/chat/completions"), ("text-embedding-3-small", 0, "/openai/v1/embeddings")]
    {
        let before = fleet.counts()[index];
        let script = if model == "phi-4" { "chat.mjs" } else { "embeddings.mjs" };
        let Some(result) = body_client(&gateway, &api, script, model, &[]) else {
            return;
        };
        assert_eq!(result["error"], Value::Null, "{result}");
        assert_eq!(fleet.counts()[index], before + 1);
        let name = ["aoai-east", "aoai-west", "llm"][index];
        let asked = fleet.asked(name).pop().unwrap();
        assert_eq!(asked.target(), target);
        let token = (index < 2).then_some(super::SYSTEM_IDENTITY);
        assert_eq!(asked.header("authorization"), token, "no token reaches another host");
        assert_eq!(asked.header("api-key"), None);
    }
    let result = body_client(&gateway, &api, "chat.mjs", "gpt-5", &[]).unwrap();
    assert_eq!((&result["error"], &result["code"]), (&json!("NotFoundError"), &json!("model_not_found")));
}

#[test]
fn each_surface_has_its_own_error_shape() {
    let fleet = Fleet::start(&["blue", "claude", "green", "spare"]);
    let Some(gateway) = fleet.gateway("other-surfaces") else {
        return;
    };
    for (path, request, model, shape, unknown, busy) in [
        ("models", "/models/chat/completions", "Phi-4", "/error/code", "unknown_model", "503"),
        (
            "anthropic",
            "/anthropic/v1/messages",
            "claude-sonnet-4-5",
            "/error/type",
            "not_found_error",
            "overloaded_error",
        ),
    ] {
        let api = gateway.api(path);
        let send = |body: &str| {
            let key = [(api.key_header.as_str(), api.keys[0].as_str())];
            gateway.send(&format!("POST {request}"), &key, body)
        };
        let word = |answer: &Message| {
            let body: Value = serde_json::from_str(&answer.body).unwrap();
            body.pointer(shape).unwrap().as_str().unwrap().to_owned()
        };
        let refused = send(r#"{"model": "other"}"#);
        assert_eq!((refused.status(), word(&refused).as_str()), (404, unknown));
        assert_eq!(send("[]").status(), 400);
        let asked = format!(r#"{{"model": "{model}", "max_tokens": 5}}"#);
        assert_eq!(send(&asked).status(), 200);
        for name in ["blue", "claude", "green", "spare"] {
            fleet.set(name, Mood::Fails(429, 0));
        }
        assert_eq!(word(&send(&asked)), busy);
        for name in ["blue", "claude", "green", "spare"] {
            fleet.set(name, Mood::Fine);
            for asked in fleet.asked(name) {
                let headers = &asked.headers;
                assert!(!headers.contains_key("authorization"), "{headers:?}");
                assert!(!headers.contains_key(&api.key_header), "{headers:?}");
            }
        }
    }
}

#[test]
fn malformed_requests_are_refused_and_never_fail_in_the_policy() {
    let fleet = Fleet::start(&["aoai-east", "aoai-west", "llm"]);
    let Some(gateway) = fleet.gateway("models-in-body") else {
        return;
    };
    let api = gateway.api("openai/v1");
    let key = [("api-key", api.keys[0].as_str())];
    let chat = "POST /openai/v1/chat/completions";
    for body in [
        "",
        "[]",
        "null",
        "7",
        "\"gpt-4o\"",
        "{",
        "{}",
        "not json",
        "\u{0}",
        r#"{"model": null}"#,
        r#"{"model": 4}"#,
        r#"{"model": ["gpt-4o"]}"#,
        r#"[{"model": "gpt-4o"}]"#,
    ] {
        let answer = gateway.send(chat, &key, body);
        assert_eq!(answer.status(), 400, "{body:?}: {answer:?}");
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(body["error"]["code"], "model_required");
    }
    assert_eq!(gateway.send("GET /openai/v1/chat/completions", &key, "").status(), 404);
    assert_eq!(fleet.counts(), [0, 0, 0]);
    let large = format!(r#"{{"model": "gpt-4o", "input": "{}"}}"#, "x".repeat(5 * 1024 * 1024));
    let answer = gateway.send(chat, &key, &large);
    assert_eq!(answer.status(), 200);
    let [east, west, _] = fleet.counts()[..] else { panic!() };
    assert_eq!(east + west, 1);

    let Some((fleet, gateway, api)) = three() else {
        return;
    };
    let key = [("api-key", api.keys[0].as_str())];
    for body in ["", "[]", "{", "null"] {
        let answer = gateway.send(CHAT, &key, body);
        assert_eq!(answer.status(), 200, "the model says what it thinks of {body:?}: {answer:?}");
        assert_eq!(fleet.asked(RESERVED).pop().unwrap().body, body);
    }
    let answer = gateway.send(CHAT, &key, &large);
    assert_eq!(answer.status(), 200);
    assert_eq!(fleet.asked(RESERVED).pop().unwrap().body, large);
    assert_eq!(gateway.send(&CHAT.replace("POST", "GET"), &key, "").status(), 404);
}

// ---- usage in streams

#[test]
fn the_usage_of_streamed_chats_is_requested_and_nothing_else_changes() {
    let Some((fleet, gateway, api)) = three() else {
        return;
    };
    let key = [("api-key", api.keys[0].as_str())];
    let old = CHAT.replace("2024-10-21", "2024-06-01");
    let none = CHAT.split('?').next().unwrap();
    let plain = r#"{ "messages":[{"role":"user","content":"2024-05-01T10:00:00+02:00"}], "stream": true, "top_p":1.0}"#;
    let with = |body: &str| body.replacen('{', r#"{"stream_options": {"include_usage": true}, "#, 1);
    for (request, body, expected) in [
        (CHAT, plain.to_owned(), with(plain)),
        (none, plain.to_owned(), with(plain)),
        (&old, plain.to_owned(), plain.to_owned()),
        (CHAT, plain.replace("true", "false"), plain.replace("true", "false")),
        (CHAT, plain.replace("true", "\"true\""), plain.replace("true", "\"true\"")),
        (CHAT, plain.replace("messages", "input"), plain.replace("messages", "input")),
        (CHAT, plain.replacen('{', r#"{"data_sources": [], "#, 1), plain.replacen('{', r#"{"data_sources": [], "#, 1)),
        (
            CHAT,
            plain.replacen('{', r#"{"stream_options": {"include_usage": false}, "#, 1),
            plain.replacen('{', r#"{"stream_options": {"include_usage": false}, "#, 1),
        ),
        (CHAT, HELLO.to_owned(), HELLO.to_owned()),
    ] {
        let answer = gateway.send(request, &key, &body);
        assert_eq!(answer.status(), 200, "{body}: {answer:?}");
        assert_eq!(fleet.asked(RESERVED).pop().unwrap().body, expected, "{request} {body}");
    }
}
