//! Routing of requests: the model that they name, the backend, the path after it, and the token for it.

use super::csharp::{CsBlock, CsNumber, CsTest, CsText, Variable};
use super::draft::UncheckedElement;
use super::text::{LiteralText, Text};
use crate::catalogue::surface::{ModelIn, Refusal, reason};
use crate::catalogue::{MODELS_POLICY_ID, PATH_POLICY_ID};
use crate::definition::{Coverage, OperationId};
use crate::plan::name;
use crate::resolve::name::{DeploymentName, HeaderName, Name, ResourceName};
use crate::resolve::{self, Audience, Balance, Credential, Destination, Identity, Pool, Resolved, Routes, Target};

/// The requests of an API, parted by where they go.
pub(super) struct RouteGroups<'a> {
    pub(super) resolved: &'a Resolved,
    pub(super) api: &'a resolve::Api,
    pub(super) all: Vec<RouteMatch<'a>>,
}

/// Requests that go to one place.
#[derive(Clone, Copy)]
pub(super) struct RouteMatch<'a> {
    /// The model that they name; `None`: any.
    pub(super) model: Option<&'a DeploymentName>,
    pub(super) to: &'a Destination,
}

impl<'a> RouteGroups<'a> {
    pub(super) fn new(resolved: &'a Resolved, api: &'a resolve::Api) -> Self {
        let all = match &api.routes {
            Routes::All(to) => vec![RouteMatch { model: None, to }],
            Routes::Models(routes) => {
                routes.iter().map(|route| RouteMatch { model: Some(&route.model), to: &route.to }).collect()
            }
        };
        Self { resolved, api, all }
    }

    /// True if requests are routed by their model, which is in its variable then.
    pub(super) fn are_by_model(&self) -> bool {
        matches!(self.api.routes, Routes::Models(_))
    }

