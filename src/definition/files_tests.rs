//! Documents in several files: what is written in place, what becomes a component, and which files are read.

use camino::Utf8Path;
use serde_json::{Value, json};

use super::*;
use crate::diag::Span;
use crate::source::Source;

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\n";
const OK: &str = "responses: {'200': {description: ok}}";

/// The document that comes of `api.yaml` and other files, and the findings.
#[expect(clippy::disallowed_methods, reason = "makes what is read")]
fn bundled(api: &str, files: &[(&str, &str)], operations: Option<&[&str]>) -> (Option<Value>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let folder = Utf8Path::from_path(folder.path()).unwrap();
    for (name, text) in [("api.yaml", format!("{HEAD}{api}").as_str())].iter().chain(files) {
        std::fs::create_dir_all(folder.join(name).parent().unwrap()).unwrap();
        std::fs::write(folder.join(name), text).unwrap();
    }
    let mut sources = Sources::default();
    let gateway = sources.add(Source::new(folder.join("gateway.yaml"), "apis:"));
    let from = Location::key(gateway, YamlPath::root().key("apis"));
    let file = sources.add(Source::read(&folder.join("api.yaml")).unwrap());
    let mut report = Report::default();
    let operations = operations.map(|names| names.iter().map(|name| (*name, from.clone())).collect());
    let wanted = Wanted { from: &from, folder, operations };
    let definition = parse(file, &sources, &from, &mut report)
        .and_then(|document| read(document, &wanted, &mut sources, &mut report));
    let line = |finding: &Diagnostic| {
        let place = match &finding.at.place.spot {
            Span::Key(path) | Span::Value(path) => path.to_string(),
            _ => "file".to_owned(),
        };
        let file = sources.get(finding.at.place.file).path().file_name().unwrap().to_owned();
        format!("{} {file} {place}: {}", finding.code.id(), finding.message)
    };
    let found = report.iter().map(line).collect();
    (definition.map(|definition| serde_json::from_str(&definition.text).unwrap()), found)
}

fn clean(api: &str, files: &[(&str, &str)], operations: Option<&[&str]>) -> Value {
    let (document, found) = bundled(api, files, operations);
    assert_eq!(found, [""; 0]);
    document.unwrap()
}

#[test]
fn operations_in_files_are_written_in_place() {
    let get = format!(
        "operationId: getCity\nparameters: [{{name: city, in: path, required: true, schema: {{type: integer}}}}]\n{OK}"
    );
    let more = format!(
        "renameCity:\n  operationId: renameCity\n  parameters: [{{name: city, in: path, required: true, schema: {{type: integer}}}}]\n  {OK}"
    );
    let files = [("paths/get-city.yaml", get.as_str()), ("paths/operations.yaml", more.as_str())];
    let api = "paths:\n  /cities/{city}:\n    get: {$ref: paths/get-city.yaml}\n    post: {$ref: 'paths/operations.yaml#/renameCity'}";
    let document = clean(api, &files, None);
    assert_eq!(document["components"], Value::Null);
    let item = &document["paths"]["/cities/{city}"];
    assert_eq!(item["get"]["operationId"], "getcity");
    assert_eq!(item["post"]["operationId"], "renamecity");
    assert_eq!(item["get"]["parameters"][0]["schema"], json!({"type": "integer"}));

    let document = clean(api, &files, Some(&["getCity"]));
    let item = &document["paths"]["/cities/{city}"];
    assert_eq!((item["get"]["operationId"].as_str(), item.get("post")), (Some("getcity"), None));
}

#[test]
fn references_within_the_document_are_written_in_place_where_none_is_allowed() {
    let api = format!(
        "paths:\n  /a: {{get: {{$ref: '#/x-shared/list'}}}}\n  /b: {{$ref: '#/paths/~1c'}}\n  \
         /c: {{put: {{operationId: p, responses: {{$ref: '#/x-shared/list/responses'}}}}}}\n\
         x-shared: {{list: {{operationId: list, {OK}}}}}"
    );
    let (document, found) = bundled(&api, &[], None);
    assert_eq!(found, ["D006 api.yaml paths./c.put.operationId: two operations get the same name `p`"]);
    let document = document.unwrap();
    assert_eq!(document["paths"]["/a"]["get"]["operationId"], "list");
    assert_eq!(document["paths"]["/b"]["put"]["responses"]["200"]["description"], "ok");
    assert_eq!(document["paths"]["/c"]["put"]["responses"]["200"]["description"], "ok");
    // None of them exists.
    let (document, found) = bundled("paths: {/a: {get: {$ref: '#/x-shared/list'}}}", &[], None);
    assert_eq!(document, None);
    assert!(found.iter().any(|line| line.starts_with("D016 api.yaml paths./a.get.$ref")), "{found:?}");
}

