//! Subscription keys: the key that an API requires, and the subscriptions that have keys.

use std::collections::{BTreeMap, BTreeSet};

use super::{Api, KEY_HEADER, Key, Resolver};
use crate::catalogue::deployment::{MOST_RESOURCES, ROOM};
use crate::catalogue::surface::Surface;
use crate::catalogue::{FIXED_HEADERS, RESERVED_HEADERS};
use crate::diag::{Code, Location, Report};
use crate::model::{self, path_of};
use crate::resolve::backend::Target;
use crate::resolve::context::Context;
use crate::resolve::credential::Credential;
use crate::resolve::destination::Destination;
use crate::resolve::name::{HeaderName, Name, ResourceName};
use crate::resolve::reference::KnownTargets;
use crate::resolve::space::Names;

/// Keys of one API: they are in one file with it.
const MOST_KEYS: usize = MOST_RESOURCES - ROOM;

/// True if callers send a key.
pub fn requires_key(api: &model::Api) -> bool {
    let auth = api.auth.as_ref();
    auth.and_then(|auth| auth.subscription_key) != Some(model::KeyRequirement::None)
}

/// True if callers send a token.
pub fn requires_token(api: &model::Api) -> bool {
    let auth = api.auth.as_ref();
    auth.is_some_and(|auth| auth.entra.is_some())
}

/// Reports keys in `Authorization` where a backend is to receive that header as the caller's own.
pub(super) fn report_passed_on(
    context: &Context<'_>,
    apis: &BTreeMap<Name, Api>,
    known: KnownTargets<'_>,
    report: &mut Report,
) {
    let passes = |name: &Name| {
        let target = known.backends.get(name).map(|backend| &backend.target);
        matches!(target, Some(Target::Http { credential: Credential::PassThrough, .. }))
    };
    for (name, api) in apis.iter().filter(|(_, api)| api.key.is_bearer) {
        let reaches = |to: &Destination| match to {
            Destination::Backend(one) => passes(&one.backend),
            Destination::Pool(pool) => {
                let pool = known.pools.and_then(|pools| pools.get(pool));
                pool.is_some_and(|pool| pool.members.iter().any(|member| passes(&member.to.backend)))
            }
        };
        if let Some(to) = api.routes.destinations().find(|to| reaches(to)) {
            report.push(
                Code::BearerKeys
                    .at(context.key(&["apis", name.as_str(), "auth", "bearerKeys"]))
                    .says(format!("API `{name}` cannot read keys from `Authorization`"))
                    .because(format!("the header is passed on to `{}`, which would receive the key", to.name()))
                    .help("remove `bearerKeys`, or give the backend another `credential` than `passThrough`"),
            );
        }
    }
}

impl Resolver<'_> {
    pub(super) fn auth(&self, surface: Surface, report: &mut Report) -> Option<Key> {
        let auth = self.api.auth.as_ref();
        let is_required = requires_key(self.api);
        let has_keys = !self.api.subscriptions.is_empty();
        if !is_required && has_keys {
            report.push(
                Code::UnusedKeys
                    .at(self.at(&["subscriptions"]))
                    .says(format!("API `{}` has subscriptions but requires no key", self.key))
                    .because("callers would believe that their keys are required")
                    .also(self.value(&["auth", "subscriptionKey"]), "no key is required because of this")
                    .help("remove `subscriptions`, or `subscriptionKey: none`"),
            );
        }
        let default = surface.key_header().unwrap_or(KEY_HEADER);
        let header = auth.and_then(|auth| auth.key_header.as_deref()).unwrap_or(default);
        let is_fixed = FIXED_HEADERS.iter().any(|fixed| fixed.eq_ignore_ascii_case(header));
        if is_fixed || RESERVED_HEADERS.contains(&header.to_ascii_lowercase().as_str()) {
            report.push(
                Code::ReservedHeader
                    .at(self.value(&["auth", "keyHeader"]))
                    .says(format!("the header `{header}` cannot be used for the subscription key"))
                    .because("HTTP or the gateway uses this header for something else")
                    .help(format!("use another header, such as `{default}`")),
            );
            return None;
        }
        let is_bearer = auth.and_then(|auth| auth.bearer_keys) == Some(true);
        let conflict = if requires_token(self.api) {
            Some((["auth", "entra"], "the header contains the token of `entra`", "remove one of the two"))
        } else if !is_required {
            let help = "remove `bearerKeys`, or `subscriptionKey: none`";
            Some((["auth", "subscriptionKey"], "the API requires no key", help))
        } else {
            None
        };
        if let (true, Some((other, because, help))) = (is_bearer, conflict) {
            report.push(
                Code::BearerKeys
                    .at(self.at(&["auth", "bearerKeys"]))
                    .says(format!("API `{}` cannot read keys from `Authorization`", self.key))
                    .because(because)
                    .also(self.at(&other), "because of this")
                    .help(help),
            );
        }
        let header = HeaderName::parse(header).expect("shape: keyHeader is a token");
        Some(Key { is_required, header, is_bearer })
    }

    pub(super) fn subscriptions(&self, names: &mut Names, report: &mut Report) -> Vec<(Name, ResourceName)> {
        let all = &self.api.subscriptions;
        if all.len() > MOST_KEYS {
            report.push(
                Code::TooManyKeys
                    .at(self.at(&["subscriptions"]))
                    .says(format!("API `{}` has {} subscriptions", self.key, all.len()))
                    .because(format!("one deployment can create {MOST_KEYS}"))
                    .help("split the API, or let callers share a key"),
            );
        }
        let mut unique = BTreeSet::new();
        let mut subscriptions = Vec::new();
        for (position, name) in all.iter().enumerate() {
            let at = Location::value(self.context.file, path_of(&self.path(&["subscriptions"])).index(position));
            // The schema reports duplicates.
            if !unique.insert(name) {
                continue;
            }
            let called = format!("{}/{name}", self.key);
            let parts = [self.key, name.as_str()];
            if let Some(resource) = names.take(&self.service.prefix, &parts, called, at, report) {
                let name = Name::parse(name).expect("shape: subscriptions are names");
                subscriptions.push((name, resource));
            }
        }
        subscriptions.sort();
        subscriptions
    }
}
