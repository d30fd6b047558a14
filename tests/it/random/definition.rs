//! Random OpenAPI and Swagger documents that the compiler takes.

use std::collections::BTreeSet;

use gatewright::definition::OperationId;
use serde_json::{Map, Value, json};

use super::draw::Draw;

/// The requirements for a document.
pub(super) struct Wanted<'a> {
    /// Each operation names a deployment in its path.
    pub(super) by_deployment: bool,
    /// The location of its backend, if the document may contain it.
    pub(super) url: Option<&'a str>,
}

/// A document, and what a gateway file may say of it.
pub(super) struct Document {
    pub(super) text: String,
    pub(super) is_json: bool,
    /// Its operations, some by id and some as `GET /path`.
    pub(super) operations: Vec<String>,
    /// A second file that the document refers to, by the name that was asked for.
    pub(super) parts: Option<String>,
}

/// A document; `parts` is how it names a second file beside it, if there is to be one.
pub(super) fn document(draw: &mut Draw, wanted: &Wanted, parts: Option<&str>) -> Document {
    let version = draw.pick(&["3.0.0", "3.0.3", "3.0.4", "3.1.0", "3.1.1", "2.0", "2.0"]);
    let is_swagger = version == "2.0";
    let mut document = if is_swagger { json!({ "swagger": version }) } else { json!({ "openapi": version }) };
    document["info"] =
        json!({ "title": draw.line(200), "version": draw.pick(&["1", "1.0", "2024-10-21", "v1 \"beta\""]) });
    if draw.percent(40) {
        document["info"]["description"] = paragraph(draw).into();
    }
    if let Some(url) = wanted.url.filter(|_| draw.percent(50)) {
        servers(&mut document, url, is_swagger);
    }
    let place = match parts {
        Some(file) => format!("{file}#/"),
        None if is_swagger => "#/definitions/".to_owned(),
        None => "#/components/schemas/".to_owned(),
    };
    document["paths"] = paths(draw, wanted.by_deployment, is_swagger, &place);
    let inner = if parts.is_some() { "#/" } else { &place };
    let schemas = json!({
        "Thing": {
            "type": "object",
            "required": ["id"],
            "properties": {
                "id": { "type": "string", "description": draw.line(300) },
                "size": { "type": "integer", "minimum": 0, "default": draw.between(0, 99) },
                "kind": { "type": "string", "enum": [draw.line(40), "other"] },
                "parts": { "type": "array", "items": { "$ref": format!("{inner}Part") } },
            },
            "example": { "id": draw.line(40), "$ref": "not a reference", "at": "2026-01-31" },
        },
        "Part": { "type": "object", "additionalProperties": { "type": "number" } },
    });
    let parts = match parts {
        Some(_) => Some(schemas.to_string()),
        None if is_swagger => {
            document["definitions"] = schemas;
            None
        }
        None => {
            document["components"] = json!({ "schemas": schemas });
            None
        }
    };
    let operations = operations(draw, &document);
    let is_json = draw.percent(50);
    let text = match is_json {
        true => document.to_string(),
        false => serde_yaml::to_string(&document).unwrap(),
    };
    Document { text, is_json, operations, parts }
}

fn operations(draw: &mut Draw, document: &Value) -> Vec<String> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            all.push(match draw.percent(50) {
                true => operation["operationId"].as_str().unwrap().to_owned(),
                false => format!("{} {path}", method.to_uppercase()),
            });
        }
    }
    all
}

fn servers(document: &mut Value, url: &str, is_swagger: bool) {
    if is_swagger {
        let (_, rest) = url.split_once("://").unwrap();
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        document["host"] = host.into();
        document["basePath"] = format!("/{path}").into();
        document["schemes"] = json!(["https"]);
    } else {
        document["servers"] = json!([{ "url": url }]);
    }
}

/// Text of several lines, which definitions may have.
fn paragraph(draw: &mut Draw) -> String {
    let lines: Vec<_> = (0..draw.between(1, 4)).map(|_| draw.line(200)).collect();
    lines.join(draw.pick(&["\n", "\n\n", "\r\n", "\t"]))
}

