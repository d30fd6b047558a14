//! Kinds of Azure AI accounts: how each is called, and with which rights (reference apim-policies §2.2, arm-and-terraform §2.2).

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

    /// Whom tokens are made out to.
    pub fn audience(self) -> &'static str {
        match self {
            Self::AzureOpenAi => "https://cognitiveservices.azure.com",
        }
    }

    /// Where its API lies behind the host, without a slash at the end.
    pub fn base_path(self) -> &'static str {
        match self {
            Self::AzureOpenAi => "/openai",
        }
    }

    /// The header in which it looks for a key of its own, and its clients show theirs.
    pub fn key_header(self) -> &'static str {
        match self {
            Self::AzureOpenAi => "api-key",
        }
    }

    /// The version of its API for callers that name none; it refuses requests without one.
    pub fn api_version(self) -> &'static str {
        match self {
            Self::AzureOpenAi => "2024-10-21",
        }
    }
}

/// A built-in role of Azure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Calls models of an Azure OpenAI account.
    CognitiveServicesOpenAiUser,
}

impl Role {
    /// Its display name.
    pub fn name(self) -> &'static str {
        match self {
            Self::CognitiveServicesOpenAiUser => "Cognitive Services OpenAI User",
        }
    }

    /// The id of its definition.
    pub fn id(self) -> &'static str {
        match self {
            Self::CognitiveServicesOpenAiUser => "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd",
        }
    }
}
