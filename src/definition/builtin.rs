//! Definitions that come with the program, for `definition: builtin`. They take the same way as files.

use std::sync::LazyLock;

use super::{Definition, read};
use crate::diag::{Place, Report};
use crate::source::{Source, Sources};

/// The document for the surface `azureOpenAI`.
///
/// It has no Responses operations: these carry no deployment in their path, and `previous_response_id` would let one caller
/// read what another one wrote.
const AZURE_OPENAI: &str = include_str!("../../templates/definitions/azure-openai.json");

/// The definition of an API with the surface `azureOpenAI`: chat, completions, embeddings, audio and images.
pub fn azure_openai() -> Definition {
    static READ: LazyLock<Definition> = LazyLock::new(|| load("azure-openai.json", AZURE_OPENAI));
    READ.clone()
}

fn load(name: &str, text: &str) -> Definition {
    let mut sources = Sources::default();
    let file = sources.add(Source::new(name, text));
    let from = Place::file(file);
    // A test keeps the report empty, so there is nobody to show it to.
    read(file, &sources, &from, &mut Report::default())
        .expect("definition: builtin documents have no errors, a test says so")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_builtin_document_has_no_findings() {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("azure-openai.json", AZURE_OPENAI));
        let mut report = Report::default();
        let read = read(file, &sources, &Place::file(file), &mut report);
        assert!(report.is_empty(), "{report:#?}");
        assert_eq!(read, Some(azure_openai()));
    }

    #[test]
    fn every_operation_of_azure_openai_names_a_deployment() {
        let definition = azure_openai();
        let ids: Vec<_> = definition
            .operations
            .iter()
            .map(|o| o.id.as_str())
            .collect();
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
