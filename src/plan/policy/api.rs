//! The policy of an API: who asks for what, where it goes, and with which credentials.

use super::csharp::{CsTest, CsText, Variable};
use super::draft::Draft;
use super::text::{LiteralText, Text};
use super::{Document, Scope, Section};
use crate::catalogue::kind::AccountKind;
use crate::definition::OperationId;
use crate::plan::name;
use crate::resolve::{self, Deployment, Identity, KEY_HEADER, KEY_QUERY, Resolved, Routes};

/// What an Azure OpenAI account would say.
const MODEL_NOT_FOUND: &str = r#"{"error": {"code": "DeploymentNotFound", "message": "The gateway has no deployment of this name."} }"#;

/// The policy of an API.
pub fn api(resolved: &Resolved, api: &resolve::Api) -> Document {
    let mut inbound = vec![base()];
    inbound.extend(model(api));
    inbound.extend(without_credentials(api));
    inbound.extend(api.routes.kind().map(api_version));
    inbound.extend(backend(&api.routes));
    inbound.extend(path(&api.routes));
    inbound.extend(api.routes.kind().map(|kind| identity(resolved, kind)));
    let sections = [
        (Section::Inbound, inbound),
        (Section::Backend, vec![forward(api)]),
        (Section::Outbound, vec![base()]),
        (Section::OnError, vec![base()]),
    ];
    let tier = resolved.service.sku.map(crate::catalogue::sku::Sku::tier);
    Document::new(Scope::Api, tier, sections)
        .expect("policy: what is resolved makes a document that the catalogue allows")
}

fn base() -> Draft {
    Draft::new("base")
}

/// Which model the caller asks for, and the refusal of one that is not there.
fn model(api: &resolve::Api) -> Vec<Draft> {
    let Routes::Deployments {
        deployments, paths, ..
    } = &api.routes
    else {
        return Vec::new();
    };
    // Every path starts with the parameter of the deployment, but each operation may call it differently.
    let parameters = paths.iter().map(|(id, _)| {
        let operation = api.definition.operation(id);
        let parameter = operation.and_then(|operation| operation.parameters.first());
        (
            id,
            parameter
                .expect("policy: resolve found the deployment in every path")
                .as_str(),
        )
    });
    let set = |value: CsText| {
        Draft::new("set-variable")
            .word("name", Variable::Model.name())
            .with("value", value)
    };
    let none = set(CsText::literal(""));
    let set = by_operation(
        &grouped(parameters),
        |parameter| set(CsText::path_parameter(parameter)),
        Some(none),
    );
    let is_unknown = CsTest::all(deployments.iter().map(|deployment| !is_model(deployment)));
    let refuse = Draft::new("choose").child(
        Draft::new("when").with("condition", is_unknown).child(
            Draft::new("return-response")
                .word("id", "model-not-found")
                .child(
                    Draft::new("set-status")
                        .with("code", 404)
                        .word("reason", "Not Found"),
                )
                .child(
                    Draft::new("set-header")
                        .word("name", "Content-Type")
                        .word("exists-action", "override")
                        .child(Draft::new("value").text(Text::fixed("application/json"))),
                )
                .child(Draft::new("set-body").text(Text::fixed(MODEL_NOT_FOUND))),
        ),
    );
    set.into_iter().chain([refuse]).collect()
}

/// Whether the caller asks for this deployment. Whether Azure ignores case nobody has told us, so we do not.
fn is_model(deployment: &Deployment) -> CsTest {
    CsText::variable(Variable::Model).equals(deployment.name.as_str())
}

/// What the backend must not see: it has credentials of its own, and the caller's are worth something here.
fn without_credentials(api: &resolve::Api) -> Vec<Draft> {
    let kind = api.routes.kind();
    let mut headers: Vec<Text> = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    // For models, the token of the gateway takes the place of the caller's.
    let authorization = kind.is_none().then_some("Authorization");
    let model_key = kind.map(AccountKind::key_header);
    let fixed = [authorization, model_key, Some(KEY_HEADER)];
    for header in fixed.into_iter().flatten() {
        names.push(header);
        headers.push(Text::fixed(header));
    }
    let own = &api.key.header;
    if !names
        .iter()
        .any(|name| name.eq_ignore_ascii_case(own.as_str()))
    {
        headers.push(own.into());
    }
    let delete = |header: Text| {
        Draft::new("set-header")
            .with("name", header)
            .word("exists-action", "delete")
    };
    let mut statements: Vec<Draft> = headers.into_iter().map(delete).collect();
    statements.push(
        Draft::new("set-query-parameter")
            .word("name", KEY_QUERY)
            .word("exists-action", "delete"),
    );
    statements
}

