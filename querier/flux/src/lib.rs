//! The Flux engine: from a script to streams of tables.
//!
//! Purpose: parse (weir-flux-syntax), check (weir-flux-semantic), evaluate to a graph of table operations, rewrite the
//! graph so that storage does what it can ([`plan`]), and run it over bulk tables ([`exec`]). The standard library is
//! a table of definitions ([`registry`], [`stdlib`]).
//!
//! Invariants: no script can panic or overflow the engine; a query's memory is accounted and bounded; cancellation ends
//! every wait; rewriting changes no result, but where users know the reference's to change it (see [`plan::rules`]).
//!
//! It deliberately knows no HTTP, no SQL and no storage format: the world is an [`env::Environment`].

// Keys of dictionaries are values; the only cells that change behind their backs are the caches of regular expressions.
#![allow(clippy::mutable_key_type)]

pub mod engine;
pub mod env;
mod error;
pub mod eval;
pub mod exec;
pub mod plan;
pub mod pretty;
pub mod registry;
pub mod repl;
pub mod rowfn;
mod scan_tables;
pub mod stdlib;
pub mod tables;
pub mod testing;
pub mod value;

pub use engine::{Engine, Limits, Outcome, ResultStream};
pub use error::{FluxError, Result};

pub(crate) use eval::{eval_member, push_interpolated};
