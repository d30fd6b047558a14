//! The operations of a document, and the checks of their ids, paths and methods.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::names::{self, Pending, Unnamed};
use super::{Findings, Notation, Operation, OperationId, more_of, refs};
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
        unmatched: Vec::new(),
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
    unmatched: Vec<Diagnostic>,
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
        if let Some((what, help)) = unmatched(path) {
            let found = self.findings.key(Code::UnmatchedPath, at.clone());
            self.unmatched.push(
                found
                    .says(format!("no request matches the path `{path}`"))
                    .because(format!("it has {what}"))
                    .help(help),
            );
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
    fn parameters(&mut self, holder: &Map<String, Value>, at: &YamlPath) {
        let at = at.key("parameters");
        match holder.get("parameters") {
            None | Some(Value::Null) => {}
            Some(Value::Array(list)) => {
                for (position, _) in list.iter().enumerate().filter(|(_, item)| !item.is_object()) {
                    let wrong = self.findings.value(Code::DefinitionShape, at.index(position));
                    let wrong = wrong.says("a parameter is not an object");
                    self.shape.push(wrong.help("write an object with `name` and `in`, or a `$ref`"));
                }
                for (position, parameter) in list.iter().enumerate().filter(|(_, item)| item.is_object()) {
                    self.parameter(refs::follow(self.root, parameter), at.index(position));
                }
            }
            Some(_) => {
                let wrong = self.findings.value(Code::DefinitionShape, at);
                let wrong = wrong.says("`parameters` is not a list");
                self.shape.push(wrong.help("start each parameter with `- `"));
            }
        }
    }

    /// A parameter has a name and a place.
    fn parameter(&mut self, parameter: &Value, at: YamlPath) {
        // A reference that leads nowhere is reported with all others.
        if parameter.get("$ref").is_some() {
            return;
        }
        let text = |key: &str| parameter.get(key).and_then(Value::as_str);
        let places: &[&str] = match self.format {
            Notation::OpenApi3 => &["query", "header", "path", "cookie"],
            Notation::Swagger2 => &["query", "header", "path", "formData", "body"],
        };
        let (says, help) = match (text("name"), text("in")) {
            (None, _) => ("a parameter has no `name`".to_owned(), "add `name`".to_owned()),
            (Some(name), None) => {
                (format!("the parameter `{name}` has no `in`"), format!("add `in`: one of `{}`", places.join("`, `")))
            }
            (Some(name), Some(place)) if !places.contains(&place) => (
                format!("the parameter `{name}` has `in: {place}`"),
                match place {
                    "body" | "formData" => "write a `requestBody` instead, as OpenAPI 3 has it".to_owned(),
                    _ => format!("use one of `{}`", places.join("`, `")),
                },
            ),
            _ => return,
        };
        let wrong = self.findings.value(Code::DefinitionShape, at);
        self.shape.push(wrong.says(says).because("API Management refuses such a document").help(help));
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

        if let Some(first) = self.requests.insert((template.anonymous.to_lowercase(), method), at.clone()) {
            let same = self.findings.key(Code::DuplicateOperation, at.clone());
            self.same_path.push(
                same.says(format!("`{name}` matches the same requests as an earlier operation"))
                    .because("paths that differ only in parameter names or in letter case are the same")
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
        });
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
        self.findings.push_few(self.unmatched, "path");
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

/// True if a name in braces is one of the URI template expressions (RFC 6570) that match several segments of a path, or none.
fn is_expression(name: &str) -> bool {
    name.starts_with(['+', '#', '.', '/', ';', '?', '&']) || name.ends_with('*')
}

/// True if a name in braces is a parameter as other gateways and frameworks write it: `{proxy+}`, `{**rest}`, `{id:int}`, `{id?}`.
fn is_foreign(name: &str) -> bool {
    name.starts_with('*') || name.ends_with(['+', '?']) || name.contains([':', '='])
}

/// A part of a path that no request has, and why.
fn unmatched(path: &str) -> Option<(&'static str, &'static str)> {
    if path.contains('#') {
        return Some(("a fragment, which clients do not send", "remove it from `#` on"));
    }
    // Braces may hold anything.
    let outside = path.split('}').any(|part| part.split('{').next().unwrap_or_default().contains('?'));
    if outside {
        return Some(("a query, which is not part of a path", "declare it in `parameters` with `in: query`"));
    }
    let is_variable = |segment: &str| {
        segment.strip_prefix(':').is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
    };
    path.split('/')
        .any(is_variable)
        .then_some(("a segment that starts with a colon, which matches that very text", "write parameters as `{name}`"))
}

/// A path with parameters in braces.
pub(super) struct Template {
    /// The path with empty braces: two paths with the same form match the same requests.
    anonymous: String,
    pub(super) parameters: Vec<String>,
    /// The problem and the suggested fix.
    problems: Vec<(String, String)>,
}

impl Template {
    pub(super) fn read(path: &str) -> Self {
        let mut template =
            Self { anonymous: String::with_capacity(path.len()), parameters: Vec::new(), problems: Vec::new() };
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
                    if is_expression(name) || is_foreign(name) {
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
        let table: [(&str, &str, &[&str], usize); 9] = [
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
}
