//! Memory accounting of one query.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::{FluxError, Result};

/// The memory a query may use, counted in bytes.
#[derive(Debug)]
pub struct Memory {
    limit: usize,
    /// What all queries take together.
    all: Option<Arc<Memory>>,
    used: AtomicUsize,
    peak: AtomicUsize,
}

impl Memory {
    /// An account with a limit in bytes.
    pub fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self { limit, all: None, used: AtomicUsize::new(0), peak: AtomicUsize::new(0) })
    }

    /// An account with a limit of its own, whose bytes count in `all` too.
    pub fn within(all: &Arc<Self>, limit: usize) -> Arc<Self> {
        let (used, peak) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Arc::new(Self { limit, all: Some(Arc::clone(all)), used, peak })
    }

    /// Bytes in use.
    pub fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }

    /// Takes bytes; they are taken even if that is too much, so that they can be given back either way.
    fn take(&self, bytes: usize, option: &str) -> Result<()> {
        let used = self.used.fetch_add(bytes, Ordering::Relaxed) + bytes;
        self.peak.fetch_max(used, Ordering::Relaxed);
        let within = self.all.as_ref().map_or(Ok(()), |all| all.take(bytes, "--query-max-memory-bytes"));
        if used > self.limit {
            return Err(FluxError::invalid(format!(
                "memory allocation limit reached: limit {} bytes, allocated: {}, wanted: {bytes}; \
                 narrow the query or raise {option}",
                self.limit,
                used - bytes
            )));
        }
        within
    }

    fn give_back(&self, bytes: usize) {
        self.used.fetch_sub(bytes, Ordering::Relaxed);
        if let Some(all) = &self.all {
            all.give_back(bytes);
        }
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
        self.bytes += bytes;
        self.memory.take(bytes, "--query-memory-bytes")
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.memory.give_back(self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_share_and_give_back() {
        let all = Memory::new(100);
        let (a, b) = (Memory::within(&all, 80), Memory::within(&all, 80));
        let mut held = a.reserve(70).unwrap();
        assert!(held.grow(20).unwrap_err().message.contains("--query-memory-bytes"));
        drop(held);
        let held = a.reserve(70).unwrap();
        assert!(b.reserve(40).unwrap_err().message.contains("--query-max-memory-bytes"));
        assert_eq!((all.used(), b.used()), (70, 0));
        drop(held);
        assert_eq!((all.used(), a.used(), a.peak()), (0, 0, 90));
    }
}
