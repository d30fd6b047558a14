//! A pool that retries more often than it has members.

use crate::diag::{Code, Report};
use crate::resolve::Resolution;

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    for (pool, _) in resolution.pools() {
        let key = pool.name.as_str();
        let others = pool.members.len() - 1;
        // Without a `count` it is the number of other members.
        let count = pool.retry.as_ref().map_or(0, |retry| retry.count);
        if count as usize <= others {
            continue;
        }
        let others = match others {
            0 => "there is no other member".to_owned(),
            1 => "there is 1 other member".to_owned(),
            more => format!("there are {more} other members"),
        };
        report.push(
            Code::ManyRetries
                .at(resolution.value(&["pools", key, "retry", "count"]))
                .says(format!("pool `{key}` retries more often than it has other members"))
                .because(format!("{others}, so the last retries use one that failed already"))
                .help("remove `count`: the default is one retry for each other member"),
        );
    }
}
