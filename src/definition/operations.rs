//! The operations of a document, and the checks of their ids, paths and methods.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::names::{self, Pending, Unnamed};
use super::{Findings, Notation, Operation, OperationId, more_of, pointer, refs};
use crate::diag::{Code, Diagnostic};
use crate::source::YamlPath;

/// The methods of a path item in OpenAPI.
pub(super) const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];
/// Maximum length of a path in the service.
const LONGEST_PATH: usize = 1000;

/// Checks the parts of `info` that every tool requires.
pub(super) fn check_info(root: &Value, findings: &mut Findings) {
    let Some(Value::Object(info)) = root.get("info") else {
        let finding = match root.get("info") {
            Some(_) => {
                findings.value(Code::DefinitionShape, YamlPath::root().key("info")).says("`info` is not an object")
            }
            None => findings.whole(Code::DefinitionShape).says("the definition has no `info`"),
        };
        findings.push(finding.help("add `info` with a `title` and a `version`"));
        return;
    };
    for key in ["title", "version"] {
        let path = YamlPath::root().key("info");
        match info.get(key) {
            Some(Value::String(_) | Value::Number(_)) => {}
            Some(_) => findings.push(
                findings
                    .value(Code::DefinitionShape, path.key(key))
                    .says(format!("`info.{key}` is not a string"))
                    .help("write it in quotes"),
            ),
            None => findings.push(
                findings
                    .key(Code::DefinitionShape, path)
                    .says(format!("`info` has no `{key}`"))
                    .because(format!("`{key}` is required"))
                    .help(format!("add it, for example `{key}: {}`", if key == "title" { "Weather" } else { "1.0.0" })),
            ),
        }
    }
}

/// All operations that the service will have. A problem with one operation does not hide the others.
pub(super) fn collect(root: &Value, format: Notation, findings: &mut Findings) -> Vec<Operation> {
    let mut walk = OperationWalk {
        root,
        format,
        findings,
        operations: Vec::new(),
        seen: 0,
        ids: BTreeMap::new(),
        requests: BTreeMap::new(),
        shape: Vec::new(),
        same_path: Vec::new(),
        idle_paths: Vec::new(),
        checked: BTreeSet::new(),
        bodies: Few::default(),
        traces: Few::default(),
        servers: Few::default(),
    };
    let top = YamlPath::root().key("paths");
    match root.get("paths") {
        Some(Value::Object(paths)) => {
            for (path, item) in paths.iter().filter(|(path, _)| !path.starts_with("x-")) {
                walk.path(path, item, &top.key(path.as_str()));
            }
        }
        Some(Value::Null) | None => {}
        Some(_) => {
            let wrong = walk.findings.value(Code::DefinitionShape, top);
            let wrong = wrong.says("`paths` is not an object");
            walk.shape.push(wrong.help("write paths such as `/places:` below it"));
        }
    }
    walk.finish()
}

/// The first location of a repeated problem, and the number of occurrences.
#[derive(Default)]
struct Few {
    first: Option<(YamlPath, String)>,
    count: usize,
}

impl Few {
    fn add(&mut self, at: impl FnOnce() -> (YamlPath, String)) {
        self.first.get_or_insert_with(at);
        self.count += 1;
    }

    /// ` and 3 more operations`, or an empty text.
    fn more(&self, what: &str) -> String {
        match self.count.saturating_sub(1) {
            0 => String::new(),
            more => format!(" and {}", more_of(more, what)),
        }
    }
}

struct OperationWalk<'a, 'f, 'r> {
    root: &'a Value,
    format: Notation,
    findings: &'f mut Findings<'r>,
    operations: Vec<Pending>,
    seen: usize,
    ids: BTreeMap<OperationId, YamlPath>,
    requests: BTreeMap<(String, &'static str), YamlPath>,
    shape: Vec<Diagnostic>,
    same_path: Vec<Diagnostic>,
    idle_paths: Vec<Diagnostic>,
    /// Parameters that were checked: several operations may share one.
    checked: BTreeSet<*const Value>,
    bodies: Few,
    traces: Few,
    /// Paths and operations that define their own servers.
    servers: Few,
}

