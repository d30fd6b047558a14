//! Hosts of Azure services, recognised by name: the audience of tokens for them, and hosts that must not receive these tokens.

use super::kind::Host;

/// Domains below which Microsoft runs the services.
const AZURES: [&str; 6] = ["azure.com", "azure.net", "windows.net", "microsoft.com", "azure.us", "azure.cn"];

/// Domains below which customers run machines and applications of their own.
const CUSTOMERS: [&str; 4] = ["cloudapp.azure.com", "azure-api.net", "azurewebsites.net", "azurecontainerapps.io"];

/// The audience of tokens for a host, where its name determines it (reference apim-policies §2.2).
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

/// True if a host belongs to an Azure service, which no customer runs.
pub fn is_azures(host: &str) -> bool {
    let any = |domains: &[&str]| domains.iter().any(|domain| is_below(host, domain));
    any(&AZURES) && !any(&CUSTOMERS)
}

/// Client ids of Microsoft services that may be a token's audience in place of a URL: Microsoft Graph, the old Graph, Azure Resource
/// Manager and Cognitive Services (Microsoft Entra documentation, "Verify first-party Microsoft applications").
const SERVICES: [&str; 4] = [
    "00000003-0000-0000-c000-000000000000",
    "00000002-0000-0000-c000-000000000000",
    "797f4846-ba00-4fd7-ba43-dac1f8f63013",
    "7d312290-28c8-473c-a0ed-8e53749b6d6d",
];

/// The host of a URL, with its port; of what has no scheme the part in front of the first slash.
pub fn of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default()
}

/// True if tokens with this audience are for a Microsoft service.
pub fn is_audience_of_azures(audience: &str) -> bool {
    let is_url = audience.starts_with("https://");
    is_url && is_azures(of(audience)) || SERVICES.iter().any(|id| id.eq_ignore_ascii_case(audience))
}

/// True if a host, with a port or without, is a domain or in it. Case does not matter.
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
    fn audiences_of_azures() {
        for audience in [
            "https://graph.microsoft.com",
            "https://cognitiveservices.azure.com/",
            "https://management.core.windows.net/",
            "00000003-0000-0000-C000-000000000000",
        ] {
            assert!(is_audience_of_azures(audience), "{audience}");
        }
        for audience in [
            "api://ai",
            "https://ai.contoso.com",
            "https://app.azurewebsites.net",
            "22222222-2222-2222-2222-222222222222",
        ] {
            assert!(!is_audience_of_azures(audience), "{audience}");
        }
    }

    #[test]
    fn machines_of_customers_are_not_azures() {
        for host in ["management.azure.com", "kv.vault.azure.net", "AZURE.com:443"] {
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
