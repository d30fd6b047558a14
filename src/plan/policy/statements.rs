//! The statements that we write, each made in one place.

use super::csharp::{Condition, CsText};
use super::statement::Statement;
use super::text::Text;
use crate::resolve::name::ResourceName;

/// What the broader scope has in this section.
pub(super) fn base() -> Statement {
    Statement::new("base")
}

/// A variable for later statements.
pub(super) fn set_variable(name: &'static str, value: CsText) -> Statement {
    Statement::new("set-variable")
        .plain("name", name)
        .with("value", super::CsExpr::from(value))
}

/// Takes a header away.
pub(super) fn delete_header(name: &str) -> Statement {
    Statement::new("set-header")
        .plain("name", name)
        .plain("exists-action", "delete")
}

/// Takes a query parameter away.
pub(super) fn delete_query_parameter(name: &str) -> Statement {
    Statement::new("set-query-parameter")
        .plain("name", name)
        .plain("exists-action", "delete")
}

/// Sends the request to a backend.
pub(super) fn set_backend(backend: &ResourceName) -> Statement {
    Statement::new("set-backend-service")
        .plain("id", "backend")
        .plain("backend-id", backend.as_str())
}

/// Changes the path; the query stays.
pub(super) fn rewrite(template: &str) -> Statement {
    Statement::new("rewrite-uri").plain("template", template)
}

/// Authenticates to the backend with the gateway's identity. Without a token nothing is sent.
pub(super) fn managed_identity(audience: &str, client_id: Option<ResourceName>) -> Statement {
    let mut statement = Statement::new("authentication-managed-identity")
        .plain("id", "identity")
        .plain("resource", audience);
    if let Some(client_id) = client_id {
        statement = statement.with("client-id", Text::NamedValue(client_id));
    }
    statement.plain("ignore-error", "false")
}

/// Sends the request.
pub(super) fn forward(timeout: u32, streams: bool) -> Statement {
    let statement = Statement::new("forward-request")
        .plain("id", "forward")
        .plain("timeout", &timeout.to_string());
    if streams {
        statement.plain("buffer-response", "false")
    } else {
        statement
    }
}

/// The statements of the first branch whose condition holds, or the last ones.
pub(super) fn choose(
    branches: impl IntoIterator<Item = (Condition, Vec<Statement>)>,
    otherwise: Option<Vec<Statement>>,
) -> Statement {
    let whens = branches.into_iter().map(|(condition, statements)| {
        Statement::new("when")
            .with("condition", super::CsExpr::from(condition))
            .holding(statements)
    });
    let otherwise = otherwise.map(|statements| Statement::new("otherwise").holding(statements));
    Statement::new("choose").holding(whens.chain(otherwise))
}

/// Answers with JSON, and sends nothing to a backend.
pub(super) fn answer(
    id: &'static str,
    status: u16,
    reason: &'static str,
    body: &'static str,
) -> Statement {
    Statement::new("return-response").plain("id", id).holding([
        Statement::new("set-status")
            .plain("code", &status.to_string())
            .plain("reason", reason),
        Statement::new("set-header")
            .plain("name", "Content-Type")
            .plain("exists-action", "override")
            .holding([Statement::new("value").text(Text::plain("application/json"))]),
        Statement::new("set-body").text(Text::plain(body)),
    ])
}