    /// The pool of a destination.
    pub(super) fn pool(&self, to: &Destination) -> Option<&'a Pool> {
        match to {
            Destination::Pool(name) => Some(&self.resolved.pools[name]),
            Destination::Backend(_) => None,
        }
    }

    /// The pools of the API that have circuit breakers, each once.
    pub(super) fn pools(&self) -> Vec<&'a Name> {
        let mut pools: Vec<&Name> = Vec::new();
        for pool in self.all.iter().filter_map(|route| self.pool(route.to)).filter(|pool| pool.breaker.is_some()) {
            if !pools.contains(&&pool.name) {
                pools.push(&pool.name);
            }
        }
        pools
    }

    /// The pool, if its members are chosen here.
    pub(super) fn random(&self, to: &Destination) -> Option<&'a Pool> {
        self.pool(to).filter(|pool| !pool.is_in_service() && pool.members.len() > 1)
    }

    /// The name in the service of where requests go, unless its members are chosen here.
    fn backend(&self, to: &Destination) -> &'a ResourceName {
        match self.pool(to) {
            Some(pool) if !pool.is_in_service() => self.member(pool, 0),
            _ => self.resolved.service_name(to, self.api.surface),
        }
    }

    /// The name in the service of a member of a pool.
    pub(super) fn member(&self, pool: &Pool, at: usize) -> &'a ResourceName {
        let one = Destination::Backend(pool.members[at].to.clone());
        self.resolved.service_name(&one, self.api.surface)
    }

    /// The credential that the gateway sends to a destination.
    pub(super) fn credential(&self, to: &Destination) -> Credential {
        self.resolved.credential(to, self.api.surface)
    }

    /// The audience of tokens for a destination, as the policy has it; `None`: it gets none.
    fn audience(&self, to: &Destination) -> Option<Text> {
        match self.credential(to) {
            Credential::Identity(Audience::Azure(audience)) => Some(Text::fixed(audience)),
            Credential::Identity(Audience::Application(_)) => {
                Some(Text::NamedValue(name::audience(&self.resolved.service.prefix, to.name())))
            }
            Credential::None | Credential::PassThrough | Credential::Header(_) => None,
        }
    }

    /// The requests that keep the caller's `Authorization`.
    pub(super) fn passing_through(&self) -> Vec<RouteMatch<'a>> {
        let passes = |route: &&RouteMatch<'a>| self.credential(route.to) == Credential::PassThrough;
        self.all.iter().filter(passes).copied().collect()
    }

    /// True if each request gets a token of the gateway's in place of the caller's.
    pub(super) fn all_get_token(&self) -> bool {
        let mut all = self.all.iter();
        all.all(|route| matches!(self.credential(route.to), Credential::Identity(_)))
    }

    /// The headers in which backends receive secrets.
    pub(super) fn secret_headers(&self) -> Vec<HeaderName> {
        let credentials = self.all.iter().map(|route| self.credential(route.to));
        let headers = credentials.filter_map(|credential| match credential {
            Credential::Header(header) => Some(header.header),
            Credential::None | Credential::PassThrough | Credential::Identity(_) => None,
        });
        headers.collect()
    }

    /// True if callers' cookies end at the gateway: models have no use for them, and what has a credential of its own must not mix it
    /// with a session of somebody else. A pool with session affinity reads its own.
    pub(super) fn drop_cookies(&self) -> bool {
        let has_own = |route: &RouteMatch<'a>| {
            matches!(self.credential(route.to), Credential::Identity(_) | Credential::Header(_))
        };
        let has_affinity = |route: &RouteMatch<'a>| {
            self.pool(route.to).is_some_and(|pool| matches!(pool.balance, Balance::Pool { cookie: Some(_) }))
        };
        (self.api.surface.is_model() || self.all.iter().any(has_own)) && !self.all.iter().any(has_affinity)
    }

    /// True if some requests go to Azure accounts.
    pub(super) fn reach_accounts(&self) -> bool {
        let refs = self.all.iter().flat_map(|route| self.resolved.backend_refs(route.to));
        refs.into_iter().any(|one| matches!(self.resolved.backends[&one.backend].target, Target::Account { .. }))
    }

    /// True if segments of the path come from callers and nothing else checks them.
    fn take_free_paths(&self) -> bool {
        let in_path = self.api.surface.model_in() == ModelIn::Path;
        // A listed model is one of a few words.
        let checked = usize::from(in_path && self.are_by_model());
        match self.api.definition.coverage {
            Coverage::Operations => self.api.definition.operations.iter().any(|one| one.parameters.len() > checked),
            Coverage::Linked => true,
            // Below a deployment the pattern of the whole path excludes them.
            Coverage::AnyPath => !(in_path && (self.are_by_model() || self.ends_in_deployment(self.all[0].to))),
        }
    }

    /// True if requests go to a URL that ends in their deployment.
    fn ends_in_deployment(&self, to: &Destination) -> bool {
        let mut backend_refs = self.resolved.backend_refs(to).into_iter();
        self.api.surface.model_in() == ModelIn::Path && backend_refs.all(|one| one.deployment.is_some())
    }

    /// Those that are alike, in the order of the first of each kind; without those that have no key.
    pub(super) fn grouped<K: PartialEq>(
        &self,
        key: impl Fn(&RouteMatch<'a>) -> Option<K>,
    ) -> Vec<(K, Vec<RouteMatch<'a>>)> {
        let mut groups: Vec<(K, Vec<RouteMatch<'a>>)> = Vec::new();
        for route in &self.all {
            let Some(key) = key(route) else { continue };
            match groups.iter_mut().find(|(other, _)| *other == key) {
                Some((_, group)) => group.push(*route),
                None => groups.push((key, vec![*route])),
            }
        }
        groups
    }

    /// The test for these requests; `None`: all requests are.
    pub(super) fn is_one_of(&self, some: &[RouteMatch<'_>]) -> Option<CsTest> {
        if some.len() == self.all.len() {
            return None;
        }
        Some(is_model(some.iter().filter_map(|route| route.model)))
    }
}

/// True if the caller requests one of these models. It is not documented that Azure ignores case, so this does not.
fn is_model<'a>(models: impl IntoIterator<Item = &'a DeploymentName>) -> CsTest {
    CsText::variable(Variable::Model).is_one_of(models.into_iter().map(DeploymentName::as_str))
}

/// The refusal of paths that lead out of the backend's base path (RFC 3986 §5.2.4). What the service resolves itself is not documented.
pub(super) fn path_guard(routes: &RouteGroups<'_>) -> Option<UncheckedElement> {
    routes.take_free_paths().then(|| {
        let refused = refused(routes, PATH_POLICY_ID, CsTest::steps_out(), Refusal::PathOutside);
        UncheckedElement::new("choose")
            .why("A backend that resolves these segments would answer from outside of its base path.")
            .child(refused)
    })
}

/// The model that the caller requests, and the refusal of one that does not exist.
pub(super) fn model(routes: &RouteGroups<'_>) -> Vec<UncheckedElement> {
    let is_any_path = !routes.api.definition.lists_operations();
    let deployment = || CsText::deployment_below(&routes.api.path);
    let no_deployment = |is_absent| refused(routes, "deployment-missing", is_absent, Refusal::NoDeployment);
    if !routes.are_by_model() {
        // What goes to one deployment still has to be below one: its path is cut there.
        let is_cut = is_any_path && routes.ends_in_deployment(routes.all[0].to);
        let choose = UncheckedElement::new("choose")
            .why("The path continues with a deployment, or nothing is sent.")
            .child(no_deployment(deployment().equals("")));
        return if is_cut { vec![choose] } else { Vec::new() };
    }
    let set =
        |value: Text| UncheckedElement::new("set-variable").word("name", Variable::Model.name()).with("value", value);
    let choose = || UncheckedElement::new("choose").why("Models that are not listed are refused.");
    let is_unknown = !is_model(routes.all.iter().filter_map(|route| route.model));
    let unknown = refused(routes, "model-not-found", is_unknown, Refusal::UnknownModel);
    if routes.api.surface.model_in() == ModelIn::Body {
        let is_absent = CsText::variable(Variable::Model).equals("");
        let absent = refused(routes, "model-missing", is_absent, Refusal::NoModel);
        let model = set(CsBlock::BodyModel.into()).why("The model that the body names.");
        let compressed = refused(routes, "body-compressed", CsTest::compressed(), Refusal::Compressed);
        let readable =
            UncheckedElement::new("choose").why("A compressed body does not show its model.").child(compressed);
        return vec![readable, model, choose().child(absent).child(unknown)];
    }
    if is_any_path {
        let is_absent = CsText::variable(Variable::Model).equals("");
        let model = set(deployment().into()).why("The deployment that the path names.");
        return vec![model, choose().child(no_deployment(is_absent)).child(unknown)];
    }
    // Every path starts with the parameter of the deployment, but each operation may call it differently.
    let parameters = routes.api.paths.iter().map(|(id, _)| {
        let operation = routes.api.definition.operation(id);
        let parameter = operation.and_then(|operation| operation.parameters.first());
        (id, parameter.expect("policy: resolve found the deployment in every path").as_str())
    });
    let none = set(CsText::literal("").into());
    let set = by_operation(&grouped(parameters), |parameter| set(CsText::path_parameter(parameter).into()), Some(none));
    let set = set.map(|set| set.why("The deployment that the path names."));
    set.into_iter().chain([choose().child(unknown)]).collect()
}

pub(super) fn refused(routes: &RouteGroups<'_>, id: &'static str, when: CsTest, refusal: Refusal) -> UncheckedElement {
    let response = response(routes, refusal).word("id", id);
    UncheckedElement::new("when").with("condition", when).child(response)
}

/// The list of models, answered here: an account would list what callers may not use, and others know nothing of the names.
pub(super) fn model_list(routes: &RouteGroups<'_>) -> Option<UncheckedElement> {
    let operation = routes.api.model_list()?;
    let models = routes.all.iter().filter_map(|route| route.model).map(DeploymentName::as_str);
    let response = answer(200, "OK", &routes.api.surface.listed(models)).word("id", MODELS_POLICY_ID);
    let when = UncheckedElement::new("when").with("condition", CsTest::operation(operation)).child(response);
    Some(UncheckedElement::new("choose").why("The models of this API, without asking a backend.").child(when))
}

/// A response in the error shape of the surface. Headers go between its status and its body.
pub(super) fn response(routes: &RouteGroups<'_>, refusal: Refusal) -> UncheckedElement {
    let status = refusal.status();
    answer(status, reason(status), &routes.api.surface.error(refusal))
}

fn answer(status: u16, reason: &'static str, body: &str) -> UncheckedElement {
    let body = LiteralText::parse(body).expect("policy: bodies of ours are no code");
    UncheckedElement::new("return-response")
        .child(UncheckedElement::new("set-status").with("code", u32::from(status)).word("reason", reason))
        .child(
            UncheckedElement::new("set-header")
                .word("name", "Content-Type")
                .word("exists-action", "override")
                .child(UncheckedElement::new("value").text(Text::fixed("application/json"))),
        )
        .child(UncheckedElement::new("set-body").text(body))
}

/// The destination of the request.
pub(super) fn backend(routes: &RouteGroups<'_>) -> Option<UncheckedElement> {
    let groups = routes.grouped(|route| Some(route.to));
    let statement = |to: &Destination, id: Text| match routes.random(to) {
        // The member itself is set before each try.
        Some(pool) => set_member(CsNumber::of_request(count(pool))),
        None => set_backend(id, routes.backend(to)),
    };
    if let [(to, _)] = groups.as_slice() {
        return Some(statement(to, Text::fixed("backend")).why("All requests go here."));
    }
    let has_one_token = one_audience(routes).is_some();
    let has_several_pools = routes.pools().len() > 1;
    let when = |(to, group): &(&Destination, Vec<RouteMatch<'_>>)| {
        let name = match (group.as_slice(), to) {
            ([RouteMatch { model: Some(model), .. }], _) => model.as_id(),
            (_, Destination::Pool(pool)) => pool.to_string(),
            (_, Destination::Backend(one)) => one.text().replace('/', "-"),
        };
        let id =
            LiteralText::parse(&format!("backend-{name}")).expect("policy: names of models and backends are no code");
        let is_one = routes.is_one_of(group);
        let token = routes.audience(to).filter(|_| !has_one_token);
        UncheckedElement::new("when")
            .with("condition", is_one.expect("policy: several groups part the models"))
            .child(statement(to, id.into()))
            .children(routes.pool(to).filter(|pool| has_several_pools && pool.breaker.is_some()).map(|pool| {
                let name = CsText::literal(pool.name.as_str());
                UncheckedElement::new("set-variable").word("name", Variable::Pool.name()).with("value", name)
            }))
            .children(token.map(|audience| authenticate(routes.resolved, audience, format!("gateway-identity-{name}"))))
    };
    let choose = UncheckedElement::new("choose").why("The model decides where the request goes.");
    Some(choose.children(groups.iter().map(when)))
}

pub(super) fn set_backend(id: Text, backend: &ResourceName) -> UncheckedElement {
    UncheckedElement::new("set-backend-service").with("id", id).with("backend-id", backend)
}

/// Sets the number of the next member.
pub(super) fn set_member(value: CsNumber) -> UncheckedElement {
    UncheckedElement::new("set-variable").word("name", Variable::Member.name()).with("value", value)
}

/// The members of a pool.
pub(super) fn count(pool: &Pool) -> u32 {
    u32::try_from(pool.members.len()).expect("shape: pools have 30 members at most")
}

/// The path after the backend's URL, which ends in the deployment. Parameters of the path keep their names, and the query stays.
pub(super) fn path(routes: &RouteGroups<'_>) -> Option<UncheckedElement> {
    let ending: Vec<RouteMatch<'_>> =
        routes.all.iter().filter(|route| routes.ends_in_deployment(route.to)).copied().collect();
    if ending.is_empty() {
        return None;
    }
    let paths = routes.api.paths.iter().map(|(id, rest)| (id, rest.as_str()));
    let rewrite = |rest: &str| {
        let template = LiteralText::parse(rest).expect("policy: paths are checked in definition");
        UncheckedElement::new("rewrite-uri").with("template", template)
    };
    let rewritten = if routes.api.definition.lists_operations() {
        by_operation(&grouped(paths), rewrite, None)
    } else {
        let rest = CsText::rest_after_deployment(&routes.api.path);
        Some(UncheckedElement::new("rewrite-uri").with("template", Text::from(rest)))
    };
    let rewritten = match routes.is_one_of(&ending) {
        None => rewritten,
        Some(is_one) => rewritten.map(|statement| {
            let when = UncheckedElement::new("when").with("condition", is_one).child(statement);
            UncheckedElement::new("choose").child(when)
        }),
    };
    rewritten.map(|statement| statement.why("The backend's URL ends in the deployment already."))
}

/// Values in the order of their first operation, each with all of its operations.
fn grouped<'a>(pairs: impl Iterator<Item = (&'a OperationId, &'a str)>) -> Vec<(&'a str, Vec<&'a OperationId>)> {
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
    statement: impl Fn(&str) -> UncheckedElement,
    otherwise: Option<UncheckedElement>,
) -> Option<UncheckedElement> {
    let when = |(value, ids): &(&str, Vec<&OperationId>)| {
        let is_one = CsTest::any(ids.iter().map(|id| CsTest::operation(id)));
        UncheckedElement::new("when").with("condition", is_one).child(statement(value))
    };
    match groups {
        [] => otherwise,
        [(value, _)] => Some(statement(value)),
        groups => Some(
            UncheckedElement::new("choose")
                .children(groups.iter().map(when))
                .children(otherwise.map(|statement| UncheckedElement::new("otherwise").child(statement))),
        ),
    }
}

