//! Custom policies have their effect in the gateway, at their place.

use serde_json::json;

use super::gateway::Gateway;
use super::http::{self, Backend};

#[test]
fn requests_and_responses_are_changed_and_other_services_called() {
    let audit = Backend::start(|_, stream| http::answer(stream, "202 Accepted", &[], ""));
    let orders = Backend::start(|asked, stream| {
        let status = match asked.body.contains("nowhere") {
            true => "404 Not Found",
            false => "200 OK",
        };
        http::answer(stream, status, &[], &format!("internal:{}", asked.body));
    });
    let address = |host: &str| match host {
        "audit.contoso.com" => audit.address.clone(),
        _ => orders.address.clone(),
    };
    let Some(gateway) = Gateway::start_with("own-changes", address, &json!({})) else {
        return;
    };
    let api = gateway.api("orders");
    let headers = [(api.key_header.as_str(), api.keys[0].as_str())];
    for (place, status) in [("Oslo", 200), ("nowhere", 410)] {
        let body = json!({ "customer": "Ada", "place": place }).to_string();
        let answer = gateway.send("PATCH /orders/orders/7", &headers, &body);
        assert_eq!((answer.status(), answer.body.as_str()), (status, body.as_str()));
        let asked = orders.asked().pop().unwrap();
        assert_eq!(asked.first, "POST /orders/7 HTTP/1.1");
        assert_eq!(asked.body, body.replace("customer", "client"));
    }
    let result = audit.asked();
    assert_eq!(result.len(), 2, "{result:?}");
    for result in result {
        assert_eq!(result.first, "POST /events HTTP/1.1");
        assert!(result.body.contains("\"caller\": \"orders-shop\""), "{result:?}");
        assert!(!format!("{result:?}").contains(&api.keys[0]), "{result:?}");
    }
}
