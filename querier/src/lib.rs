//! The querier role: runs queries and answers them as bytes.
//!
//! Purpose: a [`Querier`] is a [`weir_proto::QueryService`] over the Flux engine. It admits queries (so many at once, so
//! many waiting), gives each a thread of its own and the world as its caller may see it, and writes the answer piece by
//! piece into a channel that is as long as the reader lets it.
//!
//! Invariants:
//! - an error before the first bytes is an `Err` with its code; a later one is the answer's last table;
//! - whoever drops the answer, or the wait for it, cancels the query;
//! - a panic in a query is an internal error of that query and nothing else;
//! - a query sees buckets through the authorizing catalog with the caller's own permissions, and through nothing else.
//!
//! It deliberately does not know HTTP, how scripts mean what they mean, where rows are, or how they get to ingesters.

mod answer;
mod databases;
mod deep_json;
mod desk;
mod influxql;
mod metrics;
mod mqtt;
mod options;
mod outgoing;
mod querier;
mod running;
mod script;
mod slots;
mod world;

pub use desk::Desk;
pub use options::Options;
pub use querier::{Querier, World};

#[cfg(test)]
mod tests;
