//! Hosts of Azure's services, as names tell them: whom tokens for them are made out to, and who else must not get these.

use super::kind::Host;

/// Domains below which Microsoft runs the services.
const AZURES: [&str; 6] = [
    "azure.com",
    "azure.net",
    "windows.net",
    "microsoft.com",
    "azure.us",
    "azure.cn",
];

/// Domains below which customers run machines and applications of their own.
const CUSTOMERS: [&str; 4] = [
    "cloudapp.azure.com",
    "azure-api.net",
    "azurewebsites.net",
    "azurecontainerapps.io",
];

/// The audience of tokens for a host, where its name tells it (reference apim-policies §2.2).
pub fn audience(host: &str) -> Option<&'static str> {
    let services = [
        ("services.ai.azure.com", Host::Foundry),
        ("openai.azure.com", Host::Endpoint),
        ("cognitiveservices.azure.com", Host::Endpoint),
    ];
    let mut services = services.into_iter();
    let found = services.find(|(domain, _)| is_below(host, domain));
    found.map(|(_, host)| host.audience())
}

/// Whether a host is one of Azure's services, which no customer runs.
pub fn is_azures(host: &str) -> bool {
    let any = |domains: &[&str]| domains.iter().any(|domain| is_below(host, domain));
    any(&AZURES) && !any(&CUSTOMERS)
}

/// Whether a host, with a port or without, is a domain or in it. Case does not matter.
fn is_below(host: &str, domain: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let host = host.split(':').next().unwrap_or_default();
    let rest = host.strip_suffix(domain);
    rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_audience_follows_the_host() {
        let endpoint = Some("https://cognitiveservices.azure.com");
        for (host, expected) in [
            ("x.OpenAI.azure.com", endpoint),
            ("x.cognitiveservices.azure.com:443", endpoint),
            ("x.services.ai.azure.com", Some("https://ai.azure.com")),
            ("openai.azure.com.evil.example", None),
            ("evilopenai.azure.com.example", None),
            ("weather.contoso.com", None),
            ("", None),
        ] {
            assert_eq!(audience(host), expected, "{host}");
        }
    }

    #[test]
    fn machines_of_customers_are_not_azures() {
        for host in [
            "management.azure.com",
            "kv.vault.azure.net",
            "AZURE.com:443",
        ] {
            assert!(is_azures(host), "{host}");
        }
        for host in [
            "vm.westeurope.cloudapp.azure.com",
            "app.azurewebsites.net",
            "notazure.com",
            "azure.com.evil.example",
            "api:",
        ] {
            assert!(!is_azures(host), "{host}");
        }
    }
}
