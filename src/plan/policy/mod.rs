//! Stub until the merge.
use super::catalogue::Resource;
use crate::resolve::name::ResourceName;
use crate::resolve::{Api, Resolved};

#[derive(Debug)]
pub struct Document(Vec<String>);
#[derive(Debug)]
pub enum Reference<'a> {
    Resource(Resource, &'a str),
    NamedValue(&'a str),
}
impl Document {
    pub fn references(&self) -> impl Iterator<Item = Reference<'_>> {
        self.0
            .iter()
            .map(|n| Reference::Resource(Resource::Backend, n))
    }
}
pub fn identity_client_id(prefix: &str) -> ResourceName {
    ResourceName::join(prefix, &["identity-client-id"]).unwrap()
}
pub fn api(resolved: &Resolved, api: &Api) -> Document {
    use crate::resolve::{Routes, Target};
    let backend = &resolved.backends[api.routes.backend()];
    Document(match (&api.routes, &backend.target) {
        (Routes::Http { resource, .. }, _) => vec![resource.to_string()],
        (Routes::Deployment { deployment, .. }, _) => vec![deployment.resource.to_string()],
        (Routes::Deployments { deployments, .. }, _) => {
            deployments.iter().map(|d| d.resource.to_string()).collect()
        }
        (Routes::Account { .. }, Target::AzureOpenAi { account, .. }) => {
            vec![account.resource.to_string()]
        }
        _ => vec![],
    })
}
