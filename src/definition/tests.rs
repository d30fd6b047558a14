//! Tables of small documents, one for every finding and every change, and published documents.

use camino::Utf8Path;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::diag::Span;
use crate::source::Source;

fn run(name: &str, text: &str) -> (Option<Definition>, Report) {
    let mut sources = Sources::default();
    let gateway = sources.add(Source::new("gateway.yaml", "apis:"));
    let file = sources.add(Source::new(name, text));
    let from = Location::key(gateway, YamlPath::root().key("apis"));
    let mut report = Report::default();
    let wanted = Wanted { from: &from, folder: Utf8Path::new(""), operations: None };
    let definition = parse(file, &sources, &from, &mut report)
        .and_then(|document| read(document, &wanted, &mut sources, &mut report));
    assert_eq!(definition.is_none(), report.has_errors(), "{report:#?}");
    for finding in &report {
        assert_eq!(finding.at.place.file, file);
        let named = finding.also.last().expect("a second label");
        assert_eq!((&named.place, named.text.as_str()), (&from, "referenced here"));
    }
    (definition, report)
}

/// Each finding on one line: code, location, message.
fn findings(report: &Report) -> Vec<String> {
    let line = |finding: &Diagnostic| {
        let place = match &finding.at.place.spot {
            Span::Key(path) | Span::Value(path) => path.to_string(),
            Span::Range(range) => format!("{range:?}"),
            Span::File => "file".to_owned(),
        };
        format!("{} {place}: {}", finding.code.id(), finding.message)
    };
    report.iter().map(line).collect()
}

/// The findings of a YAML document; `openapi` and `info` are prepended.
fn found(rest: &str) -> Vec<String> {
    // In 3.1 an operation needs no responses.
    let head = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n";
    findings(&run("api.yaml", &format!("{head}{rest}")).1)
}

fn written(text: &str) -> Definition {
    let (definition, report) = run("api.yaml", text);
    assert!(report.is_empty(), "{:#?}", findings(&report));
    definition.unwrap()
}

/// The document on one line.
fn line(definition: &Definition) -> String {
    serde_json::from_str::<Value>(&definition.text).unwrap().to_string()
}

#[test]
fn what_is_not_openapi_is_named() {
    let table = [
        ("", "D002 file: the document is empty"),
        (" \n", "D002 file: the document is empty"),
        ("# nothing\n", "D002 file: the document is empty"),
        ("<!DOCTYPE html><p>", "D002 file: the document is an HTML page, not OpenAPI"),
        ("<?xml version='1.0'?><wsdl:definitions/>", "D002 file: the document is a WSDL document, not OpenAPI"),
        ("<a/>", "D002 file: the document is XML, not OpenAPI"),
        ("version https://git-lfs.github.com/spec/v1", "D002 file: the document is a Git LFS pointer, not OpenAPI"),
        ("hello", "D002 file: the document is plain text, not OpenAPI"),
        ("- a", "D002 file: the document is a list, not OpenAPI"),
        ("{}", "D002 file: the document is an empty object, not OpenAPI"),
        ("asyncapi: 2.6.0", "D002 file: the document is an AsyncAPI document, not OpenAPI"),
        ("version: 1\ngateway: {}", "D002 file: the document is a gateway file, not OpenAPI"),
        (
            "paths: {}",
            "D002 file: the document is an object with `paths`, but without the key `openapi` or `swagger`, not OpenAPI",
        ),
        ("openapi: 3.2.0", "D003 openapi: OpenAPI `3.2.0` is not supported"),
        ("openapi: 3.0", "D003 openapi: the OpenAPI version `3.0` is incomplete"),
        ("openapi: 3.10.0", "D003 openapi: OpenAPI `3.10.0` is not supported"),
        ("openapi: 3.0.0ZQ", "D003 openapi: OpenAPI `3.0.0ZQ` is not supported"),
        ("openapi: 3.0.0-rc1", "D003 openapi: OpenAPI `3.0.0-rc1` is not supported"),
        ("openapi: 3.0.1.2", "D003 openapi: OpenAPI `3.0.1.2` is not supported"),
        ("openapi: '3.0.'", "D003 openapi: OpenAPI `3.0.` is not supported"),
        ("openapi: \"3.0.0\\nx\"", "D003 openapi: OpenAPI `3.0.0\nx` is not supported"),
        ("openapi: [3]", "D003 openapi: `openapi` is not a version"),
        ("swagger: '1.2'", "D003 swagger: Swagger `1.2` is not supported"),
        ("swaggerVersion: 1.2", "D003 swaggerVersion: Swagger `1.2` is not supported"),
        ("openapi: [", "D009 10..10: the definition is not valid JSON or YAML"),
        ("a: 1\n---\nb: 2", "D009 0..1: the definition is not valid JSON or YAML"),
    ];
    for (text, expected) in table {
        assert_eq!(findings(&run("api.yaml", text).1), [expected], "{text}");
    }
    let (_, report) = run("api.json", "openapi: 3.0.3");
    assert_eq!(findings(&report), ["D009 0..1: the definition is not valid JSON"]);
    assert!(report.iter().next().unwrap().help[0].contains(".yaml"));
}

