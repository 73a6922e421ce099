//! Line protocol: bytes in, typed columns out.
//!
//! Purpose: turn the body of a write into a [`WriteBatch`] at the speed of memory, accepting and refusing exactly
//! what InfluxDB 2.9 does, with its words.
//!
//! How: [`Parser::parse`] reads each line once, left to right. A series key (measurement and tags as they stand in the
//! line) is interned in a table that outlives the call, so the tags of a known series are never parsed again; the
//! series that followed last time is tried first, which skips even the search for the key's end. The field list is
//! predicted from the measurement's last line. A line that is not plain (escapes, odd spaces, quotes in odd places,
//! anything wrong) is taken back and read again by the exact reader in [`exact`], which follows the reference step by
//! step; so the fast reader may refuse whatever it likes, but what it accepts must mean what the exact reader says.
//!
//! Invariants: no panic on any input; no rows are lost or doubled; with errors the caller writes nothing.
//!
//! It deliberately does not know buckets, retention, registered field types, shard groups. A field that has two
//! types within one body yields two columns of one name ([`Parsed::mixed`]): only the router knows which type is
//! right, because that depends on the shard group. Pure: no IO, no clock, no async.
//!
//! [`WriteBatch`]: weir_batch::WriteBatch

mod canonical;
mod columns;
mod error;
pub mod exact;
mod fast;
mod intern;
mod number;
mod parser;
mod precision;

pub use error::LineError;
pub use parser::{Flaw, Flawed, Parsed, Parser};
pub use precision::Precision;

/// The longest series key, in bytes as written; with a field's name and four bytes more it must still fit.
pub const MAX_KEY_LENGTH: usize = 65535;

/// The longest body: offsets of 32 bits reach all of it.
pub const MAX_BODY: usize = 1 << 30;

/// The longest string field, in bytes.
pub const MAX_STRING_LENGTH: usize = 1 << 20;

#[cfg(test)]
mod tests;