impl<'a> OperationWalk<'a, '_, '_> {
    fn path(&mut self, path: &str, item: &'a Value, at: &YamlPath) {
        let Value::Object(item) = item else {
            let wrong = self.findings.key(Code::DefinitionShape, at.clone());
            self.shape.push(
                wrong
                    .says(format!("the path `{path}` is not an object"))
                    .help("write methods such as `get:` below it, or remove it"),
            );
            return;
        };
        if item.contains_key("$ref") {
            // References that could be followed are inlined by now.
            let wrong = self.findings.key(Code::DefinitionShape, at.key("$ref"));
            self.shape.push(
                wrong
                    .says(format!("the path `{path}` has a `$ref` that cannot be resolved"))
                    .because("API Management does not follow it")
                    .help("write the operations directly below the path"),
            );
            return;
        }
        let template = Template::read(path);
        for (problem, help) in &template.problems {
            let wrong = self.findings.key(Code::DefinitionShape, at.clone());
            self.shape.push(wrong.says(format!("the path `{path}` {problem}")).help(help));
        }
        if let Some(reason) = &template.idle {
            let warning = self.findings.key(Code::IdlePath, at.clone());
            let warning = warning.says(format!("no request of a client matches the path `{path}`")).because(reason);
            self.idle_paths.push(warning.help(
                "write the path that clients call, with parameters as `{name}`; describe query parameters in `parameters`",
            ));
        }
        self.parameters(item, at);
        self.servers(item, path, at);
        for (key, operation) in item {
            let Some(method) = METHODS.into_iter().find(|method| method == key) else {
                self.other_key(path, key, operation, at);
                continue;
            };
            self.seen += 1;
            let at = at.key(method);
            match operation {
                Value::Object(operation) => {
                    self.operation(path, method, item, operation, &template, &at);
                }
                _ => {
                    let wrong = self.findings.key(Code::DefinitionShape, at);
                    let name = format!("{} {path}", method.to_uppercase());
                    self.shape.push(
                        wrong
                            .says(format!("the operation `{name}` is not an object"))
                            .help("write its `operationId` and `responses` below it"),
                    );
                }
            }
        }
    }

    /// A key of a path item that is not the method of an operation.
    fn other_key(&mut self, path: &str, key: &str, value: &Value, at: &YamlPath) {
        if key == "trace" && value.is_object() {
            self.traces.add(|| (at.key(key), path.to_owned()));
            return;
        }
        let lower = key.to_ascii_lowercase();
        if lower != key && METHODS.contains(&lower.as_str()) {
            let wrong = self.findings.key(Code::DefinitionShape, at.key(key));
            self.shape.push(
                wrong
                    .says(format!("the method `{key}` of `{path}` is not lower-case"))
                    .because("methods are case-sensitive, so this one is ignored")
                    .help(format!("write `{lower}`")),
            );
        }
    }

    fn servers(&mut self, holder: &Map<String, Value>, name: &str, at: &YamlPath) {
        let servers = holder.get("servers").and_then(Value::as_array);
        if servers.is_some_and(|servers| !servers.is_empty()) {
            self.servers.add(|| (at.key("servers"), name.to_owned()));
        }
    }

    /// `parameters` of a path item or an operation must be a list of objects.
    fn parameters(&mut self, holder: &'a Map<String, Value>, at: &YamlPath) {
        let at = at.key("parameters");
        match holder.get("parameters") {
            None | Some(Value::Null) => {}
            Some(Value::Array(list)) => {
                for (position, _) in list.iter().enumerate().filter(|(_, item)| !item.is_object()) {
                    let wrong = self.findings.value(Code::DefinitionShape, at.index(position));
                    let wrong = wrong.says("a parameter is not an object");
                    self.shape.push(wrong.help("write an object with `name` and `in`, or a `$ref`"));
                }
                for (position, item) in list.iter().enumerate().filter(|(_, item)| item.is_object()) {
                    self.parameter(item, &at.index(position));
                }
            }
            Some(_) => {
                let wrong = self.findings.value(Code::DefinitionShape, at);
                let wrong = wrong.says("`parameters` is not a list");
                self.shape.push(wrong.help("start each parameter with `- `"));
            }
        }
    }

