//! Kinds of Azure AI accounts: how each is called (reference apim-policies §2.2, arm-and-terraform §2.1).

use super::role::Role;
use super::surface::Surface;

/// A kind of account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccountKind {
    /// Azure OpenAI.
    AzureOpenAi,
    /// Microsoft Foundry.
    Foundry,
    /// Azure AI Content Safety.
    ContentSafety,
}

impl AccountKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::AzureOpenAi, Self::Foundry, Self::ContentSafety];

    /// Its name in the file.
    pub fn word(self) -> &'static str {
        match self {
            Self::AzureOpenAi => "azureOpenAI",
            Self::Foundry => "foundry",
            Self::ContentSafety => "contentSafety",
        }
    }

    /// Its display name.
    pub fn name(self) -> &'static str {
        match self {
            Self::AzureOpenAi => "Azure OpenAI",
            Self::Foundry => "Microsoft Foundry",
            Self::ContentSafety => "Azure AI Content Safety",
        }
    }

    /// The built-in role that calls it, whatever the surface, and as little more as there is.
    pub fn role(self) -> Role {
        match self {
            Self::AzureOpenAi => Role::CognitiveServicesOpenAiUser,
            Self::Foundry | Self::ContentSafety => Role::CognitiveServicesUser,
        }
    }

    /// The built-in role that calls it with one surface. Cognitive Services User also lists keys; the Azure OpenAI API of an account
    /// needs no more than its own role (reference apim-policies §2.2).
    pub fn role_for(self, surface: Surface) -> Role {
        match (self, surface) {
            (Self::Foundry, Surface::AzureOpenAi) => Role::CognitiveServicesOpenAiUser,
            _ => self.role(),
        }
    }

    /// The API of the account for a surface; `None` if it does not support the surface.
    pub fn protocol(self, surface: Surface) -> Option<Protocol> {
        let (host, path) = match (self, surface) {
            (Self::AzureOpenAi | Self::Foundry, Surface::AzureOpenAi) => (Host::Endpoint, "/openai"),
            (Self::AzureOpenAi, Surface::OpenAi) => (Host::Endpoint, "/openai/v1"),
            (Self::Foundry, Surface::OpenAi) => (Host::Foundry, "/openai/v1"),
            (Self::Foundry, Surface::FoundryModels) => (Host::Foundry, "/models"),
            (Self::Foundry, Surface::Anthropic) => (Host::Foundry, "/anthropic"),
            (Self::ContentSafety, Surface::Rest) => (Host::Endpoint, ""),
            (Self::AzureOpenAi, Surface::FoundryModels | Surface::Anthropic | Surface::Rest)
            | (Self::Foundry, Surface::Rest)
            | (
                Self::ContentSafety,
                Surface::AzureOpenAi | Surface::OpenAi | Surface::FoundryModels | Surface::Anthropic,
            ) => return None,
        };
        Some(Protocol { host, path })
    }

    /// The surfaces that it knows.
    pub fn surfaces(self) -> impl Iterator<Item = Surface> {
        let all = Surface::ALL.iter().copied();
        all.filter(move |surface| self.protocol(*surface).is_some())
    }

    /// The surface of an API in front of it, unless the file sets another one.
    pub fn surface(self) -> Surface {
        match self {
            Self::AzureOpenAi => Surface::AzureOpenAi,
            Self::Foundry => Surface::FoundryModels,
            Self::ContentSafety => Surface::Rest,
        }
    }

    /// True if it has deployments of models.
    pub fn has_deployments(self) -> bool {
        match self {
            Self::AzureOpenAi | Self::Foundry => true,
            Self::ContentSafety => false,
        }
    }
}

/// An API of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Protocol {
    /// The host of the account.
    pub host: Host,
    /// The path of the API after the host, without a trailing slash.
    pub path: &'static str,
}

impl Protocol {
    /// The token's audience.
    pub fn audience(self) -> &'static str {
        self.host.audience()
    }
}

/// A host of an account. Tokens are for one or the other (reference apim-policies §2.2: the audience tracks the host).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Host {
    /// The host of the account's `endpoint`.
    Endpoint,
    /// `<subdomain>.services.ai.azure.com`, which the account's `endpoints` name `AI Foundry API`.
    Foundry,
}

impl Host {
    /// The audience of tokens for it.
    pub fn audience(self) -> &'static str {
        match self {
            Self::Endpoint => "https://cognitiveservices.azure.com",
            Self::Foundry => "https://ai.azure.com",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_speaks_its_own_surface() {
        for kind in AccountKind::ALL {
            assert!(kind.protocol(kind.surface()).is_some(), "{}", kind.word());
        }
    }
}
