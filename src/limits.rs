//! Limits of one deployment and one policy: sizes that are known only after planning.

use crate::catalogue::deployment::{LARGEST_TEMPLATE, LONGEST_STRING, MOST_RESOURCES, ROOM};
use crate::catalogue::sku::Tier;
use crate::diag::{Code, Location, Report};
use crate::emit::policy::Policies;
use crate::model::path_of;
use crate::plan::{Api, Plan};
use crate::source::FileId;

/// Maximum size of a policy on the Consumption tier, in bytes (reference apim-policies §5).
const LONGEST_CONSUMPTION_POLICY: usize = 16 * 1024;

/// Size in bytes of an API without its texts, of a backend, and of an account with its module; measured on built templates and
/// rounded up.
const AROUND_API: usize = 4 * 1024;
const AROUND_BACKEND: usize = 1024;
const AROUND_ACCOUNT: usize = 4 * 1024;

/// Maximum number of backends of one file, with room for named values.
const MOST_BACKENDS: usize = MOST_RESOURCES - ROOM;

/// Writes definitions on one line if they would not fit into a deployment otherwise.
pub fn fit(plan: &mut Plan, policies: &Policies) {
    if total(plan, policies) > LARGEST_TEMPLATE {
        plan.apis.iter_mut().for_each(Api::shorten_definition);
    }
}

/// Bytes of the compiled template, about.
fn total(plan: &Plan, policies: &Policies) -> usize {
    let apis = plan.apis.iter().map(|api| {
        // Each caller is an entry of a list, with quotes and a comma.
        let callers: usize = api.subscriptions.iter().map(|name| name.len() + 3).sum();
        AROUND_API + escaped(api.definition_text()) + escaped(policies.of(api)) + callers
    });
    plan.backends.len() * AROUND_BACKEND + plan.accounts.len() * AROUND_ACCOUNT + apis.sum::<usize>()
}

/// Reports plans that exceed the limits of a deployment.
pub fn check(plan: &Plan, policies: &Policies, tier: Option<Tier>, file: FileId, report: &mut Report) {
    for api in &plan.apis {
        check_policy(api, policies.of(api), tier, file, report);
    }
    let total = total(plan, policies);
    if total > LARGEST_TEMPLATE {
        report.push(
            Code::DeploymentTooLarge
                .at(Location::key(file, path_of(&["apis"])))
                .says(format!("all APIs together would be about {} MiB in one deployment", total.div_ceil(1024 * 1024)))
                .because("Azure Resource Manager accepts 4 MiB, including all definitions")
                .help("split the APIs into several gateway files, or select fewer operations of their definitions"),
        );
    }
    if plan.backends.len() > MOST_BACKENDS {
        report.push(
            Code::DeploymentTooLarge
                .at(Location::key(file, path_of(&["backends"])))
                .says(format!("the file defines {} backends of the service", plan.backends.len()))
                .because(format!("one deployment can create {MOST_BACKENDS}"))
                .help("split them into several gateway files"),
        );
    }
}

fn check_policy(api: &Api, policy: &str, tier: Option<Tier>, file: FileId, report: &mut Report) {
    let units = policy.encode_utf16().count();
    let (size, unit, most, why) = if tier == Some(Tier::Consumption) {
        let why = "the limit of the Consumption tier is 16,384 bytes";
        (policy.len(), "bytes", LONGEST_CONSUMPTION_POLICY, why)
    } else {
        let why = "the limit of a template is 131,072 characters";
        (units, "characters", LONGEST_STRING, why)
    };
    if tier.is_none() && policy.len() > LONGEST_CONSUMPTION_POLICY && size <= most {
        report.push(
            Code::TierUnknown
                .at(Location::key(file, path_of(&["apis", api.name.as_str()])))
                .says(format!(
                    "the policy of API `{}` has {} bytes, more than the Consumption tier allows",
                    api.name,
                    policy.len()
                ))
                .because("the limit of the Consumption tier is 16,384 bytes")
                .help("set `gateway.sku`"),
        );
    }
    if size > most {
        let at = path_of(&["apis", api.name.as_str()]);
        let mut found = Code::PolicyTooLarge
            .at(Location::key(file, at.clone()))
            .says(format!("the policy of API `{}` would have {size} {unit}", api.name))
            .because(why)
            .help("use fewer deployments or operations in this API: several APIs can share a backend");
        if !api.includes.is_empty() {
            found = found
                .also(Location::key(file, at.key("include")), "this custom policy is part of it")
                .help("move long policies into a policy fragment of the service, and include it: `<include-fragment fragment-id=\"…\" />`");
        }
        report.push(found);
    }
}

/// Size of a text as a JSON string, in bytes.
fn escaped(text: &str) -> usize {
    let more = text.bytes().filter(|byte| matches!(byte, b'"' | b'\\' | b'\n')).count();
    text.len() + more
}
