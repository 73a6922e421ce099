//! Plans: the graph of table operations that a script describes, and its rewriting into one that runs well.
//!
//! Evaluation makes [`Node`]s; [`rules`] rewrite them, each rule in its own file, and tell which were applied ([`Fired`]);
//! reads are told in which order their tables are seen, tables are put in order where that is seen, groupings are told which columns are looked at; [`bounds_of`] finds the time bounds that windows need;
//! [`describe`] writes a plan out; [`crate::exec`] opens it as a tree of operators. What each rule does, and leaves alone,
//! stands in `cases/`, a file a rule.

mod bounds;
mod fired;
mod key_of_read;
mod node;
mod order;
mod print;
pub mod rules;
mod wanted;

#[cfg(test)]
mod tests;

pub use bounds::{Bounds, bounds_of};
pub use fired::Fired;
pub use node::{KeyUse, Node, Spec};
pub use print::describe;
pub(crate) use print::{labels, range};
