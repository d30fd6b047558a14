//! Web pages that may call: origins, and the headers that a call of this API takes.

use super::{Key, Resolver, requires_token};
use crate::catalogue::AUTHORIZATION;
use crate::catalogue::surface::Surface;
use crate::definition::Definition;
use crate::diag::{Code, Diagnostic, Location, Report};
use crate::model::{self, path_of};
use crate::resolve::name::HeaderName;

/// Web pages that may call.
#[derive(Debug, Clone)]
pub struct Cors {
    /// Their origins, each as a browser writes it; none: any.
    pub origins: Vec<String>,
    /// Methods that the API has.
    pub methods: Vec<String>,
    /// Headers that they may send; none: any.
    pub headers: Vec<HeaderName>,
}

/// The header for which a browser sends a preflight as soon as a body is JSON.
const CONTENT_TYPE: &str = "Content-Type";

impl Resolver<'_> {
    pub(super) fn cors(
        &self,
        key: Option<&Key>,
        definition: Option<&Definition>,
        surface: Surface,
        report: &mut Report,
    ) -> Option<Cors> {
        let cors = self.api.cors.as_ref()?;
        let origins = self.origins(&cors.origins, report);
        let needed = self.needed_headers(key, surface);
        let own = cors.headers.iter().map(String::as_str);
        let mut headers: Vec<HeaderName> = Vec::new();
        for header in needed.iter().map(String::as_str).chain(own.clone()) {
            let is_known = |other: &HeaderName| other.as_str().eq_ignore_ascii_case(header);
            if !headers.iter().any(is_known) {
                headers.push(HeaderName::parse(header).expect("shape: headers are tokens"));
            }
        }
        if own.clone().any(|header| header == "*") {
            headers.clear();
        }
        let methods = definition.map(methods).unwrap_or_default();
        Some(Cors { origins: origins?, methods, headers })
    }

    /// Without these no page could call.
    fn needed_headers(&self, key: Option<&Key>, surface: Surface) -> Vec<String> {
        let key = key.filter(|key| key.is_required);
        // A page must be able to send the header that it is counted by.
        let counted = match self.api.rate_limit.as_ref().and_then(|limit| limit.by.as_ref()) {
            Some(model::LimitBy::Header(key)) => Some(key.header.clone()),
            _ => None,
        };
        // The surface's own clients always send it, with or without `bearerKeys`.
        let sends = requires_token(self.api) || surface.clients_send_bearer_keys();
        let token = sends.then(|| AUTHORIZATION.to_owned());
        let key = key.map(|key| key.header.to_string());
        [Some(CONTENT_TYPE.to_owned()), key, token]
            .into_iter()
            .flatten()
            .chain(surface.browser_headers().map(str::to_owned))
            .chain(counted)
            .collect()
    }

    fn origins(&self, origins: &[String], report: &mut Report) -> Option<Vec<String>> {
        let path = self.path(&["cors", "origins"]);
        let at = |position: usize| Location::value(self.context.file, path_of(&path).index(position));
        let mut kept: Vec<String> = Vec::new();
        let mut is_right = true;
        for (position, origin) in origins.iter().enumerate() {
            if let Some(found) = wrong(origin, &at(position)) {
                report.push(found);
                is_right = false;
            } else if origin == "*" && origins.len() > 1 {
                report.push(
                    Code::Origin
                        .at(at(position))
                        .says("`*` cannot be combined with other origins")
                        .because("it allows all pages, so the other entries have no effect")
                        .help("remove `*`, or the other origins"),
                );
                is_right = false;
            } else if origin != "*" && !kept.contains(origin) {
                kept.push(origin.clone());
            }
        }
        is_right.then_some(kept)
    }
}

/// Methods of the operations, each once, in alphabetical order.
fn methods(definition: &Definition) -> Vec<String> {
    let all = definition.operations.iter();
    let mut methods: Vec<String> = all.map(|operation| operation.method.to_uppercase()).collect();
    methods.sort();
    methods.dedup();
    methods
}

/// The problem of an origin that no browser would send.
fn wrong(origin: &str, at: &Location) -> Option<Diagnostic> {
    let found = |because: &str| {
        Code::Origin
            .at(at.clone())
            .says(format!("`{}` is not a valid origin", crate::diag::neutral(origin)))
            .because(because)
    };
    let example = "write scheme and host as a browser sends them: `https://chat.contoso.com`";
    if origin == "*" {
        return None;
    }
    if origin == "null" {
        return Some(
            found("any sandboxed page and every local file has the origin `null`")
                .help("serve the page from a web server, and list its origin"),
        );
    }
    let Some((scheme, rest)) = origin.split_once("://") else {
        return Some(found("it has no scheme").help(example));
    };
    let (authority, path) = match rest.find('/') {
        Some(slash) => rest.split_at(slash),
        None => (rest, ""),
    };
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    if host.contains('*') {
        return Some(found("the service does not support wildcards in origins").help("list each host separately"));
    }
    let is_host = !host.is_empty()
        && host.split('.').all(|label| {
            let is_edge = |c: char| c.is_ascii_alphanumeric();
            label.starts_with(is_edge)
                && label.ends_with(is_edge)
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        });
    let is_port =
        |port: &str| port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0);
    if !is_host
        || port.is_some_and(|port| !is_port(port))
        || !["http", "https"].contains(&scheme.to_ascii_lowercase().as_str())
    {
        return Some(found("an origin is `http` or `https`, a host, and optionally a port").help(example));
    }
    let usual = matches!((scheme.to_ascii_lowercase().as_str(), port), ("https", Some("443")) | ("http", Some("80")));
    let port = port.filter(|_| !usual).map(|port| format!(":{port}"));
    let browser = format!("{scheme}://{host}{}", port.unwrap_or_default()).to_ascii_lowercase();
    (browser != origin).then(|| {
        let why = if !path.is_empty() {
            "an origin ends with the host or port"
        } else if usual {
            "browsers omit the default port"
        } else {
            "browsers send origins in lower case"
        };
        found(why).help(format!("write `{browser}`"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Source, Sources, YamlPath};

    #[test]
    fn origins() {
        let file: FileId = Sources::default().add(Source::new("g.yaml", ""));
        let at = Location::value(file, YamlPath::root());
        let suggestion = |origin: &str| wrong(origin, &at).map(|found| found.help[0].clone());
        for right in ["*", "https://a.b", "http://localhost:3000", "https://a-b.c:8443"] {
            assert_eq!(suggestion(right), None, "{right}");
        }
        for (wrong, right) in [
            ("https://a.b/", "https://a.b"),
            ("https://a.b/x?y", "https://a.b"),
            ("HTTPS://A.b", "https://a.b"),
            ("https://a.b:443", "https://a.b"),
        ] {
            assert_eq!(suggestion(wrong), Some(format!("write `{right}`")), "{wrong}");
        }
        for wrong in [
            "",
            "a.b",
            "null",
            "https://*.a.b",
            "ftp://a.b",
            "https://",
            "https://a b",
            "https://a.b:0",
            "https://a..b",
        ] {
            assert!(suggestion(wrong).is_some(), "{wrong}");
        }
    }
}