/// The version of the API, unless the caller names one.
fn api_version(kind: AccountKind) -> Draft {
    Draft::new("set-query-parameter")
        .word("name", "api-version")
        .word("exists-action", "skip")
        .child(Draft::new("value").text(Text::fixed(kind.api_version())))
}

/// Where the request goes.
fn backend(routes: &Routes) -> Option<Draft> {
    let set = |id: Text, backend: &resolve::name::ResourceName| {
        Draft::new("set-backend-service")
            .with("id", id)
            .with("backend-id", backend)
    };
    let only = |backend| Some(set(Text::fixed("backend"), backend));
    match routes {
        Routes::Http { resource, .. } | Routes::Account { resource, .. } => only(resource),
        Routes::Deployment { deployment, .. } => only(&deployment.resource),
        Routes::Deployments { deployments, .. } => match deployments.as_slice() {
            [deployment] => only(&deployment.resource),
            deployments => {
                let when = |deployment: &Deployment| {
                    let id = LiteralText::parse(&format!("backend-{}", deployment.name))
                        .expect("policy: names of deployments are no code");
                    Draft::new("when")
                        .with("condition", is_model(deployment))
                        .child(set(id.into(), &deployment.resource))
                };
                Some(Draft::new("choose").children(deployments.iter().map(when)))
            }
        },
    }
}

/// The path behind the backend's URL, which ends in the deployment. Parameters of the path keep their names, and the query stays.
fn path(routes: &Routes) -> Option<Draft> {
    let (Routes::Deployments { paths, .. } | Routes::Deployment { paths, .. }) = routes else {
        return None;
    };
    let paths = paths.iter().map(|(id, rest)| (id, rest.as_str()));
    let rewrite = |rest: &str| {
        let template = LiteralText::parse(rest).expect("policy: paths are checked in definition");
        Draft::new("rewrite-uri").with("template", template)
    };
    by_operation(&grouped(paths), rewrite, None)
}

/// Values in the order of their first operation, each with all of its operations.
fn grouped<'a>(
    pairs: impl Iterator<Item = (&'a OperationId, &'a str)>,
) -> Vec<(&'a str, Vec<&'a OperationId>)> {
    let mut groups: Vec<(&str, Vec<&OperationId>)> = Vec::new();
    for (id, value) in pairs {
        match groups.iter_mut().find(|(other, _)| *other == value) {
            Some((_, ids)) => ids.push(id),
            None => groups.push((value, vec![id])),
        }
    }
    groups
}

/// A statement that depends on the operation: itself if it is always the same, else a choice.
fn by_operation(
    groups: &[(&str, Vec<&OperationId>)],
    statement: impl Fn(&str) -> Draft,
    otherwise: Option<Draft>,
) -> Option<Draft> {
    let when = |(value, ids): &(&str, Vec<&OperationId>)| {
        let is_one = CsTest::any(ids.iter().map(|id| CsTest::operation(id)));
        Draft::new("when")
            .with("condition", is_one)
            .child(statement(value))
    };
    match groups {
        [] => otherwise,
        [(value, _)] => Some(statement(value)),
        groups => Some(
            Draft::new("choose")
                .children(groups.iter().map(when))
                .children(otherwise.map(|statement| Draft::new("otherwise").child(statement))),
        ),
    }
}

/// The gateway's own token.
fn identity(resolved: &Resolved, kind: AccountKind) -> Draft {
    let draft = Draft::new("authentication-managed-identity")
        .word("id", "gateway-identity")
        .word("resource", kind.audience())
        .word("ignore-error", "false");
    match &resolved.service.identity {
        Identity::System => draft,
        Identity::User(_) => {
            let client = name::identity_client_id(&resolved.service.prefix);
            draft.with("client-id", Text::NamedValue(client))
        }
    }
}

fn forward(api: &resolve::Api) -> Draft {
    let draft = Draft::new("forward-request")
        .word("id", "forward")
        .with("timeout", api.timeout);
    if api.streams {
        draft.word("buffer-response", "false")
    } else {
        draft
    }
}
