//! What runs the mechanism against Kubernetes: watches, connections, leadership, and the pages for probes and metrics.

mod connections;
mod context;
mod controller;
mod instances;
mod leader;
mod operator;
mod pages;
mod secrets;
mod shelf;

pub use operator::{Options, run};

/// The operator's name as a manager of fields, reporter of events and owner of finalizers.
pub(crate) const MANAGER: &str = "weir-operator";

/// The finalizer of every resource with a counterpart on a server.
pub(crate) const FINALIZER: &str = "weir.dev/operator";
