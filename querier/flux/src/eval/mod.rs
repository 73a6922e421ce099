//! Evaluation: from a checked syntax tree to values and the graph of table streams.
//!
//! Evaluation is sequential and synchronous; it runs on a thread of its own, so what must wait (buckets, secrets,
//! sub-queries of `tableFind`) blocks that thread only. Table functions compute nothing: they put a
//! [`Node`](crate::plan::Node) on the graph.

mod args;
mod call;
mod context;
mod expression;
mod file;
mod literal;
pub mod ops;
mod place;
mod scope;
mod type_of;

pub use args::Args;
pub use context::{Context, QueryResult};
pub use file::eval_package;
pub use place::Place;
pub use scope::Scope;

#[cfg(test)]
pub(crate) use file::eval_library;

pub(crate) use expression::{eval, member_of as eval_member};
pub(crate) use literal::push_value as push_interpolated;
pub(crate) use type_of::type_of;
