//! Memory accounting of one query.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::{FluxError, Result};

/// The memory a query may use, counted in bytes.
#[derive(Debug)]
pub struct Memory {
    limit: usize,
    used: AtomicUsize,
    peak: AtomicUsize,
}

impl Memory {
    /// An account with a limit in bytes.
    pub fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self { limit, used: AtomicUsize::new(0), peak: AtomicUsize::new(0) })
    }

    /// The most that was ever in use, bytes.
    pub fn peak(&self) -> usize {
        self.peak.load(Ordering::Relaxed)
    }

    /// Takes `bytes` until the reservation is dropped.
    ///
    /// # Errors
    /// When the limit would be passed.
    pub fn reserve(self: &Arc<Self>, bytes: usize) -> Result<Reservation> {
        let mut reservation = Reservation { memory: Arc::clone(self), bytes: 0 };
        reservation.grow(bytes)?;
        Ok(reservation)
    }
}

/// Bytes taken from a query's memory; given back when dropped.
#[derive(Debug)]
pub struct Reservation {
    memory: Arc<Memory>,
    bytes: usize,
}

impl Reservation {
    /// Takes more.
    ///
    /// # Errors
    /// When the limit would be passed.
    pub fn grow(&mut self, bytes: usize) -> Result<()> {
        let used = self.memory.used.fetch_add(bytes, Ordering::Relaxed) + bytes;
        self.bytes += bytes;
        self.memory.peak.fetch_max(used, Ordering::Relaxed);
        if used > self.memory.limit {
            return Err(FluxError::invalid(format!(
                "memory allocation limit reached: limit {} bytes, allocated: {}, wanted: {bytes}; \
                 narrow the query or raise --query-memory-bytes",
                self.memory.limit,
                used - bytes
            )));
        }
        Ok(())
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.memory.used.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}