fn paths(draw: &mut Draw, by_deployment: bool, is_swagger: bool, schemas: &str) -> Value {
    let mut paths = Map::new();
    let (mut seen, mut ids) = (BTreeSet::new(), BTreeSet::new());
    for _ in 0..draw.between(1, 6) {
        let (path, parameters) = path(draw, by_deployment);
        let shape: String =
            parameters.iter().fold(path.clone(), |shape, name| shape.replace(&format!("{{{name}}}"), "{}"));
        if !seen.insert(shape) {
            continue;
        }
        let mut item = Map::new();
        for method in draw.some(&["get", "put", "post", "delete", "patch", "head", "options"], 3) {
            let id = id(draw, &mut ids);
            item.insert(method.to_owned(), operation(draw, &id, method, &parameters, (is_swagger, schemas)));
        }
        paths.insert(path, item.into());
    }
    paths.into()
}

/// A path, and the names of its parameters.
fn path(draw: &mut Draw, by_deployment: bool) -> (String, Vec<String>) {
    const LITERALS: [&str; 16] = [
        "chat",
        "completions",
        "v1",
        "Things",
        "a.b",
        "$metadata",
        "it's",
        "~x",
        "(all)",
        "a%20b",
        "a:batch",
        "grüße",
        "a,b",
        "@x",
        "&amp;",
        "a=b",
    ];
    let (mut path, mut names) = (String::new(), Vec::new());
    if by_deployment {
        let name = draw.pick(&["deployment-id", "model", "d"]);
        path = format!("/deployments/{{{name}}}");
        names.push(name.to_owned());
    }
    for at in 0..draw.between(1, 4) {
        path.push('/');
        if draw.percent(35) {
            let name = format!("{}{at}", draw.pick(&["id", "user-id", "p_", "Key", "x.y"]));
            path.push_str(&format!("{{{name}}}"));
            names.push(name);
        } else {
            path.push_str(draw.pick(&LITERALS));
        }
    }
    (path, names)
}

/// An `operationId` whose name in the service is unique.
fn id(draw: &mut Draw, ids: &mut BTreeSet<OperationId>) -> String {
    loop {
        let id = format!(
            "{}{}{}",
            draw.pick(&["get", "List", "create_", "Do.", "x--", "it's a "]),
            draw.pick(&["Thing", "things", "Part", "é1", "\"q\""]),
            draw.between(0, 99)
        );
        if ids.insert(OperationId::parse(&id).unwrap()) {
            return id;
        }
    }
}

fn operation(
    draw: &mut Draw,
    id: &str,
    method: &str,
    parameters: &[String],
    (is_swagger, schemas): (bool, &str),
) -> Value {
    let mut all: Vec<_> = parameters.iter().map(|name| parameter(name, "path", is_swagger)).collect();
    if draw.percent(30) {
        let name = draw.pick(&["api-version", "filter", "$top", "q"]);
        all.push(parameter(name, "query", is_swagger));
    }
    let thing = json!({ "$ref": format!("{schemas}Thing") });
    let mut operation = json!({ "operationId": id });
    if draw.percent(50) {
        operation["summary"] = draw.line(200).into();
    }
    if draw.percent(20) {
        operation["description"] = paragraph(draw).into();
    }
    let has_body = !["get", "head", "options", "delete"].contains(&method) && draw.percent(60);
    let answer = json!({ "description": draw.line(100) });
    operation["responses"] = json!({ "200": answer });
    if is_swagger {
        if has_body {
            all.push(json!({ "name": "body", "in": "body", "schema": thing }));
        }
        if draw.percent(40) {
            operation["responses"]["200"]["schema"] = thing;
        }
    } else {
        let content = json!({ "application/json": { "schema": thing } });
        if has_body {
            operation["requestBody"] = json!({ "required": true, "content": content });
        }
        if draw.percent(40) {
            operation["responses"]["200"]["content"] = content;
        }
    }
    if !all.is_empty() {
        operation["parameters"] = all.into();
    }
    operation
}

fn parameter(name: &str, place: &str, is_swagger: bool) -> Value {
    let mut parameter = json!({ "name": name, "in": place, "required": place == "path" });
    if is_swagger {
        parameter["type"] = "string".into();
    } else {
        parameter["schema"] = json!({ "type": "string" });
    }
    parameter
}
