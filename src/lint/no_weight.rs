//! A priority whose members all have the weight 0.

use std::collections::BTreeMap;

use crate::diag::{Code, Report};
use crate::resolve::{Member, Resolution};

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    for (pool, _) in resolution.pools() {
        let mut groups: BTreeMap<Option<u32>, Vec<(usize, &Member)>> = BTreeMap::new();
        for (position, member) in pool.members.iter().enumerate() {
            groups.entry(member.priority).or_default().push((position, member));
        }
        for group in groups.values().filter(|group| group.iter().all(|(_, member)| member.weight == Some(0))) {
            report.push(
                Code::NoWeight
                    .at(resolution.member(&pool.name, group[0].0))
                    .says(format!("no member of this priority of pool `{}` has a share of the load", pool.name))
                    .because("all of them have the weight 0, and what the service does then is not documented")
                    .help("raise a weight, or remove the weights for equal shares"),
            );
        }
    }
}
