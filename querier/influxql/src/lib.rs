//! Runs InfluxQL.
//!
//! Purpose: [`Engine::run`] executes the statements of a query over an [`env::Environment`] and hands the rows of each
//! to a sink; [`write`] turns them into the JSON, CSV or MessagePack of InfluxDB 1.
//!
//! Invariants: all work is done column by column on what scans answer; the order of rows with equal times, the times of
//! aggregates, nulls and names of columns are those that InfluxDB's users see; an error ends its statement, not the
//! answer; memory is bounded by [`Limits`].
//!
//! It deliberately does not know HTTP, who may read what (that is the environment's), nor where rows are.

mod bind;
mod column;
mod condition;
mod engine;
pub mod env;
mod error;
mod eval;
mod meta;
mod select;
mod time;
pub mod write;

pub use bind::parse_params;
pub use column::Value;
pub use engine::{Engine, Limits, Request, Row, StatementResult};
pub use error::InfluxQlError;
