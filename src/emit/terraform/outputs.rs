//! `outputs.tf`: values for callers and other modules, and never a key.

use super::{filters, resource, subscription_label};
use crate::emit::render;
use crate::emit::value::{Expression, Part, Value};
use crate::plan::Plan;
use crate::resolve::name::Name;

#[derive(askama::Template)]
#[template(path = "terraform/outputs.tf.j2")]
struct OutputsView<'a> {
    source: &'a str,
    urls: Vec<(&'a Name, Value)>,
    subscriptions: Vec<(&'a Name, Value)>,
}

pub(super) fn outputs(plan: &Plan) -> String {
    let urls = plan.apis.iter().map(|api| {
        let url = vec![Part::Reference(Expression::fixed("local.public_url")), Part::Text(format!("/{}", api.path))];
        (&api.name, Value::Interpolated(url))
    });
    let subscriptions = plan.apis.iter().filter(|api| !api.subscriptions.is_empty());
    let subscriptions = subscriptions.map(|api| {
        let all = resource(&subscription_label(api));
        let names =
            Expression::fixed("{ for caller, subscription in ").join(&all).then(" : caller => subscription.name }");
        (&api.name, Value::Reference(names))
    });
    render(&OutputsView { source: &plan.source_name, urls: urls.collect(), subscriptions: subscriptions.collect() })
}
