//! The policy of an API: what happens to a request, in the order of design §4.

use std::collections::BTreeMap;

use super::csharp::{Condition, CsText};
use super::document::Document;
use super::statement::Statement;
use super::statements::{
    answer, base, choose, delete_header, delete_query_parameter, forward, managed_identity,
    rewrite, set_backend, set_variable,
};
use crate::definition::OperationId;
use crate::plan::catalogue::{Scope, Section};
use crate::plan::sku::Sku;
use crate::resolve::name::ResourceName;
use crate::resolve::{Api, Deployment, Identity, KEY_HEADER, KEY_QUERY, Resolved, Routes, Target};

/// Whom tokens for Azure AI accounts are made out to (reference apim-policies §2.2).
const AUDIENCE: &str = "https://cognitiveservices.azure.com";

/// The header in which clients of Azure OpenAI send keys, and which an account would take for one of its own.
const MODEL_KEY_HEADER: &str = "api-key";

/// What Azure OpenAI answers for a deployment that does not exist.
const DEPLOYMENT_NOT_FOUND: &str = r#"{"error": {"code": "DeploymentNotFound", "message": "The deployment does not exist, or this gateway does not offer it."} }"#;

/// The variable that holds the deployment of the path.
const MODEL: &str = "model";

/// The named value that holds the client id of the user-assigned identity.
pub fn identity_client_id(prefix: &str) -> ResourceName {
    ResourceName::join(prefix, &["identity-client-id"])
        .expect("resolve: a prefix leaves room for a name")
}

/// The policy of an API.
pub fn api(resolved: &Resolved, api: &Api) -> Document {
    let inbound = [
        vec![base()],
        models(api),
        caller(api),
        backend(resolved, api),
        path(api),
        identity(resolved, api),
    ];
    let sections = [
        (Section::Inbound, inbound.concat()),
        (Section::Backend, vec![forward(api.timeout, api.streams)]),
        (Section::Outbound, vec![base()]),
        (Section::OnError, vec![base()]),
    ];
    let tier = resolved.service.sku.map(Sku::tier);
    Document::new(Scope::Api, tier, sections)
        .expect("policy: what is resolved is allowed by the catalogue")
}

/// The model that is asked for, and a refusal of what is not listed.
fn models(api: &Api) -> Vec<Statement> {
    let Routes::Deployments {
        deployments,
        parameters,
        ..
    } = &api.routes
    else {
        return Vec::new();
    };
    let names = deployments
        .iter()
        .map(|deployment| deployment.name.as_str());
    let refusal = answer("model-not-found", 404, "Not Found", DEPLOYMENT_NOT_FOUND);
    vec![
        set_variable(MODEL, CsText::PathParameter(parameters.clone())),
        choose(
            [(
                Condition::is_none_of(&CsText::Variable(MODEL), names),
                vec![refusal],
            )],
            None,
        ),
    ]
}

/// Removal of the caller's credentials, so that no backend learns them.
fn caller(api: &Api) -> Vec<Statement> {
    let mut headers = vec![api.key.header.as_str()];
    let also = if api.routes.is_model() {
        MODEL_KEY_HEADER
    } else {
        "Authorization"
    };
    for header in [KEY_HEADER, also] {
        if !headers
            .iter()
            .any(|other| other.eq_ignore_ascii_case(header))
        {
            headers.push(header);
        }
    }
    headers
        .into_iter()
        .map(delete_header)
        .chain([delete_query_parameter(KEY_QUERY)])
        .collect()
}

fn backend(resolved: &Resolved, api: &Api) -> Vec<Statement> {
    let statement = match &api.routes {
        Routes::Account { backend } => match &resolved.backends[backend].target {
            Target::AzureOpenAi { account, .. } => set_backend(&account.resource),
            Target::Http { resource, .. } => set_backend(resource),
        },
        Routes::Http { resource, .. } => set_backend(resource),
        Routes::Deployment { deployment, .. } => set_backend(&deployment.resource),
        Routes::Deployments { deployments, .. } => set_backend_of(deployments),
    };
    vec![statement]
}

/// The backend of the model that is asked for.
fn set_backend_of(deployments: &[Deployment]) -> Statement {
    if let [only] = deployments {
        return set_backend(&only.resource);
    }
    let branches = deployments.iter().map(|deployment| {
        let name = [deployment.name.as_str()];
        let condition = Condition::is_one_of(&CsText::Variable(MODEL), name);
        (condition, vec![set_backend(&deployment.resource)])
    });
    choose(branches, None)
}

/// What remains of the path where the backend's URL ends in its deployment.
fn path(api: &Api) -> Vec<Statement> {
    let (Routes::Deployment { paths, .. } | Routes::Deployments { paths, .. }) = &api.routes else {
        return Vec::new();
    };
    let mut operations: BTreeMap<&str, Vec<&OperationId>> = BTreeMap::new();
    for (operation, rest) in paths {
        operations.entry(rest).or_default().push(operation);
    }
    if operations.len() == 1 {
        return operations.into_keys().map(rewrite).collect();
    }
    let branches = operations.into_iter().map(|(rest, operations)| {
        let ids = operations.iter().map(|id| id.as_str());
        let condition = Condition::is_one_of(&CsText::OperationId, ids);
        (condition, vec![rewrite(rest)])
    });
    vec![choose(branches, None)]
}

fn identity(resolved: &Resolved, api: &Api) -> Vec<Statement> {
    if !api.routes.is_model() {
        return Vec::new();
    }
    let client_id = match resolved.service.identity {
        Identity::System => None,
        Identity::User(_) => Some(identity_client_id(&resolved.service.prefix)),
    };
    vec![managed_identity(AUDIENCE, client_id)]
}
