//! The HTTP API of InfluxDB OSS v2.
//!
//! Purpose: routes, the caller behind a request, parameters and bodies, and errors in the words clients know. Stateless:
//! what it knows it asks of the catalog, what it does it does through the services it is handed.
//!
//! Invariants: no path but the contract's unauthenticated ones reaches a handler without a known caller; a handler
//! holds an authorizing catalog and nothing unchecked; every path of the contract answers, built or not; every
//! body read has a limit; every error is a [`weir_model::Error`] turned into HTTP in one place ([`error`]).
//!
//! It deliberately does not know how tokens are checked, how resources are stored, how lines are parsed, where
//! points go, or what a query means.

mod error;
mod extract;
mod json;
mod metrics;
mod params;
mod predicate;
mod time;
