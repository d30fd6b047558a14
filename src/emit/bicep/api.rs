//! `modules/apis.bicep`: APIs, their policies, the subscriptions to each.

use super::{APIS_PER_MODULE, definition, filters, policy};
use crate::catalogue::deployment::MOST_RESOURCES;
use crate::emit::symbols::{Symbol, Symbols};
use crate::emit::value::print::{BICEP, call};
use crate::emit::value::{Expression, Part, Value};
use crate::emit::{Fragment, fragment, render};
use crate::plan::{Api, Plan};
use crate::resolve::KEY_QUERY;
use crate::resolve::name::{HeaderName, Line, ResourceName};

/// Names that `apis.bicep.j2` declares itself.
const RESERVED: [&str; 4] = ["serviceName", "service", "subscriptions", "caller"];

/// The APIs of one file.
pub(super) struct Module<'a> {
    pub(super) symbol: Symbol,
    pub(super) path: String,
    apis: &'a [Api],
}

impl Module<'_> {
    pub(super) fn has_subscriptions(&self) -> bool {
        self.apis.iter().any(|api| !api.subscriptions.is_empty())
    }
}

/// The files for the APIs of a plan: a single one, if they fit.
pub(super) fn modules(plan: &Plan) -> Vec<Module<'_>> {
    let mut symbols = Symbols::reserving(&[]);
    let mut modules = Vec::new();
    let mut rest = plan.apis.as_slice();
    while !rest.is_empty() {
        let (apis, others) = rest.split_at(fitting(rest));
        rest = others;
        let symbol = symbols.add("apis", "");
        modules.push(Module { path: format!("modules/{}.bicep", symbol.as_str()), symbol, apis });
    }
    modules
}

/// The number of these APIs that fit into one file; at least one.
fn fitting(apis: &[Api]) -> usize {
    let mut resources = 0;
    let fitting = apis.iter().take(APIS_PER_MODULE).take_while(|api| {
        // The API and its policy.
        resources += 2 + api.subscriptions.len();
        resources <= MOST_RESOURCES
    });
    fitting.count().max(1)
}

#[derive(askama::Template)]
#[template(path = "bicep/apis.bicep.j2")]
struct ApisView<'a> {
    source: &'a str,
    apis: Vec<Fragment>,
    subscriptions: Vec<SubscriptionsView<'a>>,
}

struct SubscriptionsView<'a> {
    api: &'a str,
    /// Names by caller.
    object: Value,
    callers: Symbol,
    symbol: Symbol,
    list: Value,
    name: Value,
    display_name: Value,
}

#[derive(askama::Template)]
#[template(path = "bicep/api.bicep.j2")]
struct ApiView<'a> {
    symbol: &'a Symbol,
    policy_symbol: Symbol,
    name: &'a ResourceName,
    display_name: &'a Line,
    path: &'a str,
    needs_key: bool,
    has_bearer_keys: bool,
    key_header: &'a HeaderName,
    key_query: &'a str,
    format: &'a str,
    definition: String,
    link: Option<&'a str>,
    is_azure_link: bool,
    policy: String,
    before: Option<&'a Symbol>,
    subscriptions: Option<&'a SubscriptionsView<'a>>,
}

pub(super) fn apis(plan: &Plan, module: &Module<'_>) -> String {
    let mut symbols = Symbols::reserving(&RESERVED);
    let names: Vec<Symbol> = module.apis.iter().map(|api| symbols.add(api.name.as_str(), "api")).collect();
    let mut apis = Vec::with_capacity(module.apis.len());
    let mut subscriptions = Vec::new();
    for (at, api) in module.apis.iter().enumerate() {
        let own = subscriptions_of(api, &mut symbols);
        apis.push(fragment(&ApiView {
            symbol: &names[at],
            policy_symbol: symbols.add(&format!("{}-policy", api.name), "of-api"),
            name: &api.resource,
            display_name: &api.display_name,
            path: &api.path,
            needs_key: api.key.is_required,
            has_bearer_keys: api.key.is_bearer,
            key_header: &api.key.header,
            key_query: KEY_QUERY,
            format: api.definition.format.as_str(),
            definition: definition(api),
            link: api.link(),
            is_azure_link: api.link().is_some_and(is_azure),
            policy: policy(api),
            before: at.checked_sub(1).map(|before| &names[before]),
            subscriptions: own.as_ref(),
        }));
        subscriptions.extend(own);
    }
    render(&ApisView { source: &plan.source_name, apis, subscriptions })
}

/// True if Bicep's rule `no-hardcoded-env-urls` reports a URL as different between Azure clouds. This URL is a document's.
fn is_azure(url: &str) -> bool {
    let host = url.split('/').nth(2).unwrap_or_default();
    [
        "windows.net",
        "azure.com",
        "microsoftonline.com",
        "azuredatalakestore.net",
        "azuredatalakeanalytics.net",
        "region.asazure.windows.net",
    ]
    .iter()
    .any(|cloud| host.to_ascii_lowercase().contains(cloud))
}

fn subscriptions_of<'a>(api: &'a Api, symbols: &mut Symbols) -> Option<SubscriptionsView<'a>> {
    if api.subscriptions.is_empty() {
        return None;
    }
    let caller = || Part::Reference(Expression::fixed("caller"));
    let list = api.subscriptions.iter().map(Value::text).collect();
    let name = Value::Interpolated(vec![Part::Text(format!("{}-", api.resource)), caller()]);
    let callers = symbols.add(&format!("{}-callers", api.name), "of-api");
    let arguments = [
        Expression::symbol(&callers),
        Expression::fixed("caller => caller"),
        Expression::fixed("caller => ").join(&BICEP.expression(&name)),
    ];
    Some(SubscriptionsView {
        api: api.name.as_str(),
        object: Value::Reference(call("toObject", &arguments)),
        callers,
        symbol: symbols.add(&format!("{}-subscription", api.name), "of-api"),
        list: Value::Lines(list),
        name,
        display_name: Value::Interpolated(vec![caller(), Part::Text(format!(" ({})", api.name))]),
    })
}
