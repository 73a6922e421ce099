//! Handlers, one file a group of the contract.

mod authorizations;
mod buckets;
mod builder;
pub(crate) mod contract;
mod dbrps;
mod delete;
mod flux_tools;
mod labels;
mod legacy_authorizations;
mod me;
mod members;
mod orgs;
mod query;
mod session;
mod setup;
mod system;
mod users;
mod v1;
mod write;

pub(crate) use builder::{Matched, Routes};

/// Every handler there is.
pub(crate) fn all() -> Routes {
    let groups = [
        system::routes,
        setup::routes,
        session::routes,
        me::routes,
        users::routes,
        orgs::routes,
        buckets::routes,
        authorizations::routes,
        legacy_authorizations::routes,
        labels::routes,
        dbrps::routes,
        write::routes,
        delete::routes,
        query::routes,
        flux_tools::routes,
        v1::routes,
    ];
    groups.into_iter().fold(Routes::default(), |routes, group| group(routes))
}