#[test]
fn limits_and_doubled_keys_are_findings() {
    let deep = format!("{}1{}", "{\"a\":".repeat(125), "}".repeat(125));
    let (_, report) = run("api.json", &deep);
    assert_eq!(report.iter().next().unwrap().code, Code::DefinitionTooDeep);
    assert_eq!(
        found("paths: {/a: {get: {operationId: a}}, /a: {get: {operationId: b}}}"),
        ["Y006 83..85: duplicate key `/a`"]
    );
    assert_eq!(
        found("paths: {/a: {get: {operationId: a, responses: {default: {description: D}}}, <<: 5}}"),
        ["Y010 paths./a.<<: `<<` can only merge objects"]
    );
    let many = format!("x-a: [{}]", "1,".repeat(1_000_000));
    assert_eq!(found(&many), ["D017 file: the definition has too many nodes"]);
}

#[test]
fn shapes_are_checked() {
    let table: [(&str, &[&str]); 16] = [
        ("", &["D010 file: the definition has no operations"]),
        ("paths: {}", &["D010 paths: the definition has no operations"]),
        ("paths: {x-a: 1}", &["D010 paths: the definition has no operations"]),
        ("paths: {/a: {parameters: []}}", &["D010 paths: the definition has no operations"]),
        ("webhooks: {a: {post: {}}}", &["D010 file: the definition has webhooks, but no operations"]),
        ("paths: 1", &["D015 paths: `paths` is not an object"]),
        ("paths: {/a: 1}", &["D015 paths./a: the path `/a` is not an object"]),
        ("paths: {/a: }", &["D015 paths./a: the path `/a` is not an object"]),
        ("paths: {/a: {get: []}}", &["D015 paths./a.get: the operation `GET /a` is not an object"]),
        ("paths: {/a: {GET: {operationId: a}}}", &["D015 paths./a.GET: the method `GET` of `/a` is not lower-case"]),
        ("paths: {a: {get: {operationId: a}}}", &["D015 paths.a: the path `a` does not start with a slash"]),
        (
            "paths: {'/{a': {get: {operationId: a}}}",
            &["D015 paths./{a: the path `/{a` has braces without a name in them"],
        ),
        (
            "paths: {/a: {$ref: '#/components/pathItems/b'}}\ncomponents: {pathItems: {a: {}}}",
            &[
                "D015 paths./a.$ref: the path `/a` has a `$ref` that cannot be resolved",
                "D016 paths./a.$ref: the `$ref` `#/components/pathItems/b` cannot be resolved",
            ],
        ),
        (
            "paths: {/a: {get: {operationId: a, parameters: 1}}}",
            &["D015 paths./a.get.parameters: `parameters` is not a list"],
        ),
        (
            "paths: {/a: {parameters: [1], get: {operationId: a}}}",
            &["D015 paths./a.parameters[0]: a parameter is not an object"],
        ),
        ("paths: {/a: {get: {operationId: a, parameters: }}}\ncomponents: 7\nservers: x\ntags: 1", &[]),
    ];
    for (rest, expected) in table {
        assert_eq!(found(rest), expected, "{rest}");
    }
    let table = [
        ("", "D015 file: the definition has no `info`"),
        ("info: 1", "D015 info: `info` is not an object"),
        ("info: {version: 1.0}", "D015 info: `info` has no `title`"),
        ("info: {title: [], version: 1.0}", "D015 info.title: `info.title` is not a string"),
    ];
    for (info, expected) in table {
        let text = format!("openapi: 3.1.0\n{info}\npaths: {{/a: {{get: {{operationId: a}}}}}}");
        assert_eq!(findings(&run("api.yaml", &text).1), [expected]);
    }
}

