//! The write-ahead log.
//!
//! Purpose: a record whose append has returned is on the disk; after a crash it is read back. One sync acknowledges
//! every append that waited for it. Records are columnar and compressed, because a disk that syncs is slower than a
//! parser. It also holds the bytes of rows that stand for themselves ([`encode_rows`]), which roles send each other.
//!
//! ```text
//! folder     0000000000000001.log 0000000000000002.log …      numbers follow each other
//! segment    header frame frame …
//! header     "weir-log" version:u32 number:u64 previous:u64 crc:u32         previous: bytes of the segment before that count
//! frame      mark:4 length:u32 group:u32 crc:u32 record                     group: where the frames begin that share its sync
//! record     1 sequence:u64 shards:varint shard…                            a write
//!            2 sequence:u64 bucket:u64 start:i64 stop:i64 predicate         a delete
//!            3 bucket:u64                                                   a dropped bucket
//! shard      bucket:u64 group:i64 length:varint rows length:varint series
//! series     anew:u8 block(new keys; for each measurement the numbers of its series)
//! rows       version:u8 block(for each measurement: name, row series, times, fields)
//! block      meta:varint soft:varint packed:varint lz4(meta soft) hard      packed 0: not compressed
//! ```
//! Integers are little-endian; crc is CRC-32 (IEEE) of everything after itself or before it in the header. A number
//! vector is its minimum, a width, and so many byte planes (see `numbers`); times and row numbers are steps in units of
//! their greatest common divisor; floats are scaled integers where that loses nothing, else byte planes.
//!
//! Invariants:
//! - A segment defines the series it uses, in order of first use: it can be read alone.
//! - A failed write or sync closes the segment and is never tried again: all that waited for it fail, and the next
//!   segment's header says how much of it counts.
//! - A torn tail (the last, unacknowledged group) is cut with a warning. Damage before it is an error that stops the
//!   start, told apart by the `group` of the frames that follow it.
//! - Reading garbage is an error, never a panic, and never more memory than a fixed bound.
//!
//! It deliberately does not know what a record is for, when it may be retired, or what a gRPC is.

mod block;
mod dictionary;
mod error;
mod file;
mod input;
mod log;
mod numbers;
mod open;
mod predicate;
mod record;
mod replay;
mod rows;
mod segment;

pub use error::Error;
pub use file::{CreateFile, LogFile, create_on_disk};
pub use log::{Options, Pending, Position, Wal};
pub use record::{Record, RecordRef, Shard};
pub use replay::Replay;
pub use rows::{decode_rows, encode_rows};

#[cfg(test)]
mod tests;
