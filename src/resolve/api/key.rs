//! Who may call: the key that an API asks for, and the subscriptions that hold keys.

use std::collections::BTreeSet;

use super::{KEY_HEADER, Key, Resolver};
use crate::catalogue::deployment::{MOST_RESOURCES, ROOM};
use crate::catalogue::surface::Surface;
use crate::catalogue::{FIXED_HEADERS, RESERVED_HEADERS};
use crate::diag::{Code, Place, Report};
use crate::model;
use crate::resolve::name::{HeaderName, Name, ResourceName};
use crate::resolve::space::Names;

/// Keys of one API: they are in one file with it.
const MOST_KEYS: usize = MOST_RESOURCES - ROOM;

impl Resolver<'_> {
    /// Whether callers show a key.
    pub(super) fn asks_key(&self) -> bool {
        let auth = self.api.auth.as_ref();
        auth.and_then(|auth| auth.subscription_key) != Some(model::KeyRequirement::None)
    }

    /// Whether callers show a token.
    pub(super) fn asks_token(&self) -> bool {
        let auth = self.api.auth.as_ref();
        auth.is_some_and(|auth| auth.entra.is_some())
    }

    pub(super) fn auth(&self, surface: Surface, report: &mut Report) -> Option<Key> {
        let auth = self.api.auth.as_ref();
        let is_required = self.asks_key();
        let has_keys = !self.api.subscriptions.is_empty();
        if is_required && !has_keys && self.context.gateway.tenancy.is_none() {
            report.push(
                Code::NobodyCalls
                    .at(self.at(&[]))
                    .says(format!("API `{}` has no subscription, so no caller can use it", self.key))
                    .because("it requires a subscription key, but the file defines no subscription for it")
                    .help(match self.asks_token() {
                        true => "list the callers: `subscriptions: [first-team]`, or accept tokens only: `subscriptionKey: none`",
                        false => "list the callers: `subscriptions: [first-team]`",
                    }),
            );
        }
        if !is_required && has_keys {
            report.push(
                Code::KeysWithoutUse
                    .at(self.at(&["subscriptions"]))
                    .says(format!("API `{}` has subscriptions but requires no key", self.key))
                    .because("callers would believe that their keys are required")
                    .also(self.value(&["auth", "subscriptionKey"]), "no key is required because of this")
                    .help("remove `subscriptions`, or `subscriptionKey: none`"),
            );
        } else if !is_required && !self.asks_token() {
            let who = match self.api.ip_filter {
                Some(_) => "everyone at the listed addresses",
                None => "everyone",
            };
            report.push(
                Code::AnybodyCalls
                    .at(self.value(&["auth", "subscriptionKey"]))
                    .says(format!("{who} can call API `{}`", self.key))
                    .because("it requires neither a key nor a token")
                    .help("remove `subscriptionKey: none`, unless a component in front of the gateway authenticates callers"),
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
        Some(Key { is_required, header: HeaderName::parse(header).expect("shape: keyHeader is a token") })
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
            let at = Place::value(self.context.file, self.context.path(&self.path(&["subscriptions"])).index(position));
            // The schema reports one that stands twice.
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
