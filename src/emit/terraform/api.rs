//! `apis.tf`: APIs, their policies, the subscriptions to each.

use super::role::role_label;
use super::{
    api_label, backend, edges, filters, module_file, named_value, policy, policy_label, resource, resource_group,
    subscription_label,
};
use crate::emit::value::{Expression, Part, Value};
use crate::emit::{Fragment, definition_file, fragment, policy_file, render};
use crate::plan::{Api, Need, Plan};
use crate::resolve::KEY_QUERY;
use crate::resolve::name::{HeaderName, Line, ResourceName};

#[derive(askama::Template)]
#[template(path = "terraform/apis.tf.j2")]
struct ApisView<'a> {
    source: &'a str,
    apis: Vec<Fragment>,
}

#[derive(askama::Template)]
#[template(path = "terraform/api.tf.j2")]
struct ApiView<'a> {
    label: &'a str,
    policy_label: &'a str,
    name: &'a ResourceName,
    display_name: &'a Line,
    path: &'a str,
    needs_key: bool,
    has_bearer_keys: bool,
    key_header: &'a HeaderName,
    key_query: &'a str,
    format: &'a str,
    definition: Value,
    link: Option<&'a str>,
    policy: Value,
    resource_group: Value,
    api_name: Value,
    needs: Value,
    subscriptions: Option<SubscriptionsView>,
}

struct SubscriptionsView {
    label: String,
    callers: Value,
    name: Value,
    display_name: Value,
    scope: Value,
    needs: Value,
}

pub(super) fn apis(plan: &Plan) -> String {
    let before = [None].into_iter().chain(plan.apis.iter().map(Some));
    let apis = plan.apis.iter().zip(before);
    render(&ApisView {
        source: &plan.source_name,
        apis: apis.map(|(api, before)| self::api(plan, api, before)).collect(),
    })
}

fn api(plan: &Plan, api: &Api, before: Option<&Api>) -> Fragment {
    let label = api_label(api);
    let needs = api.needs.iter().map(|need| match need {
        Need::Backend(id) => backend(&plan[*id]),
        Need::NamedValue(id) => named_value(&plan[*id]),
    });
    // As in Bicep: without permission to assign roles the deployment fails before it creates APIs that return 401. The API and not only
    // its policy depends on this: one that changes from keys to tokens would be open until its policy follows.
    let roles = api.roles(plan).map(|role| Expression::fixed("azurerm_role_assignment").dot(&role_label(role)));
    let needs = needs.chain(roles);
    fragment(&ApiView {
        label: label.as_str(),
        policy_label: policy_label(api).as_str(),
        name: &api.resource,
        display_name: &api.display_name,
        path: &api.path,
        needs_key: api.key.is_required,
        has_bearer_keys: api.key.is_bearer,
        key_header: &api.key.header,
        key_query: KEY_QUERY,
        format: api.definition.format.as_str(),
        definition: module_file(definition_file(api)),
        link: api.link(),
        policy: module_file(policy_file(api)),
        resource_group: Value::Reference(resource_group(plan)),
        api_name: Value::Reference(resource(&label).then(".name")),
        needs: edges(before.map(|before| resource(&api_label(before))).into_iter().chain(needs)),
        subscriptions: subscriptions(api),
    })
}

fn subscriptions(api: &Api) -> Option<SubscriptionsView> {
    if api.subscriptions.is_empty() {
        return None;
    }
    let caller = || Part::Reference(Expression::fixed("each.key"));
    Some(SubscriptionsView {
        label: subscription_label(api).as_str().to_owned(),
        callers: Value::Lines(api.subscriptions.iter().map(Value::text).collect()),
        name: Value::Interpolated(vec![Part::Text(format!("{}-", api.resource)), caller()]),
        display_name: Value::Interpolated(vec![caller(), Part::Text(format!(" ({})", api.name))]),
        scope: Value::Reference(resource(&api_label(api)).then(".id")),
        needs: edges([policy(api)]),
    })
}