#[test]
fn operation_ids_are_checked() {
    let long = "a".repeat(77);
    let table: [(String, &[&str]); 7] = [
        ("/a/{b}: {parameters: [{name: b, in: path}], get: {}}".into(), &["D004 paths./a/{b}.get: `GET /a/{b}` has no `operationId`"]),
        ("/a: {get: {operationId: }}".into(), &["D004 paths./a.get: `GET /a` has no `operationId`"]),
        ("/a: {get: {operationId: ---}}".into(), &["D005 paths./a.get.operationId: the `operationId` of `GET /a` cannot be used as a name"]),
        (format!("/a: {{get: {{operationId: {long}}}}}"), &["D005 paths./a.get.operationId: the `operationId` of `GET /a` cannot be used as a name"]),
        ("/a: {get: {operationId: []}}".into(), &["D005 paths./a.get.operationId: the `operationId` of `GET /a` is not a string"]),
        ("/a: {get: {operationId: a_b}, put: {operationId: A-B}}".into(), &["D006 paths./a.put.operationId: two operations get the same name `a-b`"]),
        ("/a/{x}: {parameters: [{name: x, in: path}], get: {operationId: a}}\n  /a/{y}: {parameters: [{name: y, in: path}], get: {operationId: b}, put: {operationId: c}}".into(), &["D011 paths./a/{y}.get: `GET /a/{y}` matches the same requests as an earlier operation"]),
    ];
    for (paths, expected) in table {
        assert_eq!(found(&format!("paths:\n  {paths}")), expected);
    }
    let (_, report) = run(
        "a.yaml",
        "openapi: 3.0.0\ninfo: {title: T, version: 1}\npaths: {'/a/{b}': {parameters: [{name: b, in: path}], get: {}}}",
    );
    assert_eq!(report.iter().next().unwrap().help, ["add `operationId: get-a-b` if something depends on the name"]);
}

#[test]
fn repeated_findings_become_a_number() {
    let paths: Vec<_> = (0..30).map(|n| format!("/a{n}: {{get: {{}}}}")).collect();
    let text = format!("openapi: 3.1.0\ninfo: {{title: T, version: 1}}\npaths: {{{}}}", paths.join(", "));
    let (_, report) = run("a.yaml", &text);
    let last = report.iter().last().unwrap();
    assert_eq!(report.count(Severity::Warning), 1);
    assert_eq!(last.help[1], "the same problem occurs in 29 more operations of this document");
    let paths: Vec<_> = (0..30).map(|n| format!("/a{n}: {{get: {{operationId: '-'}}}}")).collect();
    let found = found(&format!("paths: {{{}}}", paths.join(", ")));
    assert_eq!(found.len(), 10);
}

