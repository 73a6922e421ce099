//! Handlers, one file a group of the contract.

mod annotations;
mod authorizations;
mod buckets;
mod builder;
mod cells;
pub(crate) mod contract;
mod dashboards;
mod dbrps;
mod debug;
mod delete;
mod flux_tools;
mod labels;
mod legacy_authorizations;
mod me;
mod members;
mod monitoring;
mod notebooks;
mod openapi;
mod orgs;
mod query;
mod remotes;
mod replications;
mod scrapers;
mod secrets;
mod session;
mod setup;
mod sources;
mod stacks;
mod streams;
mod system;
mod tasks;
mod telegraf_plugins;
mod telegrafs;
mod templates;
mod users;
mod v1;
mod variables;
mod write;

pub(crate) use builder::{Matched, Routes};

/// Every handler there is.
pub(crate) fn all() -> Routes {
    let groups = [
        system::routes,
        debug::routes,
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
        variables::routes,
        secrets::routes,
        telegrafs::routes,
        telegraf_plugins::routes,
        dashboards::routes,
        cells::routes,
        scrapers::routes,
        sources::routes,
        monitoring::routes,
        tasks::routes,
        openapi::routes,
        remotes::routes,
        replications::routes,
        notebooks::routes,
        annotations::routes,
        streams::routes,
        stacks::routes,
        templates::routes,
        write::routes,
        delete::routes,
        query::routes,
        flux_tools::routes,
        v1::routes,
    ];
    groups.into_iter().fold(Routes::default(), |routes, group| group(routes))
}
