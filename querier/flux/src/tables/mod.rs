//! What table functions share: operators over whole tables, aggregates and selectors over runs of rows.
//!
//! Invariants: a kernel passes over a batch once, however many tables it holds, and reads arrays, not cells; an error
//! tells the call that made it. Deliberately knows no function of the standard library by its signature: those are
//! in [`crate::stdlib`], a file each, and build the specs of this module.

pub mod aggregate;
pub(crate) mod arrange;
pub mod digest;
pub(crate) mod full;
pub(crate) mod key_of_read;
pub(crate) mod key_order;
pub mod keys;
pub mod numbers;
mod operator;
pub mod rows;
pub mod select;

pub(crate) use operator::Call;
pub use operator::{Rekeyed, less_tables, per_tables, rekey, tables_in_turn};
