//! Roles of Azure that the gateway's identity gets (reference arm-and-terraform §2.2).

use std::borrow::Cow;
use std::fmt;

/// A role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Calls models of an Azure OpenAI account.
    CognitiveServicesOpenAiUser,
    /// Calls everything of an Azure AI account.
    CognitiveServicesUser,
    /// Calls models and projects of a Foundry account.
    AzureAiUser,
    /// Builds in a Foundry account.
    AzureAiDeveloper,
    /// Reads secrets of a key vault.
    KeyVaultSecretsUser,
    /// Sends telemetry to an Application Insights component.
    MonitoringMetricsPublisher,
    /// One that the file names by its id.
    Other(RoleId),
}

impl Role {
    /// Those that have a name here.
    const NAMED: [Self; 6] = [
        Self::CognitiveServicesOpenAiUser,
        Self::CognitiveServicesUser,
        Self::AzureAiUser,
        Self::AzureAiDeveloper,
        Self::KeyVaultSecretsUser,
        Self::MonitoringMetricsPublisher,
    ];

    /// The role whose definition has this id; `None` if it is no GUID.
    pub fn of(id: &str) -> Option<Self> {
        let id = RoleId::parse(id)?;
        let named = Self::NAMED.into_iter().find(|role| role.id() == id);
        Some(named.unwrap_or(Self::Other(id)))
    }

    /// Its display name, as far as it is known.
    pub fn name(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::CognitiveServicesOpenAiUser => "Cognitive Services OpenAI User",
            Self::CognitiveServicesUser => "Cognitive Services User",
            // Renamed Foundry User in 2026, with the same id.
            Self::AzureAiUser => "Azure AI User",
            Self::AzureAiDeveloper => "Azure AI Developer",
            Self::KeyVaultSecretsUser => "Key Vault Secrets User",
            Self::MonitoringMetricsPublisher => "Monitoring Metrics Publisher",
            Self::Other(id) => return Cow::Owned(id.to_string()),
        })
    }

    /// The id of its definition.
    pub fn id(self) -> RoleId {
        RoleId(match self {
            Self::CognitiveServicesOpenAiUser => 0x5e0bd9bd_7b93_4f28_af87_19fc36ad61bd,
            Self::CognitiveServicesUser => 0xa97b65f3_24c7_4388_baec_2e87135dc908,
            Self::AzureAiUser => 0x53ca6127_db72_4b80_b1b0_d745d6d5456d,
            Self::AzureAiDeveloper => 0x64702f94_c441_49e6_a78b_ef80e0188fee,
            Self::KeyVaultSecretsUser => 0x4633458b_17de_408a_b874_0445c86b69e6,
            Self::MonitoringMetricsPublisher => 0x3913510d_42f4_4e42_8a64_420c390055eb,
            Self::Other(id) => return id,
        })
    }

    /// True if it is a built-in role of Azure.
    pub fn is_built_in(self) -> bool {
        !matches!(self, Self::Other(_))
    }

    /// True if it includes all rights of another one.
    pub fn covers(self, other: Self) -> bool {
        self == other || (self, other) == (Self::CognitiveServicesUser, Self::CognitiveServicesOpenAiUser)
    }
}

/// The id of a role's definition: a GUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoleId(u128);

impl RoleId {
    fn parse(text: &str) -> Option<Self> {
        let groups: Vec<&str> = text.split('-').collect();
        let lengths = groups.iter().map(|group| group.len());
        let is_guid = lengths.eq([8, 4, 4, 4, 12]);
        let digits = groups.concat();
        let is_hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u128::from_str_radix(&digits, 16).ok()?;
        (is_guid && is_hexadecimal).then_some(Self(number))
    }
}

impl fmt::Display for RoleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!("{:032x}", self.0);
        let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
        f.write_str(&parts.join("-"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_and_written() {
        let id = "0000000A-0000-0000-0000-00000000000b";
        let role = Role::of(id).unwrap();
        assert_eq!(role.id().to_string(), id.to_lowercase());
        assert_eq!(Role::of("A97B65F3-24c7-4388-baec-2e87135dc908"), Some(Role::CognitiveServicesUser));
        for text in ["", "0", "+0000000-0000-0000-0000-000000000000", "z"] {
            assert_eq!(Role::of(text), None, "{text}");
        }
    }
}
