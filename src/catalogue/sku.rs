//! The SKUs of API Management (apim-policies §5), and the tiers that decide what a policy may be.

use std::fmt;

/// A SKU as ARM spells it (reference §5, columns of the resource limits).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sku {
    /// Developer, classic, without a service level.
    Developer,
    /// Basic, classic.
    Basic,
    /// Standard, classic.
    Standard,
    /// Premium, classic.
    Premium,
    /// Basic of the v2 tiers.
    BasicV2,
    /// Standard of the v2 tiers.
    StandardV2,
    /// Premium of the v2 tiers.
    PremiumV2,
    /// Consumption, billed by the call.
    Consumption,
}

/// The three families of SKUs that policies distinguish (reference §2.0, columns).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Developer, Basic, Standard, Premium.
    Classic,
    /// The v2 tiers.
    V2,
    /// Consumption.
    Consumption,
}

impl Sku {
    /// Every SKU (reference §5).
    pub const ALL: [Self; 8] = [
        Self::Developer,
        Self::Basic,
        Self::Standard,
        Self::Premium,
        Self::BasicV2,
        Self::StandardV2,
        Self::PremiumV2,
        Self::Consumption,
    ];

    /// The family that decides which policies are allowed (reference §2.0).
    pub const fn tier(self) -> Tier {
        match self {
            Self::Developer | Self::Basic | Self::Standard | Self::Premium => Tier::Classic,
            Self::BasicV2 | Self::StandardV2 | Self::PremiumV2 => Tier::V2,
            Self::Consumption => Tier::Consumption,
        }
    }

    /// The name in ARM's `sku.name` (reference §5).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Developer => "Developer",
            Self::Basic => "Basic",
            Self::Standard => "Standard",
            Self::Premium => "Premium",
            Self::BasicV2 => "BasicV2",
            Self::StandardV2 => "StandardV2",
            Self::PremiumV2 => "PremiumV2",
            Self::Consumption => "Consumption",
        }
    }
}

impl fmt::Display for Sku {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
