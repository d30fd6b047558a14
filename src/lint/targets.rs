//! The targets that APIs name, as far as they could be resolved.

use crate::diag::Location;
use crate::resolve::destination::split;
use crate::resolve::name::Name;
use crate::resolve::{Api, Backend, Pool, Resolution};

/// A target as the file names it.
pub(super) struct Named<'a> {
    /// The location of the reference.
    pub(super) at: Location,
    /// Its target.
    pub(super) to: To<'a>,
}

/// The destination of a target.
pub(super) enum To<'a> {
    Backend(&'a Backend),
    Pool(&'a Pool),
}

impl<'a> Named<'a> {
    /// The backends that requests reach.
    pub(super) fn backends(&self, resolution: &'a Resolution<'_>) -> Vec<&'a Backend> {
        match self.to {
            To::Backend(backend) => vec![backend],
            To::Pool(pool) => {
                let members = pool.members.iter();
                members.map(|member| &resolution.parts.backends[&member.to.backend]).collect()
            }
        }
    }
}

/// The target of an API, or those of its models.
pub(super) fn targets<'a>(resolution: &'a Resolution<'_>, api: &Api) -> Vec<Named<'a>> {
    let key = api.name.as_str();
    let written = &resolution.written().apis[key];
    let target = written.target.iter().map(|target| (resolution.value(&["apis", key, "target"]), target));
    let models = written.models.iter().flatten();
    let models = models.map(|(model, target)| (resolution.value(&["apis", key, "models", model]), target));
    let parts = &resolution.parts;
    let named = target.chain(models).filter_map(|(at, target)| {
        let (name, _) = split(target);
        let name = Name::parse(name)?;
        let backend = parts.backends.get(&name).map(To::Backend);
        let pool = || parts.pools.get(&name).map(To::Pool);
        Some(Named { at, to: backend.or_else(pool)? })
    });
    named.collect()
}
