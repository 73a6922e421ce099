//! What can be set.

use std::path::PathBuf;

/// How a querier runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How many queries run at once; 0 is any number.
    pub concurrency: usize,
    /// How many queries wait for their turn, of which one more is refused; 0 is any number.
    pub queue: usize,
    /// How many bytes of memory one query may take.
    pub memory: usize,
    /// How many bytes of memory all queries together may take.
    pub all_memory: usize,
    /// The disk that queries may use for what does not fit into their memory: a folder, and how many bytes in it.
    pub spill: Option<(PathBuf, u64)>,
    /// How many threads help queries while cores are free.
    pub helpers: usize,
    /// Whether scripts may not send requests to private addresses.
    pub hardened: bool,
}

impl Default for Options {
    /// As many queries as the reference lets run and wait.
    fn default() -> Self {
        Self {
            concurrency: 1024,
            queue: 1024,
            memory: 2 << 30,
            all_memory: 4 << 30,
            spill: None,
            helpers: 0,
            hardened: false,
        }
    }
}