    /// A parameter needs a name and a place of the request.
    fn parameter(&mut self, item: &'a Value, at: &YamlPath) {
        let parameter = refs::follow(self.root, item);
        if parameter.get("$ref").is_some() || !self.checked.insert(std::ptr::from_ref(parameter)) {
            return; // `refs` reports it, or it was checked
        }
        let to = item.get("$ref").and_then(Value::as_str);
        let at = to.and_then(|to| pointer::path_of(self.root, to)).unwrap_or_else(|| at.clone());
        let places: &[&str] = match self.format {
            Notation::OpenApi3 => &["query", "header", "path", "cookie"],
            Notation::Swagger2 => &["query", "header", "path", "body", "formData"],
        };
        let expected = format!("write one of `{}`", places.join("`, `"));
        let name = parameter.get("name").and_then(Value::as_str);
        let named = name.map_or_else(|| "a parameter".to_owned(), |name| format!("the parameter `{name}`"));
        if name.is_none_or(str::is_empty) {
            let wrong = self.findings.key(Code::DefinitionShape, at.clone());
            self.shape
                .push(wrong.says("a parameter has no `name`").help("add the name that callers send, as a string"));
        }
        match parameter.get("in") {
            Some(Value::String(place)) if places.contains(&place.as_str()) => {}
            Some(Value::String(place)) if place == "body" || place == "formData" => {
                let wrong = self.findings.value(Code::DefinitionShape, at.key("in"));
                let wrong = wrong.says(format!("{named} has `in: {place}`, which OpenAPI 3 does not have"));
                self.shape.push(wrong.help("describe the body of a request in `requestBody`"));
            }
            Some(_) => {
                let wrong = self.findings.value(Code::DefinitionShape, at.key("in"));
                self.shape.push(wrong.says(format!("{named} has an unknown `in`")).help(expected));
            }
            None => {
                let wrong = self.findings.key(Code::DefinitionShape, at);
                self.shape.push(wrong.says(format!("{named} has no `in`")).help(expected));
            }
        }
    }

    fn operation(
        &mut self,
        path: &str,
        method: &'static str,
        item: &'a Map<String, Value>,
        operation: &'a Map<String, Value>,
        template: &Template,
        at: &YamlPath,
    ) {
        let name = format!("{} {path}", method.to_uppercase());
        self.parameters(operation, at);
        self.servers(operation, &name, at);

        if let Some(first) = self.requests.insert((template.anonymous.clone(), method), at.clone()) {
            let same = self.findings.key(Code::DuplicateOperation, at.clone());
            self.same_path.push(
                same.says(format!("`{name}` matches the same requests as an earlier operation"))
                    .because("paths that differ only in letter case or parameter names are the same")
                    .also(self.findings.place_of_key(&first), "the first operation")
                    .help("remove one of the two, or change its path"),
            );
        }

        let has_body = match self.format {
            Notation::OpenApi3 => operation.contains_key("requestBody"),
            Notation::Swagger2 => {
                [item, operation].into_iter().filter_map(|holder| holder.get("parameters")?.as_array()).flatten().any(
                    |parameter| {
                        let parameter = refs::follow(self.root, parameter);
                        let place = parameter.get("in").and_then(Value::as_str);
                        matches!(place, Some("body" | "formData"))
                    },
                )
            }
        };
        if has_body && matches!(method, "get" | "head" | "options") {
            self.bodies.add(|| {
                let at = match self.format {
                    Notation::OpenApi3 => at.key("requestBody"),
                    Notation::Swagger2 => at.clone(),
                };
                (at, name.clone())
            });
        }

        let id = self.id(operation, at);
        self.operations.push(Pending {
            id,
            at: at.clone(),
            method,
            path: path.to_owned(),
            parameters: template.parameters.clone(),
            takes_json: self.takes_json(item, operation),
            sends_events: self.sends_events(operation),
        });
    }

    /// True if the document offers a response of an operation as a stream of events.
    fn sends_events(&self, operation: &'a Map<String, Value>) -> bool {
        const EVENTS: &str = "text/event-stream";
        let responses = operation.get("responses").and_then(Value::as_object);
        let mut responses = responses.into_iter().flat_map(Map::values).map(|one| refs::follow(self.root, one));
        let mut listed = [operation.get("produces"), self.root.get("produces")].into_iter().flatten();
        responses.any(|one| one.get("content").is_some_and(|content| content.get(EVENTS).is_some()))
            || listed.any(|all| all.as_array().is_some_and(|all| all.iter().any(|one| one == EVENTS)))
    }

    /// False if the document offers the body of an operation in other formats than JSON alone.
    fn takes_json(&self, item: &'a Map<String, Value>, operation: &'a Map<String, Value>) -> bool {
        let is_json = |format: &str| format.to_ascii_lowercase().contains("json") || format.contains('*');
        match self.format {
            Notation::OpenApi3 => {
                let body = operation.get("requestBody").map(|body| refs::follow(self.root, body));
                let content = body.and_then(|body| body.get("content")?.as_object());
                content.is_none_or(|content| content.is_empty() || content.keys().any(|format| is_json(format)))
            }
            Notation::Swagger2 => {
                let lists = [item, operation].into_iter().filter_map(|holder| holder.get("parameters")?.as_array());
                let is_form = |parameter: &Value| {
                    refs::follow(self.root, parameter).get("in").and_then(Value::as_str) == Some("formData")
                };
                !lists.flatten().any(is_form)
            }
        }
    }

