//! The HTTP API of InfluxDB OSS v2.
//!
//! Purpose: routes, the caller behind a request, parameters and bodies, and errors in the words clients know. Stateless:
//! what it knows it asks of the catalog, what it does it does through the services it is handed.
//!
//! Invariants: no path but the contract's unauthenticated ones reaches a handler without a known caller; a handler
//! holds an authorizing catalog and nothing unchecked (setup, on a server that has nobody yet, is the exception);
//! every path of the contract answers, built or not; every body read has a limit; every error is a
//! [`weir_model::Error`] turned into HTTP in one place.
//!
//! It deliberately does not know how tokens are checked, how resources are stored, how lines are parsed, where
//! points go, or what a query means.

mod entrance;
mod error;
mod extract;
mod json;
mod metrics;
mod middleware;
mod openapi;
mod params;
mod predicate;
mod readiness;
mod remote;
mod routes;
mod server;
mod services;
mod state;
mod templates;
mod time;

pub use entrance::Entrance;
pub use metrics::{Collector, Metrics, header as metrics_header};
pub use middleware::App;
pub use readiness::{Check, Checks, health as health_answer, refusal};
pub use server::serve;
pub use services::Writer;
pub use state::{Gateway, Parts, Settings};

/// The version of InfluxDB whose behaviour is matched: clients look at it to decide what they may ask for.
pub const COMPATIBLE_VERSION: &str = "v2.9.1";
/// What this server really is.
pub const BUILD: &str = concat!("weir-", env!("CARGO_PKG_VERSION"));

#[cfg(test)]
mod tests;
