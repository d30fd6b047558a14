//! Kinds of Azure AI accounts: how each is called, and with which rights (reference apim-policies §2.2, arm-and-terraform §2.2).

use super::surface::Surface;

/// A kind of account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccountKind {
    /// Azure OpenAI.
    AzureOpenAi,
}

impl AccountKind {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::AzureOpenAi => "Azure OpenAI",
        }
    }

    /// The role that calls its models, and no more.
    pub fn role(self) -> Role {
        match self {
            Self::AzureOpenAi => Role::CognitiveServicesOpenAiUser,
        }
    }

    /// How it is called in the shape of a surface; `None` if it does not know the surface.
    pub fn protocol(self, surface: Surface) -> Option<Protocol> {
        let path = match (self, surface) {
            (Self::AzureOpenAi, Surface::AzureOpenAi) => "/openai",
            (Self::AzureOpenAi, Surface::OpenAi) => "/openai/v1",
            (Self::AzureOpenAi, Surface::FoundryModels | Surface::Anthropic | Surface::Rest) => {
                return None;
            }
        };
        Some(Protocol {
            path,
            audience: "https://cognitiveservices.azure.com",
        })
    }

    /// The surface that an API in front of it has, unless the file says another one.
    pub fn surface(self) -> Surface {
        match self {
            Self::AzureOpenAi => Surface::AzureOpenAi,
        }
    }
}

/// How an account is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Protocol {
    /// Where the API lies behind the host, without a slash at the end.
    pub path: &'static str,
    /// Whom tokens are made out to.
    pub audience: &'static str,
}

/// A built-in role of Azure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Calls models of an Azure OpenAI account.
    CognitiveServicesOpenAiUser,
    /// Sends telemetry to an Application Insights component.
    MonitoringMetricsPublisher,
}

impl Role {
    /// Its display name.
    pub fn name(self) -> &'static str {
        match self {
            Self::CognitiveServicesOpenAiUser => "Cognitive Services OpenAI User",
            Self::MonitoringMetricsPublisher => "Monitoring Metrics Publisher",
        }
    }

    /// The id of its definition.
    pub fn id(self) -> &'static str {
        match self {
            Self::CognitiveServicesOpenAiUser => "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd",
            Self::MonitoringMetricsPublisher => "3913510d-42f4-4e42-8a64-420c390055eb",
        }
    }
}
