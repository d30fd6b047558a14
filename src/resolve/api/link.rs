//! Definitions that the service fetches from a URL when it is deployed.

use super::Resolver;
use crate::definition::{Definition, LinkFormat};
use crate::diag::{Code, Report};
use crate::model;

impl Resolver<'_> {
    /// The document of a link, as far as anything is known about it.
    pub(super) fn linked(&self, link: &model::DefinitionLink, report: &mut Report) -> Option<Definition> {
        let at = || self.value(&["definition", "link"]);
        let lower = link.link.to_ascii_lowercase();
        let by_name = if lower.ends_with(".json") {
            Some(LinkFormat::OpenApiJson)
        } else if lower.ends_with(".yaml") || lower.ends_with(".yml") {
            Some(LinkFormat::OpenApiYaml)
        } else {
            None
        };
        let written = link.format.map(|format| match format {
            model::LinkFormat::OpenApiJson => LinkFormat::OpenApiJson,
            model::LinkFormat::OpenApiYaml => LinkFormat::OpenApiYaml,
            model::LinkFormat::SwaggerJson => LinkFormat::SwaggerJson,
        });
        let Some(format) = written.or(by_name) else {
            report.push(
                Code::LinkFormat
                    .at(at())
                    .says(format!("the format of `{}` is unknown", link.link))
                    .because("the URL does not end in `.json`, `.yaml` or `.yml`, and the service needs the format")
                    .help("set it: `format: openApiJson`, `openApiYaml` or `swaggerJson`"),
            );
            return None;
        };
        Some(Definition::linked(&link.link, format))
    }
}