#[test]
fn a_blank_beside_the_version_is_not_written() {
    let text = "openapi: ' 3.0.3 '\ninfo: {title: T, version: '1'}\n\
        paths: {/a: {get: {operationId: a, responses: {default: {description: D}}}}}";
    let definition = written(text);
    assert!(line(&definition).starts_with(r#"{"openapi":"3.0.3","#), "{}", definition.text);
}

#[test]
fn references_learn_nothing_about_other_folders() {
    let rest = |to: &str| {
        let schema = format!("components: {{schemas: {{A: {{$ref: '{to}#/A'}}}}}}");
        format!("paths: {{/a: {{get: {{operationId: a, responses: {{default: {{description: D}}}}}}}}}}\n{schema}")
    };
    // Neither a file nor a folder, a file, a folder, and the same with a step back.
    for to in ["/etc/shado", "/etc/passwd", "/etc", "../no-such/api.yaml", "../../api.yaml", "src/../../x/../y.yaml"] {
        let expected =
            format!("D007 components.schemas.A.$ref: a `$ref` points to `{to}`, outside the gateway's folder");
        assert_eq!(found(&rest(to)), [expected]);
        let (_, report) = run("api.yaml", &format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\n{}", rest(to)));
        assert!(report.iter().all(|finding| finding.help.iter().all(|help| !help.contains("did you mean"))));
    }
    for to in ["git+ssh://x/y.yaml", "a.b-c+d:e"] {
        assert_eq!(found(&rest(to)), [format!("D007 components.schemas.A.$ref: a `$ref` points to `{to}`")]);
    }
}

#[test]
fn references_are_checked() {
    let table: [(&str, &[&str]); 9] = [
        ("{$ref: 'b.json#/A'}", &["D018 components.schemas.A.items.$ref: there is no file `b.json`"]),
        (
            "{oneOf: [{$ref: 'https://x/y#/A'}, {$ref: 'https://x/y'}, {$ref: '//x/z'}]}",
            &[
                "D007 components.schemas.A.items.oneOf[2].$ref: a `$ref` points to `//x/z`",
                "D007 components.schemas.A.items.oneOf[0].$ref: a `$ref` points to `https://x/y`, here and in 1 more place",
            ],
        ),
        (
            "{$ref: '#/components/schemas/C'}",
            &["D016 components.schemas.A.items.$ref: the `$ref` `#/components/schemas/C` cannot be resolved"],
        ),
        (
            "{properties: {$ref: {type: string}}, example: {$ref: x}, default: {$ref: x}, x-a: {$ref: x}, examples: [{$ref: x}]}",
            &[],
        ),
        (
            "{properties: {example: {$ref: x}}}",
            &["D018 components.schemas.A.items.properties.example.$ref: there is no file `x`"],
        ),
        ("{$ref: '#/components/schemas/A'}", &["D012 components.schemas.A: `A` contains itself"]),
        ("{$ref: '#/components/schemas/B'}", &["D012 components.schemas.A: `A` contains itself through `B`"]),
        ("{$ref: '#/components/schemas/D'}", &[]),
        (
            "{$recursiveRef: '#'}",
            &["D012 components.schemas.A.items.$recursiveRef: a schema contains itself through `$recursiveRef`"],
        ),
    ];
    for (items, expected) in table {
        let rest = format!(
            "paths: {{/a: {{get: {{operationId: a, responses: {{default: {{$ref: '#/components/responses/R'}}}}}}}}}}\n\
             components:\n  responses: {{R: {{description: R}}}}\n  schemas:\n    A: {{items: {items}}}\n    \
             B: {{properties: {{a: {{$ref: '#/components/schemas/A'}}}}}}\n    D: {{type: string}}"
        );
        assert_eq!(found(&rest), expected, "{items}");
    }
}

#[test]
fn required_parts_are_added() {
    let head = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\n";
    let (definition, report) = run(
        "api.yaml",
        &format!(
            "{head}paths: {{/a: {{get: {{operationId: a, respones: {{}}}}, put: {{operationId: b, responses: {{}}}}}}, \
             /c: {{get: {{operationId: c, responses: {{200: {{}}, 404: {{description: }}}}}}}}}}"
        ),
    );
    assert_eq!(
        findings(&report),
        [
            "D026 paths./a.get: `GET /a` has no `responses`",
            "D026 paths./c.get.responses.200: the response `200` of `GET /c` has no `description`"
        ]
    );
    assert_eq!(report.iter().next().unwrap().help[0], "did you mean `responses` instead of `respones`?");
    let text = line(&definition.unwrap());
    assert_eq!(text.matches(r#""responses":{"default":{"description":"Any response"}}"#).count(), 2);
    assert!(text.contains(r#""200":{"description":"Response 200"},"404":{"description":"Response 404"}"#), "{text}");
    // OpenAPI 3.1 requires no responses.
    assert_eq!(found("paths: {/a: {get: {operationId: a}}}"), [""; 0]);
    let parameter = |parameter: &str, expected: &[&str]| {
        assert_eq!(found(&format!("paths: {{/a: {{get: {{operationId: a, parameters: [{parameter}]}}}}}}")), expected);
    };
    parameter("{in: query}", &["D015 paths./a.get.parameters[0]: a parameter has no `name`"]);
    parameter("{name: z}", &["D015 paths./a.get.parameters[0]: the parameter `z` has no `in`"]);
    parameter("{name: z, in: url}", &["D015 paths./a.get.parameters[0].in: the parameter `z` has an unknown `in`"]);
    parameter(
        "{name: h, in: body}",
        &["D015 paths./a.get.parameters[0].in: the parameter `h` has `in: body`, which OpenAPI 3 does not have"],
    );
    // Once, where it is, however many operations share it.
    assert_eq!(
        found(
            "paths: {/a: {get: {operationId: a, parameters: [{$ref: '#/components/parameters/P'}]}, \
             put: {operationId: b, parameters: [{$ref: '#/components/parameters/P'}]}}}\n\
             components: {parameters: {P: {name: p}}}"
        ),
        ["D015 components.parameters.P: the parameter `p` has no `in`"]
    );
}

#[test]
fn paths_that_match_nothing_are_findings() {
    let operation = |id: &str| format!("{{get: {{operationId: {id}}}}}");
    for (path, finding) in [
        ("/q/#Action=Send", "D028 paths./q/#Action=Send: no request of a client matches the path `/q/#Action=Send`"),
        ("/x?version=1", "D028 paths./x?version=1: no request of a client matches the path `/x?version=1`"),
        ("/express/:id", "D028 paths./express/:id: no request of a client matches the path `/express/:id`"),
        (
            "/aspnet/{id:int}",
            "D015 paths./aspnet/{id:int}: the path `/aspnet/{id:int}` has `{id:int}`, which is not a valid OpenAPI parameter",
        ),
    ] {
        assert_eq!(found(&format!("paths: {{'{path}': {}}}", operation("a"))), [finding]);
    }
    assert_eq!(
        found(&format!("paths: {{/groups: {}, /Groups: {}}}", operation("a"), operation("b"))),
        ["D011 paths./Groups.get: `GET /Groups` matches the same requests as an earlier operation"]
    );
}

#[test]
fn a_document_may_be_shortened_to_one_line() {
    let definition = written("openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/a: {get: {operationId: a}}}");
    let before = line(&definition);
    assert!(definition.text.contains('\n'));
    assert_eq!(definition.on_one_line(), Some(before));
}

#[test]
fn parameters_whose_names_differ_in_letter_case_are_one() {
    let definition = written(
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n\
         paths: {'/a/{Par1}': {get: {operationId: a, parameters: [{name: par1, in: path, required: true, schema: {type: integer}}]}}}",
    );
    assert!(line(&definition).contains(r#"[{"name":"Par1","in":"path","required":true,"schema":{"type":"integer"}}]"#));
}

#[test]
fn extensions_that_the_import_reads_are_taken_out() {
    let (definition, report) = run(
        "api.yaml",
        "swagger: '2.0'\ninfo: {title: T, version: '1'}\nx-servers: [{url: 'https://x'}]\n\
         paths: {/a: {get: {operationId: listAll, responses: {200: {description: D}}}}}\n\
         x-ms-paths: {'/a?comp=list': {get: {operationId: ListAll}}, '/b/{id}?op=x': {get: {}}}",
    );
    assert_eq!(
        findings(&report),
        ["D027 x-ms-paths: `/a?comp=list` and 1 more path are not imported from `x-ms-paths`"]
    );
    assert!(!definition.unwrap().text.contains("x-"));
}

#[test]
fn long_chains_do_not_end_the_stack() {
    let mut schemas = serde_json::Map::new();
    for n in 0..20_000 {
        let next = json!({"items": {"$ref": format!("#/components/schemas/S{}", (n + 1) % 20_000)}});
        schemas.insert(format!("S{n}"), next);
    }
    let root = json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": {"operationId": "a"}}}, "components": {"schemas": schemas}});
    let (_, report) = run("a.json", &root.to_string());
    let codes: Vec<_> = report.iter().map(|finding| finding.code.id()).collect();
    assert_eq!(codes, ["D012", "D008"]);
}

#[test]
fn what_the_service_drops_is_said_once() {
    assert_eq!(
        found(
            "paths: {/a: {get: {operationId: a, requestBody: {}}, head: {operationId: b, requestBody: {}}, delete: {operationId: c, requestBody: {}}}}"
        ),
        ["D013 paths./a.get.requestBody: the request body of `GET /a` and 1 more operation is not imported"]
    );
    assert_eq!(
        found("paths: {/a: {trace: {operationId: a}, get: {operationId: A}}}"),
        ["D014 paths./a.trace: the operation `TRACE /a` is ignored"]
    );
    let (definition, report) = run(
        "a.yaml",
        "swagger: 2.0\ninfo: {title: T, version: 1}\nparameters: {B: {in: body, name: b}}\n\
         paths: {/a: {get: {operationId: a, parameters: [{$ref: '#/parameters/B'}], responses: {200: {description: D}}}}}",
    );
    assert_eq!(findings(&report), ["D013 paths./a.get: the request body of `GET /a` is not imported"]);
    assert_eq!(definition.unwrap().format.as_str(), "swagger-json");
}

#[test]
fn servers_go_and_ids_change() {
    let definition = written(
        "openapi: 3.1.0\ninfo: {title: T, version: 1.0, description: D}\nservers: [{url: 'https://a/v1'}]\n\
         paths:\n  /b/{c}:\n    servers: []\n    parameters: [{name: c, in: path}]\n    get:\n      operationId: Get_B\n      servers: []\n      responses:\n        \
         200: {description: ok, links: {next: {operationId: Get_B}}}\n",
    );
    insta::assert_snapshot!(line(&definition), @r#"{"openapi":"3.1.0","info":{"title":"T","version":"1.0","description":"D"},"paths":{"/b/{c}":{"parameters":[{"name":"c","in":"path","required":true}],"get":{"operationId":"get-b","responses":{"200":{"description":"ok","links":{"next":{"operationId":"get-b"}}}}}}}}"#);
    assert_eq!(definition.format.as_str(), "openapi+json");
    assert_eq!(definition.server_path.as_deref(), Some("/v1"));
    let id = OperationId::parse("getB").unwrap();
    assert_eq!(definition.operation(&id), None);
    let id = OperationId::parse("get_b").unwrap();
    let operation = definition.operation(&id).unwrap();
    assert_eq!((operation.method.as_str(), operation.path.as_str()), ("get", "/b/{c}"));
    assert_eq!(operation.parameters, ["c"]);

    let definition = written(
        "swagger: 2.0\ninfo: {title: T, version: 1}\nhost: a\nbasePath: /v2\nschemes: [https]\n\
         paths: {/b: {get: {responses: {200: {description: D}}, operationId: b, schemes: [http]}}}",
    );
    assert_eq!(
        line(&definition),
        r#"{"swagger":"2.0","info":{"title":"T","version":"1"},"paths":{"/b":{"get":{"responses":{"200":{"description":"D"}},"operationId":"b"}}}}"#
    );
    assert_eq!(definition.server_path.as_deref(), Some("/v2"));
}

#[test]
fn api_version_becomes_optional() {
    let version = json!({"name": "api-version", "in": "query", "required": true});
    let root = json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "paths": {"/a": {
            "parameters": [version],
            "get": {"operationId": "a", "parameters": [
                version,
                {"$ref": "#/components/parameters/V"},
                {"name": "api-version", "in": "header", "required": true},
                {"name": "q", "in": "query", "required": true}
            ]}
        }},
        "components": {"parameters": {"V": version}}});
    let (definition, report) = run("a.json", &root.to_string());
    assert!(report.is_empty());
    let text = line(&definition.unwrap());
    assert_eq!(text.matches(r#"{"name":"api-version","in":"query"}"#).count(), 3);
    assert_eq!(text.matches(r#""required":true"#).count(), 2);
}

#[test]
fn a_definition_as_a_person_would_write_it() {
    let file = |name: &str| content(&root().join("tests/data/weather").join(name)).unwrap();
    let after: Value = serde_json::from_str(&file("weather.json")).unwrap();
    assert_eq!(line(&written(&file("weather.yaml"))), *after.to_string());
}

#[test]
fn a_large_document_is_refused_with_its_largest_parts() {
    let big = "ü😀".repeat(30_000);
    let root = json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": {"operationId": "a", "description": "x".repeat(50_000)}}},
        "components": {"schemas": {"Big": {"description": big}, "Small": {}}}});
    let (_, report) = run("a.json", &root.to_string());
    assert_eq!(findings(&report), ["D008 file: the definition has 140,177 characters, the limit is 131,072"]);
    assert_eq!(
        report.iter().next().unwrap().help[0],
        "the largest parts are `components.schemas.Big` (90,018), `paths./a` (50,044)"
    );
}

/// JSON that resembles OpenAPI in places.
fn wild() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(vec![
        "openapi",
        "swagger",
        "info",
        "title",
        "version",
        "paths",
        "/a",
        "/a/{b}",
        "b",
        "get",
        "post",
        "trace",
        "GET",
        "operationId",
        "parameters",
        "$ref",
        "components",
        "schemas",
        "properties",
        "servers",
        "url",
        "variables",
        "default",
        "name",
        "in",
        "required",
        "requestBody",
        "links",
        "examples",
        "definitions",
        "<<",
    ]);
    let text = prop::sample::select(vec![
        "",
        "3.0.3",
        "2.0",
        "#",
        "#/paths",
        "#/components/schemas/a",
        "#/%zz",
        "x#y",
        "api-version",
        "query",
        "body",
        "{a}",
        "é",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((word.clone(), inner), 0..6)
                .prop_map(|pairs| pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_document_makes_it_panic(value in wild(), paths in wild(), item in wild()) {
        run("a.json", &value.to_string());
        run("a.yaml", &value.to_string());
        for format in ["openapi", "swagger"] {
            let version = if format == "openapi" { "3.1.0" } else { "2.0" };
            let root = json!({format: version, "info": value, "paths": paths, "components": value});
            run("a.json", &root.to_string());
            let root = json!({format: version, "info": {"title": "T", "version": "1"},
                "paths": {"/a/{b}": item, "/a/{c}": {"get": item}}, "components": paths});
            run("a.json", &root.to_string());
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "[-\\[\\]{}:,'\"&*!<>|#%@a1é \n\t]{0,40}") {
        run("a.json", &text);
        run("a.yaml", &text);
        run("a.yaml", &format!("openapi: 3.0.3\npaths: {text}"));
    }
}

fn root() -> &'static Utf8Path {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a file that other people wrote; `None` if it is compressed and there is no `gzip`.
#[expect(clippy::disallowed_methods, reason = "tests read files that are not input of the compiler")]
fn content(path: &Utf8Path) -> Option<String> {
    if path.is_file() {
        return Some(std::fs::read_to_string(path).unwrap());
    }
    let unpacked = std::process::Command::new("gzip").args(["-dc", &format!("{path}.gz")]).output().ok()?;
    assert!(unpacked.status.success(), "{path}.gz: {}", String::from_utf8_lossy(&unpacked.stderr));
    Some(String::from_utf8(unpacked.stdout).unwrap())
}

#[test]
#[expect(clippy::print_stderr, reason = "a table for people, shown with --nocapture")]
fn published_documents() {
    let folder = root().join("tests/data/openapi");
    // Name, operations if it can be imported, codes.
    let table: &[(&str, Option<usize>, &[&str])] = &[
        ("adyen-checkout-v72.yaml", None, &["D008"]),
        ("azure-ai-model-inference.json", Some(5), &["D012"]),
        ("azure-openai-inference.json", None, &["D008"]),
        ("azure-openai-v1.json", None, &["D012", "D008"]),
        ("box-v2025.json", None, &["D008"]),
        ("city-weather.json", Some(1), &[]),
        ("openai.yaml", None, &["D028", "D012", "D020", "D008"]),
        ("place-order.json", Some(1), &[]),
        ("learn/v2.0-petstore-expanded.json", Some(4), &[]),
        ("learn/v3.0-callback-example.yaml", Some(1), &["D004", "D020"]),
        ("learn/v3.0-link-example.yaml", Some(6), &[]),
        ("learn/v3.0-petstore-expanded.yaml", Some(4), &[]),
        ("learn/v3.0-uspto.yaml", Some(3), &[]),
        ("learn/v3.1-non-oauth-scopes.yaml", Some(1), &["D004"]),
        ("learn/v3.1-tictactoe.yaml", Some(3), &["D020"]),
        ("learn/v3.1-webhook-example.yaml", None, &["D010"]),
        ("learn/v3.2-3.2-tags-example.yaml", None, &["D003"]),
        ("learn/petstore-separate/spec/swagger.json", Some(4), &[]),
        ("learn/petstore-separate/spec/Pet.json", None, &["D002"]),
        ("README.md", None, &["D002"]),
    ];
    let mut wrong = Vec::new();
    for (name, operations, codes) in table {
        let Some(text) = content(&folder.join(name)) else {
            continue; // tests/skipped.rs names the tool that is missing
        };
        let start = std::time::Instant::now();
        let (definition, report) = run(folder.join(name).as_str(), &text);
        let time = start.elapsed();
        if let Some(definition) = &definition {
            let again = run("again.json", &definition.text).0;
            assert_eq!(again.map(|again| again.text).as_ref(), Some(&definition.text));
        }
        let mut got: Vec<_> = report.iter().map(|finding| finding.code.id()).collect();
        got.dedup();
        let count = definition.as_ref().map(|definition| definition.operations.len());
        eprintln!("{name}: {count:?} {got:?} {:?} in {time:?}", definition.map(|d| d.text.len()));
        for line in findings(&report) {
            eprintln!("    {line}");
        }
        if (count, got.as_slice()) != (*operations, *codes) {
            wrong.push(*name);
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}
