//! What a long loop takes.

use super::{Reservation, Run, interrupt};
use crate::error::Result;

/// Steps between two looks at the memory and at whether the query was cancelled.
const STEPS: usize = 1024;

/// Bytes between two looks.
const BYTES: usize = 64 << 10;

/// What grows by doubling takes, while it moves, up to twice the bytes that are in it; so much that the query stays within
/// a fifth of its limit is counted: five thirds.
fn grown(bytes: usize) -> usize {
    bytes.saturating_mul(5) / 3
}

/// Counts, step by step, the bytes of what a loop puts together; ends the loop when they are too many or the query is
/// cancelled. The bytes are given back when it is dropped.
#[derive(Debug)]
pub struct Budget {
    reservation: Reservation,
    pending: usize,
    steps: usize,
}

impl Budget {
    /// Nothing yet.
    ///
    /// # Errors
    /// When the query's memory is used up already.
    pub fn new(run: &Run) -> Result<Self> {
        Ok(Self { reservation: run.memory.reserve(0)?, pending: 0, steps: 0 })
    }

    /// A step, and the bytes it adds.
    ///
    /// # Errors
    /// When the query's memory is used up, or it was cancelled.
    #[inline]
    pub fn add(&mut self, bytes: usize) -> Result<()> {
        self.pending = self.pending.saturating_add(bytes);
        self.steps += 1;
        if self.steps >= STEPS || self.pending >= BYTES { self.settle() } else { Ok(()) }
    }

    /// Counts what was added.
    ///
    /// # Errors
    /// As [`Budget::add`].
    pub fn settle(&mut self) -> Result<()> {
        self.steps = 0;
        interrupt::check()?;
        self.reservation.grow(grown(std::mem::take(&mut self.pending)))
    }
}
