//! The OpenAPI document of what this server serves, one file a group of the contract.
//!
//! Written by hand in a few words an operation ([`builder`]) from a few kinds of schemas ([`schema`]); a test holds it
//! against the table of the contract, and a client drives the server by it. Operations of paths that are not built yet
//! are described as well, and left out of what is answered.

mod authorizations;
mod backup;
mod buckets;
mod builder;
mod dashboards;
mod data;
mod debug;
mod labels;
mod monitoring;
mod orgs;
mod private;
mod remotes;
mod schema;
mod sources;
mod system;
mod tasks;
mod telegrafs;
mod templates;
mod users;
mod variables;

use std::sync::LazyLock;

use builder::Document;
use serde_json::Value;

use crate::routes::contract::{CONTRACT, State};

/// Everything that is described, built or not.
pub(crate) fn described() -> Document {
    let groups = [
        system::describe,
        users::describe,
        orgs::describe,
        authorizations::describe,
        buckets::describe,
        labels::describe,
        data::describe,
        variables::describe,
        dashboards::describe,
        telegrafs::describe,
        sources::describe,
        tasks::describe,
        monitoring::describe,
        templates::describe,
        remotes::describe,
        private::describe,
        backup::describe,
        debug::describe,
    ];
    let mut document = Document::default();
    for describe in groups {
        describe(&mut document);
    }
    document
}

/// The document, as it is answered.
pub(crate) fn document() -> &'static Value {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
        let built = |path: &str| CONTRACT.iter().any(|row| row.path == path && row.state == State::Served);
        described().into_json(built)
    });
    &DOCUMENT
}

#[cfg(test)]
mod tests;
