//! What can be set.

/// How a querier runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// How many queries run at once.
    pub concurrency: usize,
    /// How many queries wait for their turn; one more is refused.
    pub queue: usize,
    /// How many bytes of memory one query may take.
    pub memory: usize,
    /// How many bytes of memory all queries together may take.
    pub all_memory: usize,
    /// Whether scripts may not send requests to private addresses.
    pub hardened: bool,
}

impl Default for Options {
    /// As many queries as the reference lets run and wait.
    fn default() -> Self {
        Self { concurrency: 1024, queue: 1024, memory: 2 << 30, all_memory: 4 << 30, hardened: false }
    }
}
