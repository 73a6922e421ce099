//! The operator against a real API server and a real Weir. Run by `tests/k8s/run`.
// All of this is test code, where a failure is a panic.
#![allow(clippy::unwrap_used)]

mod kinds;
mod leadership;
mod lifecycle;
mod load;
mod outage;
mod refusals;
mod tokens;
