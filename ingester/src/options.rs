//! What can be set.

use std::path::PathBuf;
use std::time::Duration;

/// How an ingester runs.
#[derive(Debug, Clone)]
pub struct Options {
    /// The folder of the log.
    pub wal_dir: PathBuf,
    /// The number by which this ingester's sequences differ from those of all other writers.
    pub writer: u8,
    /// Bytes of unflushed rows at which a flush begins.
    pub flush_bytes: usize,
    /// How old the oldest unflushed row may get before a flush begins.
    pub flush_age: Duration,
    /// Bytes of unflushed rows, those being flushed included, above which writes are refused.
    pub memory_limit: usize,
    /// The pause after the first failed flush; it doubles up to `retry_most`.
    pub retry_least: Duration,
    /// The longest pause between two tries of a flush.
    pub retry_most: Duration,
    /// How often the store is asked to tidy up: drop what is past its retention, compact, delete garbage.
    pub upkeep_every: Duration,
}

impl Options {
    /// The defaults, with the log in `wal_dir`.
    pub fn new(wal_dir: impl Into<PathBuf>) -> Self {
        Self {
            wal_dir: wal_dir.into(),
            writer: 0,
            flush_bytes: 64 << 20,
            flush_age: Duration::from_secs(600),
            memory_limit: 512 << 20,
            retry_least: Duration::from_millis(500),
            retry_most: Duration::from_secs(30),
            upkeep_every: Duration::from_secs(60),
        }
    }
}
