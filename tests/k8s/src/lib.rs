//! The operator between a real API server and a real Weir, for tests.
//!
//! `tests/k8s/run` starts the control plane; a test makes a namespace of its own in it, a server of its own, and runs the
//! operator's binary for that namespace with the rights that `weir-operator rbac` prints and no others. Kubernetes is
//! spoken to by kubectl, as users do.
//!
//! It deliberately knows the operator's command line and custom resources only, never its crates.
// All of this is test code, where a failure is a panic.
#![allow(clippy::unwrap_used)]

mod gate;
mod kubectl;
mod lab;

pub use gate::Gate;
pub use kubectl::{Kubectl, Refusal};
pub use lab::{Lab, Operator, sum};