    /// The name of an operation, or the reason why its id cannot be used.
    fn id(&mut self, operation: &Map<String, Value>, at: &YamlPath) -> Result<OperationId, Unnamed> {
        let text = match operation.get("operationId") {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(), // `operationId: 7` in YAML
            Some(Value::Null) | None => return Err(Unnamed::Missing),
            Some(_) => return Err(Unnamed::NoText),
        };
        let id = OperationId::parse(&text).map_err(Unnamed::Unusable)?;
        match self.ids.get(&id) {
            Some(first) => Err(Unnamed::Same(id, first.clone())),
            None => {
                self.ids.insert(id.clone(), at.key("operationId"));
                Ok(id)
            }
        }
    }

    fn finish(mut self) -> Vec<Operation> {
        let nothing_wrong = self.shape.is_empty();
        self.findings.push_few(self.shape, "part");
        let operations = names::give(self.operations, self.ids, self.findings);
        self.findings.push_few(self.same_path, "operation");
        self.findings.push_few(self.idle_paths, "path");
        if let Some((at, name)) = self.bodies.first.take() {
            let more = self.bodies.more("operation");
            self.findings.push(
                self.findings
                    .key(Code::DroppedBody, at)
                    .says(format!("the request body of `{name}`{more} is not imported"))
                    .because("API Management drops request bodies of GET, HEAD and OPTIONS")
                    .help("use another method if callers send a body; requests are forwarded either way"),
            );
        }
        if let Some((at, name)) = self.servers.first.take() {
            let more = self.servers.more("place");
            let found = self.findings.key(Code::OwnServers, at);
            self.findings.push(
                found
                    .says(format!("the `servers` of `{name}`{more} are ignored"))
                    .because("an API has one target: these calls go to it, with its credential")
                    .help("define a separate API for these operations, or exclude them with `operations`"),
            );
        }
        if let Some((at, path)) = self.traces.first.take() {
            let more = self.traces.more("path");
            self.findings.push(
                self.findings
                    .key(Code::IgnoredTrace, at)
                    .says(format!("the operation `TRACE {path}`{more} is ignored"))
                    .because("API Management does not import `trace`")
                    .help("remove it from the document, or accept that the gateway returns 404 for it"),
            );
        }
        if self.seen == 0 && nothing_wrong {
            let none = match self.root.get("paths") {
                Some(_) => self.findings.key(Code::NoOperations, YamlPath::root().key("paths")),
                None => self.findings.whole(Code::NoOperations),
            };
            let none = none
                .because("the gateway would return 404 for every call")
                .help("add a path with a method, or use the document that has them");
            self.findings.push(if self.root.get("webhooks").is_some() {
                none.says("the definition has webhooks, but no operations")
            } else {
                none
            });
        }
        operations
    }
}

/// True if a name in braces is more than a name: a URI template expression (RFC 6570) that matches several segments of a path or none,
/// or a form of another product (`{proxy+}`, `{**rest}`, `{id:int}`, `{name=shelves/*}`).
fn is_expression(name: &str) -> bool {
    name.starts_with(['+', '#', '.', '/', ';', '?', '&']) || name.ends_with('+') || name.contains(['*', ':', '='])
}

/// A path with parameters in braces.
pub(super) struct Template {
    /// The path with empty braces: two paths with the same form match the same requests.
    anonymous: String,
    pub(super) parameters: Vec<String>,
    /// The problem and the suggested fix.
    problems: Vec<(String, String)>,
    /// The reason why no request matches the path.
    idle: Option<String>,
}

/// The reason why no request matches a path, given without the names of its parameters.
fn idle(anonymous: &str) -> Option<String> {
    if anonymous.contains('#') {
        return Some("clients do not send what follows `#` in a URL".to_owned());
    }
    if anonymous.contains('?') {
        return Some("`?` starts the query, which is not part of a path".to_owned());
    }
    let is_name = |name: &str| name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let word = anonymous.split('/').find(|part| part.strip_prefix(':').is_some_and(is_name))?;
    Some(format!("`{word}` is text in OpenAPI, and only requests with that very text match it"))
}

