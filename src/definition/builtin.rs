//! Built-in definitions, for `definition: builtin`. They are processed like files.

use std::sync::LazyLock;

use camino::Utf8Path;

use super::{Coverage, Definition, Wanted, parse, read};
use crate::diag::{Location, Report};
use crate::source::{FileId, Source, Sources};

/// The document for the surface `azureOpenAI`.
///
/// It has no Responses operations: these have no deployment in their path, and with `previous_response_id` one caller could
/// read the data of another.
const AZURE_OPENAI: &str = include_str!("../../templates/definitions/azure-openai.json");

/// The document for the surface `openAI`, without Responses for the same reason, and without operations that have no JSON body
/// that names a model, except for the list of models, which the gateway answers where it routes by model.
const OPENAI: &str = include_str!("../../templates/definitions/openai.json");

/// The document for the surface `foundryModels`.
const FOUNDRY_MODELS: &str = include_str!("../../templates/definitions/foundry-models.json");

/// The document for the surface `anthropic`.
const ANTHROPIC: &str = include_str!("../../templates/definitions/anthropic.json");

/// The document for APIs with any path. The path `/*` matches everything below the API's own, as in Microsoft's gateway samples
/// (Azure-Samples/AI-Gateway, `PassThrough.json`); a single import avoids parallel writes to one API, unlike single operations.
const ANY_PATH: &str = include_str!("../../templates/definitions/any-path.json");

/// The definition of an API with any path: every method that the service imports.
pub fn any_path() -> Definition {
    static READ: LazyLock<Definition> =
        LazyLock::new(|| Definition { coverage: Coverage::AnyPath, ..load("any-path.json", ANY_PATH) });
    READ.clone()
}

/// The same for an API that web pages call. If an operation accepts OPTIONS, `cors` does not respond to preflights (page "cors", scenarios).
pub fn any_path_of_pages() -> Definition {
    static READ: LazyLock<Definition> = LazyLock::new(|| {
        let mut document: serde_json::Value =
            serde_json::from_str(ANY_PATH).expect("definition: builtin documents are JSON");
        if let Some(serde_json::Value::Object(item)) = document.pointer_mut("/paths/~1*") {
            item.shift_remove("options");
        }
        Definition { coverage: Coverage::AnyPath, ..load("any-path.json", &document.to_string()) }
    });
    READ.clone()
}

/// The definition of an API with the surface `azureOpenAI`: chat, completions, embeddings, audio and images.
pub fn azure_openai() -> Definition {
    static READ: LazyLock<Definition> = LazyLock::new(|| load("azure-openai.json", AZURE_OPENAI));
    READ.clone()
}

/// The definition of an API with the surface `openAI`: chat, completions, embeddings and the list of models.
pub fn openai() -> Definition {
    static READ: LazyLock<Definition> = LazyLock::new(|| load("openai.json", OPENAI));
    READ.clone()
}

/// The definition of an API with the surface `foundryModels`: chat and embeddings.
pub fn foundry_models() -> Definition {
    static READ: LazyLock<Definition> = LazyLock::new(|| load("foundry-models.json", FOUNDRY_MODELS));
    READ.clone()
}

/// The definition of an API with the surface `anthropic`: messages, token counting and the list of models.
pub fn anthropic() -> Definition {
    static READ: LazyLock<Definition> = LazyLock::new(|| load("anthropic.json", ANTHROPIC));
    READ.clone()
}

fn load(name: &str, text: &str) -> Definition {
    let mut sources = Sources::default();
    let file = sources.add(Source::new(name, text));
    // A test ensures that the report is empty, so it is not shown.
    let report = &mut Report::default();
    whole(file, &mut sources, report).expect("definition: builtin documents have no errors, a test says so")
}

fn whole(file: FileId, sources: &mut Sources, report: &mut Report) -> Option<Definition> {
    let from = Location::file(file);
    let wanted = Wanted { from: &from, folder: Utf8Path::new(""), operations: None };
    read(parse(file, sources, &from, report)?, &wanted, sources, report)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builtin_documents_have_no_findings() {
        for (name, text, built) in [
            ("azure-openai.json", AZURE_OPENAI, azure_openai()),
            ("openai.json", OPENAI, openai()),
            ("foundry-models.json", FOUNDRY_MODELS, foundry_models()),
            ("anthropic.json", ANTHROPIC, anthropic()),
            ("any-path.json", ANY_PATH, any_path()),
        ] {
            let mut sources = Sources::default();
            let file = sources.add(Source::new(name, text));
            let mut report = Report::default();
            let read = whole(file, &mut sources, &mut report);
            assert!(report.is_empty(), "{report:#?}");
            let coverage = built.coverage;
            assert_eq!(read.map(|read| Definition { coverage, ..read }), Some(built));
        }
    }

    #[test]
    fn any_path_has_every_method() {
        let definition = any_path();
        assert!(definition.operations.iter().all(|o| o.path == "/*"));
        let methods = definition.operations.iter().map(|o| o.method.as_str());
        assert_eq!(methods.collect::<Vec<_>>(), ["get", "put", "post", "delete", "options", "head", "patch"]);
        let definition = any_path_of_pages();
        let methods = definition.operations.iter().map(|o| o.method.as_str());
        assert_eq!(methods.collect::<Vec<_>>(), ["get", "put", "post", "delete", "head", "patch"]);
    }

    #[test]
    fn every_operation_of_openai_but_the_list_of_models_has_a_body() {
        let definition = openai();
        let operations = definition.operations.iter();
        let paths: Vec<_> = operations.map(|o| (o.method.as_str(), o.path.as_str())).collect();
        assert_eq!(
            paths,
            [("post", "/chat/completions"), ("post", "/completions"), ("post", "/embeddings"), ("get", "/models")]
        );
    }

    #[test]
    fn every_operation_of_azure_openai_names_a_deployment() {
        let definition = azure_openai();
        let ids: Vec<_> = definition.operations.iter().map(|o| o.id.as_str()).collect();
        assert_eq!(
            ids,
            [
                "chat-completions",
                "completions",
                "embeddings",
                "audio-transcriptions",
                "audio-translations",
                "audio-speech",
                "images-generations"
            ]
        );
        for operation in &definition.operations {
            assert_eq!(operation.parameters, ["deployment-id"]);
            assert_eq!(operation.method, "post");
        }
        assert_eq!(definition.server_path, None);
    }
}
