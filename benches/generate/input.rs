//! What is measured: gateways of a size, with documents that somebody published or made ones.

#![expect(clippy::disallowed_methods, reason = "makes its input")]

use std::fmt::{self, Write as _};

use camino::{Utf8Path, Utf8PathBuf};

/// The file of README.md.
const MINIMAL: &str = "\
version: 1
gateway: { name: apim-contoso, resourceGroup: rg-ai }
backends:
  openai: { kind: azureOpenAI, account: aoai-contoso }
apis:
  openai: { path: openai, target: openai, subscriptions: [first-team] }
";

/// The size of a gateway.
#[derive(Clone, Copy)]
pub(crate) enum Size {
    /// The smallest one.
    Minimal,
    /// So many backends and APIs.
    Of {
        backends: usize,
        apis: usize,
        /// With published documents instead of tiny ones.
        is_real: bool,
    },
}

impl Size {
    pub(crate) fn made(backends: usize, apis: usize) -> Self {
        Self::Of { backends, apis, is_real: false }
    }

    pub(crate) fn real(backends: usize, apis: usize) -> Self {
        Self::Of { backends, apis, is_real: true }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Minimal => f.write_str("minimal"),
            Self::Of { backends, apis, is_real } => {
                let documents = if *is_real { ", real" } else { "" };
                write!(f, "{backends} × {apis}{documents}")
            }
        }
    }
}

/// A gateway file, and its size with the documents that it names.
pub(crate) struct Input {
    pub(crate) gateway: Utf8PathBuf,
    pub(crate) bytes: usize,
}

/// Where published documents are.
const PUBLISHED: &str = "tests/data/openapi";

/// Documents that can be imported. In one deployment there is room for a few large ones.
const DOCUMENTS: [&str; 8] = [
    "azure-ai-model-inference.json",
    "learn/v3.0-uspto.yaml",
    "city-weather.json",
    "learn/v3.0-petstore-expanded.yaml",
    "learn/v3.1-tictactoe.yaml",
    "place-order.json",
    "learn/v2.0-petstore-expanded.json",
    "learn/v3.0-link-example.yaml",
];

/// Extension and text of published documents.
fn documents() -> anyhow::Result<Vec<(&'static str, String)>> {
    let folder = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join(PUBLISHED);
    let one = |path: &str| {
        let path = folder.join(path);
        let text = std::fs::read_to_string(&path)?;
        let extension = if path.extension() == Some("json") { "json" } else { "yaml" };
        Ok((extension, text))
    };
    DOCUMENTS.into_iter().map(one).collect()
}

/// A gateway file and its size with the documents that it names. Half of the backends are accounts, each with a pool that it shares
/// with the next one, half HTTP services. An eighth of the APIs goes by model, to such a pool or an account.
pub(crate) fn input(size: Size, folder: &Utf8Path) -> anyhow::Result<Input> {
    let gateway = folder.join("gateway.yaml");
    let Size::Of { backends, apis, is_real } = size else {
        std::fs::write(&gateway, MINIMAL)?;
        return Ok(Input { gateway, bytes: MINIMAL.len() });
    };
    let documents = if is_real { documents()? } else { Vec::new() };
    let mut bytes = 0;
    let mut yaml = "version: 1\ngateway: { name: apim-contoso, resourceGroup: rg-ai }\nbackends:\n".to_owned();
    for backend in 0..backends {
        let settings = if backend % 2 == 0 {
            format!("kind: azureOpenAI, account: {{ name: aoai-{backend}, resourceGroup: rg-{backend} }}")
        } else {
            format!("kind: http, url: https://service-{backend}.contoso.com/v1")
        };
        writeln!(yaml, "  b{backend}: {{ {settings} }}")?;
    }
    yaml.push_str("pools:\n");
    for one in (0..backends).step_by(2) {
        let next = if one + 2 < backends { one + 2 } else { 0 };
        writeln!(
            yaml,
            "  p{one}: {{ members: [{{ backend: b{one}, priority: 1 }}, {{ backend: b{next}, priority: 2 }}] }}"
        )?;
    }
    yaml.push_str("apis:\n");
    for api in 0..apis {
        let backend = api % backends;
        // Not more of them: a deployment ends at 4 MiB.
        let target = if backend % 8 == 0 {
            format!("models: {{ gpt-4o: p{backend}, o3: b{backend} }}, streaming: {{ includeUsage: true }}")
        } else {
            format!("target: b{backend}")
        };
        write!(yaml, "  a{api}: {{ path: path-{api}, {target}, subscriptions: [team-{api}]")?;
        if backend % 2 == 1 {
            // Each API has a file of its own: one that several name is read once.
            let (name, document) = match documents.as_slice() {
                [] => (format!("a{api}.json"), document(api)),
                all => {
                    let (extension, text) = &all[api / 2 % all.len()];
                    (format!("a{api}.{extension}"), text.clone())
                }
            };
            bytes += document.len();
            std::fs::write(folder.join(&name), document)?;
            write!(yaml, ", definition: {{ file: {name} }}")?;
        }
        yaml.push_str(" }\n");
    }
    bytes += yaml.len();
    std::fs::write(&gateway, yaml)?;
    Ok(Input { gateway, bytes })
}

/// A gateway file with so many APIs, each with a key that nobody knows and a target that is not there.
pub(crate) fn mistaken(apis: usize, folder: &Utf8Path) -> anyhow::Result<Utf8PathBuf> {
    let gateway = folder.join("gateway.yaml");
    let (head, _) = MINIMAL.split_once("  openai: { path").expect("the file has an API");
    let mut yaml = head.to_owned();
    for api in 0..apis {
        writeln!(yaml, "  a{api}: {{ path: a{api}, target: nowhere, mistyped: 1 }}")?;
    }
    std::fs::write(&gateway, yaml)?;
    Ok(gateway)
}

/// A small OpenAPI document, another one for each API.
fn document(api: usize) -> String {
    let answer = serde_json::json!({ "200": { "description": "The thing, or all of them." } });
    let id = serde_json::json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } });
    let document = serde_json::json!({
        "openapi": "3.0.3",
        "info": { "title": format!("Things of service {api}"), "version": "1.0" },
        "paths": {
            "/things": {
                "get": { "operationId": "listThings", "summary": "List the things", "responses": answer },
                "post": { "operationId": "addThing", "summary": "Add a thing", "responses": answer }
            },
            "/things/{id}": {
                "get": { "operationId": "getThing", "summary": "Get a thing", "parameters": [id], "responses": answer }
            }
        }
    });
    document.to_string()
}
