//! Pools of interchangeable backends.

use serde_json::{Map, Value, json};

use super::gateway::{Author, Form, Target, put};

impl Form {
    /// True if both can be members of one pool.
    fn fits(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Http(_), Self::Http(_)) => true,
            (one, other) => one == other && *one != Self::Deployments,
        }
    }
}

impl Author<'_> {
    pub(super) fn pools(&mut self) -> Map<String, Value> {
        let mut pools = Map::new();
        // A pool is no member of a pool.
        let singles = self.targets.clone();
        for _ in 0..self.draw.between(1, 3) {
            let name = self.draw.name();
            if pools.contains_key(&name) || singles.iter().any(|single| single.reference == name) {
                continue;
            }
            let is_random = self.is_consumption || self.draw.percent(30);
            let breaker = (!self.is_consumption && self.draw.percent(50)).then(|| self.breaker());
            let said = match &breaker {
                Some(breaker) => breaker.clone(),
                None => json!({ "is there": !is_random }),
            };
            let form = self.draw.pick(&singles).form;
            let fits: Vec<_> = singles
                .iter()
                .filter(|single| {
                    let other = self.members.get(&single.reference);
                    single.form.fits(&form) && other.is_none_or(|other| *other == said)
                })
                .cloned()
                .collect();
            if fits.is_empty() || !self.backends.take(&self.own_prefix(), &[&name]) {
                continue;
            }
            let members = self.draw.some(&fits, 4);
            for member in &members {
                self.members.insert(member.reference.clone(), said.clone());
            }
            let models = members[0].models.clone();
            // The body goes on as it came, so all have to know the name.
            let is_same = members.iter().all(|member| member.models == models);
            pools.insert(name.clone(), self.pool(&members, is_random, breaker));
            self.targets.push(Target {
                reference: name,
                form,
                models: if is_same { models } else { Some(Vec::new()) },
            });
        }
        pools
    }

    fn pool(&mut self, members: &[Target], is_random: bool, breaker: Option<Value>) -> Value {
        // Without 429 among them another priority would hardly ever be used, which is refused.
        let statuses = breaker.as_ref().and_then(|breaker| breaker["statuses"].as_array());
        let has_priorities = statuses.is_none_or(|all| all.contains(&json!(429)));
        let mut all = Vec::new();
        for member in members {
            let mut one = json!({ "backend": member.reference });
            if !is_random {
                let (priority, weight) = (self.draw.between(0, 100), self.draw.between(1, 100));
                put(&mut one, "priority", (has_priorities && self.draw.percent(50)).then(|| priority.into()));
                put(&mut one, "weight", self.draw.percent(50).then(|| weight.into()));
            }
            all.push(one);
        }
        let mut pool = json!({ "members": all });
        if is_random {
            pool["balance"] = "random".into();
        } else {
            put(&mut pool, "balance", self.draw.percent(40).then(|| "pool".into()));
            let cookie = self.draw.pick(&["SessionId", "gw-session", "a.b_c"]);
            put(&mut pool, "sessionAffinity", self.draw.percent(25).then(|| json!({ "cookie": cookie })));
        }
        put(&mut pool, "circuitBreaker", breaker);
        if self.draw.percent(50) {
            pool["retry"] = self.retry(members.len() as u64);
        }
        if self.draw.percent(40) {
            let mut exhausted = json!({});
            let (status, after) = (self.draw.pick(&[429, 503, 400, 599]), self.draw.pick(&["1s", "10s", "2m"]));
            put(&mut exhausted, "status", self.draw.percent(70).then(|| status.into()));
            put(&mut exhausted, "retryAfter", self.draw.percent(70).then(|| after.into()));
            pool["exhausted"] = exhausted;
        }
        pool
    }

    fn breaker(&mut self) -> Value {
        let mut breaker = json!({});
        let failures = self.draw.pick(&[1, 3, 10_000]);
        put(&mut breaker, "failures", self.draw.percent(60).then(|| failures.into()));
        for key in ["within", "tripFor"] {
            let time = self.draw.pick(&["1s", "30s", "1m", "5m", "1h"]);
            put(&mut breaker, key, self.draw.percent(50).then(|| time.into()));
        }
        let statuses = self.statuses();
        put(&mut breaker, "statuses", self.draw.percent(50).then_some(statuses));
        let accepts = self.draw.percent(50);
        put(&mut breaker, "acceptRetryAfter", self.draw.percent(50).then(|| accepts.into()));
        breaker
    }

    fn retry(&mut self, members: u64) -> Value {
        let mut retry = json!({});
        let count = if self.draw.percent(20) { self.draw.between(1, 50) } else { (members - 1).max(1) };
        put(&mut retry, "count", self.draw.percent(50).then(|| count.into()));
        let statuses = self.statuses();
        put(&mut retry, "statuses", self.draw.percent(50).then_some(statuses));
        if self.draw.percent(50) {
            retry["interval"] = self.draw.pick(&["1s", "2s"]).into();
            if self.draw.percent(50) {
                retry["delta"] = self.draw.pick(&["1s", "3s"]).into();
                put(&mut retry, "maxInterval", self.draw.percent(50).then(|| "30s".into()));
            }
        }
        // Without an interval there is nothing that the first retry could wait for.
        let is_fast = retry.get("interval").is_none() || self.draw.percent(50);
        put(&mut retry, "firstFast", self.draw.percent(50).then(|| is_fast.into()));
        retry
    }

    fn statuses(&mut self) -> Value {
        let all = [json!(429), json!(500), json!("502-504"), json!("520-529"), json!(408)];
        self.draw.some(&all, 4).into()
    }
}
