//! Which one of a list of the plan is meant: `plan[id]` is the thing itself.

macro_rules! ids {
    ($($(#[$doc:meta])+ $id:ident)*) => { $(
        $(#[$doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $id(usize);

        impl $id {
            /// The thing at a position of its list.
            pub(super) fn at(position: usize) -> Self {
                Self(position)
            }

            /// The position in its list.
            pub fn position(self) -> usize {
                self.0
            }
        }
    )* };
}
ids! {
    /// One of `Plan::accounts`.
    AccountId
    /// One of `Plan::account_backends`.
    AccountBackendId
    /// One of `Plan::vaults`.
    VaultId
    /// One of `Plan::named_values`.
    NamedValueId
    /// One of `Plan::breakers`.
    BreakerId
    /// One of `Plan::backends`.
    BackendId
    /// One of `Plan::pools`.
    PoolId
}
