//! Members of a pool that have different models. Members are interchangeable, so they should have the same one.

use crate::diag::{Code, Report};
use crate::resolve::{Pool, Resolution};

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    for (pool, _) in resolution.pools() {
        check_pool(resolution, pool, report);
    }
}

fn check_pool(resolution: &Resolution<'_>, pool: &Pool, report: &mut Report) {
    let mut first = None;
    for (position, member) in pool.members.iter().enumerate() {
        let Some(name) = &member.to.deployment else {
            return;
        };
        let mut deployments = resolution.parts.backends[&member.to.backend].target.deployments().iter();
        let Some(own) = deployments.find(|own| own.name == *name) else {
            return;
        };
        let (first_at, model) = *first.get_or_insert((position, &own.model));
        if own.model == *model {
            continue;
        }
        let at = |position| resolution.member(&pool.name, position);
        report.push(
            Code::OtherModel
                .at(at(position))
                .says(format!("pool `{}` mixes models", pool.name))
                .because(format!("this one has `{}`", own.model))
                .also(at(first_at), format!("the first member has `{model}`"))
                .help("remove it, or set `model:` at the deployments if it is the same model under another name"),
        );
    }
}