impl Template {
    pub(super) fn read(path: &str) -> Self {
        let mut template = Self {
            anonymous: String::with_capacity(path.len()),
            parameters: Vec::new(),
            problems: Vec::new(),
            idle: None,
        };
        if !path.starts_with('/') {
            template.problems.push(("does not start with a slash".to_owned(), format!("write `/{path}`")));
        }
        // A policy that rewrites the path could not contain it.
        if path.chars().any(|c| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}')) {
            template.problems.push(("contains a control character".to_owned(), "remove it".to_owned()));
        }
        let length = path.chars().count();
        if length > LONGEST_PATH {
            let problem = format!("has {length} characters, the limit is {LONGEST_PATH}");
            let help = "shorten it".to_owned();
            template.problems.push((problem, help));
        }
        let mut rest = path;
        while let Some(open) = rest.find(['{', '}']) {
            template.anonymous.push_str(&rest[..open]);
            let inside = rest[open..].strip_prefix('{');
            let named = inside.and_then(|inside| inside.split_once('}'));
            match named.filter(|(name, _)| !name.is_empty() && !name.contains('{')) {
                Some((name, after)) => {
                    template.anonymous.push_str("{}");
                    if is_expression(name) {
                        template.problems.push((
                            format!("has `{{{name}}}`, which is not a valid OpenAPI parameter"),
                            "write `{…}` with a plain name, which matches one segment of a path; for paths of any depth use `definition: passThrough`".to_owned(),
                        ));
                    }
                    template.parameters.push(name.to_owned());
                    rest = after;
                }
                None => {
                    template.problems.push((
                        "has braces without a name in them".to_owned(),
                        "write parameters as `{name}`".to_owned(),
                    ));
                    break;
                }
            }
        }
        template.anonymous.push_str(rest);
        template.idle = idle(&template.anonymous);
        // The service compares paths without letter case.
        template.anonymous = template.anonymous.to_lowercase();
        // Parameter names are compared case-insensitively, as the service does.
        let mut seen = BTreeSet::new();
        let twice = template.parameters.iter().find(|name| !seen.insert(name.to_lowercase()));
        if let Some(name) = twice {
            template.problems.push((
                format!("has a duplicate parameter `{{{name}}}`"),
                "give each parameter a unique name".to_owned(),
            ));
        }
        template
    }
}

#[cfg(test)]
mod tests {
    use super::Template;

    #[test]
    fn a_path_gives_its_parameters() {
        let table: [(&str, &str, &[&str], usize); 15] = [
            ("/A/{b}/C", "/a/{}/c", &["b"], 0),
            ("/{proxy+}", "/{}", &["proxy+"], 1),
            ("/{**rest}", "/{}", &["**rest"], 1),
            ("/{path*}", "/{}", &["path*"], 1),
            ("/{id:int}", "/{}", &["id:int"], 1),
            ("/{name=shelves/*}", "/{}", &["name=shelves/*"], 1),
            ("/a", "/a", &[], 0),
            ("/a/{b}/c/{d-e}", "/a/{}/c/{}", &["b", "d-e"], 0),
            ("/a/{b}.{c}", "/a/{}.{}", &["b", "c"], 0),
            ("a/{b}", "a/{}", &["b"], 1),
            ("/a/{b", "/a/{b", &[], 1),
            ("/a/}b{", "/a/}b{", &[], 1),
            ("/{a{b}}", "/{a{b}}", &[], 1),
            ("/a\n", "/a\n", &[], 1),
            ("/{a}/{A}", "/{}/{}", &["a", "A"], 1),
        ];
        for (path, anonymous, parameters, problems) in table {
            let template = Template::read(path);
            assert_eq!(template.parameters, parameters, "{path}");
            assert_eq!(template.problems.len(), problems, "{path}");
            if problems == 0 {
                assert_eq!(template.anonymous, anonymous);
            }
        }
    }

    #[test]
    fn paths_that_match_nothing_are_known() {
        for path in ["/{queue}/#Action=Send", "/x?version=1", "/express/:id", "/express/:id/x"] {
            assert!(Template::read(path).idle.is_some(), "{path}");
        }
        for path in ["/a", "/{a}", "/v1/a:cancel", "/{a}:cancel", "/:", "/a/{?b}"] {
            assert!(Template::read(path).idle.is_none(), "{path}");
        }
    }
}
