//! The mechanism that all kinds share, and what runs it.

mod claims;
mod cluster;
pub(crate) mod collection;
pub(crate) mod compare;
pub(crate) mod conditions;
mod managed;
mod note;
mod problem;
mod scope;
pub(crate) mod settle;

#[cfg(test)]
mod tests;

pub use claims::{Claim, Claims, Rival, Standing};
pub use cluster::{Cluster, SecretText, SecretView, Sibling};
pub use managed::{Desired, Managed, Route, Update};
pub use note::Note;
pub use problem::Problem;
pub use scope::{Identity, Organization, Record, Scope, object};
