//! The operator: reconciles Kubernetes custom resources with Weir or InfluxDB 2 servers.
//!
//! **Purpose.** A team describes organizations, buckets, tokens, tasks and the rest as resources of the group `weir.dev`;
//! the operator makes the servers so, keeps them so, and says in each resource's status how that stands.
//!
//! **Invariants.** Reconciling is level-triggered and idempotent: what is done follows from the spec, the status and the
//! server, never from what happened. Nothing is written, to a server or to the API server, when nothing differs. Nothing
//! is deleted that was not made for the resource, and nothing is taken over unless the spec asks for it. The finalizer is
//! there before the server is asked for anything, and what is created carries a marker with the resource's uid, so that an
//! interruption at any point neither orphans an object nor makes it look like somebody else's.
//!
//! **Layout.** `crd`: what all kinds' specs and statuses share. `kinds`: one file a kind, its spec and how it is on the
//! server. `reconcile`: the mechanism, which knows neither Kubernetes clients nor HTTP. `run`: watches, connections,
//! leadership. `api`: calls of a server.
//!
//! **What it does not know.** Anything of Weir's insides: it uses the public HTTP API only, so it serves an InfluxDB too.
//! It never lists or watches Secrets; it reads those that specs name.

pub mod api;
pub mod crd;
#[allow(unreachable_pub, reason = "KubeSchema repeats the structs inside functions, with their visibility")]
pub mod kinds;
pub mod metrics;
pub mod rbac;
pub mod reconcile;
pub mod run;
