//! What is logged, in both targets.

/// Headers of a backend's answer that tell attempts apart and hold nothing secret: who answered, and how much it has left.
pub(super) const LOGGED_HEADERS: [&str; 4] = [
    "Retry-After",
    "x-ms-region",
    "x-ratelimit-remaining-requests",
    "x-ratelimit-remaining-tokens",
];