/// The audience of the tokens, if it is the same for all requests of the API.
fn one_audience(routes: &RouteGroups<'_>) -> Option<Text> {
    let first = routes.audience(routes.all[0].to)?;
    let is_same = |route: &RouteMatch<'_>| routes.audience(route.to).as_ref() == Some(&first);
    routes.all.iter().all(is_same).then_some(first)
}

/// The gateway's own token. Where it is not the same for all requests, it is made where the backend is chosen.
pub(super) fn identity(routes: &RouteGroups<'_>) -> Option<UncheckedElement> {
    one_audience(routes).map(|audience| {
        authenticate(routes.resolved, audience, "gateway-identity".to_owned())
            .why("A token of the gateway's identity takes the place of the caller's credentials.")
    })
}

fn authenticate(resolved: &Resolved, audience: Text, id: String) -> UncheckedElement {
    let id = LiteralText::parse(&id).expect("policy: names of models and backends are no code");
    let draft = UncheckedElement::new("authentication-managed-identity")
        .with("id", id)
        .with("resource", audience)
        .word("ignore-error", "false");
    match &resolved.service.identity {
        Identity::System => draft,
        Identity::User(_) => {
            let client = name::identity_client_id(&resolved.service.prefix);
            draft.with("client-id", Text::NamedValue(client))
        }
    }
}
