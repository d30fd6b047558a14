//! What one deployment or one policy can hold: sizes that are known only when everything is planned.

use crate::catalogue::deployment::{LARGEST_TEMPLATE, LONGEST_STRING, MOST_RESOURCES, ROOM};
use crate::catalogue::sku::Tier;
use crate::diag::{Code, Place, Report};
use crate::emit::policy::Policies;
use crate::model::path_of;
use crate::plan::{Api, Plan};
use crate::source::FileId;

/// Bytes of one policy on the Consumption tier (reference apim-policies §5).
const LONGEST_CONSUMPTION_POLICY: usize = 16 * 1024;

/// Bytes that one API needs besides its texts, one backend, and one account with its module; measured on built templates and
/// rounded up.
const AROUND_API: usize = 4 * 1024;
const AROUND_BACKEND: usize = 1024;
const AROUND_ACCOUNT: usize = 4 * 1024;

/// Backends of one file, with room for named values.
const MOST_BACKENDS: usize = MOST_RESOURCES - ROOM;

/// Reports what no deployment could hold.
pub fn check(plan: &Plan, policies: &Policies, tier: Option<Tier>, file: FileId, report: &mut Report) {
    let mut total = plan.backends.len() * AROUND_BACKEND + plan.accounts.len() * AROUND_ACCOUNT;
    for api in &plan.apis {
        let policy = policies.of(api);
        check_policy(api, policy, tier, file, report);
        // Each caller stands in a list, with quotes and a comma.
        let callers: usize = api.subscriptions.iter().map(|name| name.len() + 3).sum();
        total += AROUND_API + escaped(&api.definition) + escaped(policy) + callers;
    }
    if total > LARGEST_TEMPLATE {
        report.push(
            Code::DeploymentTooLarge
                .at(Place::key(file, path_of(&["apis"])))
                .says(format!("all APIs together would be about {} MiB in one deployment", total.div_ceil(1024 * 1024)))
                .because("Azure takes 4 MiB, with all definitions in it")
                .help("spread the APIs over several gateway files, or name fewer operations in their definitions"),
        );
    }
    if plan.backends.len() > MOST_BACKENDS {
        report.push(
            Code::DeploymentTooLarge
                .at(Place::key(file, path_of(&["backends"])))
                .says(format!("these are {} backends in the service", plan.backends.len()))
                .because(format!("one deployment takes {MOST_BACKENDS}"))
                .help("spread them over several gateway files"),
        );
    }
}

fn check_policy(api: &Api, policy: &str, tier: Option<Tier>, file: FileId, report: &mut Report) {
    let units = policy.encode_utf16().count();
    let (size, unit, most, why) = if tier == Some(Tier::Consumption) {
        let why = "the Consumption tier takes 16,384 bytes";
        (policy.len(), "bytes", LONGEST_CONSUMPTION_POLICY, why)
    } else {
        let why = "a template takes 131,072 characters";
        (units, "characters", LONGEST_STRING, why)
    };
    if tier.is_none() && policy.len() > LONGEST_CONSUMPTION_POLICY && size <= most {
        report.push(
            Code::TierUnknown
                .at(Place::key(file, path_of(&["apis", api.name.as_str()])))
                .says(format!(
                    "the policy of API `{}` has {} bytes, which not every tier takes",
                    api.name,
                    policy.len()
                ))
                .because("the Consumption tier takes 16,384 bytes")
                .help("write `gateway.sku`"),
        );
    }
    if size > most {
        let at = path_of(&["apis", api.name.as_str()]);
        let mut found = Code::PolicyTooLarge
            .at(Place::key(file, at.clone()))
            .says(format!("the policy of API `{}` would have {size} {unit}", api.name))
            .because(why)
            .help("let the API have fewer deployments or operations: several APIs can share a backend");
        if !api.includes.is_empty() {
            found = found
                .also(Place::key(file, at.key("include")), "text of your own is a part of it")
                .help("move long text into a policy fragment of the service, and include `<include-fragment fragment-id=\"…\" />`");
        }
        report.push(found);
    }
}

/// Bytes of a text as a string of JSON.
fn escaped(text: &str) -> usize {
    let more = text.bytes().filter(|byte| matches!(byte, b'"' | b'\\' | b'\n')).count();
    text.len() + more
}