#[test]
fn maps_and_lists_in_files_are_written_in_place() {
    let api = "paths:\n  /p:\n    parameters: {$ref: parts.yaml#/parameters}\n    get:\n      operationId: a\n      \
        description: {$ref: text.md}\n      responses: {$ref: responses.yaml}\n    post:\n      operationId: b\n      \
        requestBody: {content: {$ref: parts.yaml#/content}}\n      responses:\n        '200':\n          description: ok\n          \
        headers: {$ref: parts.yaml#/headers}\n          content: {application/json: {schema: {properties: {$ref: parts.yaml#/properties}, \
        enum: {$ref: parts.yaml#/enum}}, example: {$ref: example.json}}}\n";
    let files = [
        ("text.md", "# Long: [text\n"),
        ("responses.yaml", "{'200': {$ref: 'more.yaml#/Ok'}, '404': {description: none}}"),
        ("more.yaml", "Ok: {description: ok, content: {a/b: {schema: {$ref: '#/Own'}}}}\nOwn: {type: string}"),
        (
            "parts.yaml",
            "parameters: [{name: q, in: query, schema: {type: string}}]\ncontent: {a/b: {schema: {$ref: 'more.yaml#/Own'}}}\n\
             headers: {X-A: {schema: {type: string}}}\nproperties: {p: {$ref: 'more.yaml#/Own'}}\nenum: [1]",
        ),
        ("example.json", "{\"$ref\": \"stays\"}"),
    ];
    let document = clean(api, &files, None);
    let item = &document["paths"]["/p"];
    assert_eq!(item["parameters"][0]["name"], "q");
    assert_eq!(item["get"]["description"], "# Long: [text\n");
    assert_eq!(
        item["get"]["responses"],
        json!({"200": {"$ref": "#/components/responses/Ok"}, "404": {"description": "none"}})
    );
    assert_eq!(
        item["post"],
        json!({"operationId": "b", "requestBody": {"content": {"a/b": {"schema": {"$ref": "#/components/schemas/Own"}}}},
            "responses": {"200": {"description": "ok", "headers": {"X-A": {"schema": {"type": "string"}}},
                "content": {"application/json": {"schema": {"properties": {"p": {"$ref": "#/components/schemas/Own"}}, "enum": [1]},
                    "example": {"$ref": "stays"}}}}}})
    );
    assert_eq!(document["components"]["schemas"], json!({"Own": {"type": "string"}}));
}

#[test]
fn missing_files_are_findings_in_every_place() {
    for (at, rest) in [
        ("responses", "get: {operationId: a, responses: {$ref: nowhere.yaml}}"),
        ("description", "get: {operationId: a, description: {$ref: nowhere.md}, responses: {'200': {description: d}}}"),
        ("parameters", "get: {operationId: a, parameters: {$ref: nowhere.yaml}, responses: {'200': {description: d}}}"),
        ("x-a", "get: {operationId: a, x-a: {$ref: nowhere.yaml}, responses: {'200': {description: d}}}"),
    ] {
        let (document, found) = bundled(&format!("paths: {{/p: {{{rest}}}}}"), &[], None);
        assert_eq!(document, None);
        let end = rest.split_once("$ref: ").unwrap().1.split('}').next().unwrap();
        assert_eq!(found[0], format!("D018 api.yaml paths./p.get.{at}.$ref: there is no file `{end}`"));
    }
}

#[test]
fn properties_may_have_any_name() {
    let schema = "{properties: {name: {$ref: a.yaml}, type: {$ref: a.yaml}, description: {$ref: a.yaml}, get: {$ref: a.yaml}, \
        parameters: {$ref: a.yaml}, headers: {$ref: a.yaml}}}";
    let api = format!(
        "paths: {{/p: {{get: {{operationId: a, responses: {{'200': {{description: d, content: {{a/b: {{schema: {schema}}}}}}}}}}}}}}}"
    );
    let document = clean(&api, &[("a.yaml", "{type: string}")], None);
    let properties = &document["paths"]["/p"]["get"]["responses"]["200"]["content"]["a/b"]["schema"]["properties"];
    for (name, property) in properties.as_object().unwrap() {
        assert_eq!(property, &json!({"$ref": "#/components/schemas/a"}), "{name}");
    }
}

const USES_PLACE: &str =
    "responses: {'200': {description: ok, content: {a/b: {schema: {$ref: '#/components/schemas/Place'}}}}}";

