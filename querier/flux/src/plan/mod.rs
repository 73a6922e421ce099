//! Plans: the graph of table operations that a script describes, and its rewriting into one that runs well.
//!
//! Evaluation makes [`Node`]s; [`rules`] rewrite them, each rule in its own file; [`bounds`] finds the time bounds that
//! windows need; [`crate::exec`] opens the result as a tree of operators.

mod bounds;
mod fired;
mod node;
mod order;
mod print;
pub mod rules;

#[cfg(test)]
mod tests;

pub use bounds::{Bounds, bounds_of};
pub use fired::Fired;
pub use node::{Node, Spec};
pub use print::describe;
pub(crate) use print::{labels, range};