#[test]
fn sections_may_be_files() {
    let paths = format!("{{/p: {{get: {{operationId: a, {USES_PLACE}}}}}}}");
    let schemas = "Place: {properties: {p: {$ref: '#/Point'}, q: {$ref: 'schemas.yaml#/Point'}}}\nPoint: {type: string}\nIdle: {}";
    let components = "schemas: {$ref: schemas.yaml}";
    let own = format!("paths: {paths}\ncomponents:\n  schemas: {{$ref: schemas.yaml}}");
    let all = "paths: {$ref: paths.yaml}\ncomponents: {$ref: components.yaml}".to_owned();
    let files = [("schemas.yaml", schemas), ("components.yaml", components), ("paths.yaml", paths.as_str())];
    for api in [own, all] {
        // In `paths.yaml` the reference is to that file, as every tool reads it.
        let api = api.replace("paths.yaml", "paths.yaml#");
        let files: Vec<_> =
            files.iter().map(|(name, text)| (*name, text.replace("'#/components", "'api.yaml#/components"))).collect();
        let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let point = json!({"properties": {"p": {"$ref": "#/components/schemas/Point"}, "q": {"$ref": "#/components/schemas/Point"}}});
        let document = clean(&api, &files, None);
        assert_eq!(
            document["components"]["schemas"],
            json!({"Place": point, "Point": {"type": "string"}, "Idle": {}}),
            "{api}"
        );
        let document = clean(&api, &files, Some(&["a"]));
        assert_eq!(document["components"]["schemas"], json!({"Place": point, "Point": {"type": "string"}}), "{api}");
    }
}

#[test]
fn a_selection_needs_only_its_own_files() {
    let api = "paths:\n  /a: {$ref: a.yaml}\n  /b: {$ref: b.yaml}\n  /c: {get: {$ref: 'c.yaml'}, put: {$ref: no.yaml}}\n\
        components: {schemas: {Idle: {$ref: no.yaml}, Z: {$ref: z.yaml}, Used: {properties: {z: {$ref: '#/components/schemas/Z'}}}}}";
    let a = format!("get: {{operationId: a, {OK}}}");
    let c = "operationId: c\nresponses: {'200': {description: ok, content: {a/b: {schema: {$ref: 'api.yaml#/components/schemas/Used'}}}}}";
    let files = [("a.yaml", a.as_str()), ("c.yaml", c), ("z.yaml", "{type: string}")];
    for names in [&["GET /a"][..], &["a"], &["get  /c"], &["c"]] {
        let document = clean(api, &files, Some(names));
        assert_eq!(document["paths"].as_object().unwrap().len(), 1, "{names:?}");
    }
    let document = clean(api, &files, Some(&["c"]));
    let schemas = document["components"]["schemas"].as_object().unwrap();
    assert_eq!(schemas.keys().collect::<Vec<_>>(), ["Z", "Used", "z"]);
    // The operation may be in the file that is not there.
    let (_, found) = bundled(api, &files, Some(&["nobody"]));
    assert_eq!(
        found,
        [
            "D018 api.yaml paths./b.$ref: there is no file `b.yaml`",
            "D018 api.yaml paths./c.put.$ref: there is no file `no.yaml`",
            "D019 gateway.yaml apis: the document has no operation `nobody`",
        ]
    );
}

#[test]
fn the_limit_of_files_is_said_once() {
    let text = format!("get: {{{OK}}}");
    let names: Vec<String> = (0..2010).map(|n| format!("p{n}.yaml")).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), text.as_str())).collect();
    let paths: Vec<String> = names.iter().map(|name| format!("  /{name}: {{$ref: {name}}}\n")).collect();
    let api = format!("paths:\n{}", paths.concat());
    let (document, found) = bundled(&api, &files, None);
    assert_eq!(document, None);
    let limit = found.iter().filter(|line| line.starts_with("D017")).count();
    assert_eq!(limit, 1, "{found:#?}");
    assert!(bundled(&api, &files, Some(&["GET /p2007.yaml"])).0.is_some());
}

#[test]
fn what_is_repeated_is_bounded_by_length_as_well() {
    let long = format!("get:\n  operationId: a\n  description: {}\n  {OK}", "x".repeat(1_000_000));
    let paths: Vec<String> = (0..40).map(|n| format!("  /a{n}: {{$ref: a.yaml}}\n")).collect();
    let (document, found) = bundled(&format!("paths:\n{}", paths.concat()), &[("a.yaml", long.as_str())], None);
    assert_eq!(document, None);
    assert!(
        found.contains(&"D017 api.yaml file: the files of the definition repeat too much".to_owned()),
        "{found:#?}"
    );
}
