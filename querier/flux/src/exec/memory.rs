//! Memory accounting of one query.
//!
//! Two ways to count: what an operator is about to make is *reserved* by size, before it is made; batches that exist
//! are *held*, each buffer once however many batches and operators share it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hashbrown::HashMap;
use parking_lot::Mutex;
use weir_table::TableBatch;

use super::held::each_buffer;
use crate::error::{FluxError, OUT_OF_MEMORY, Result};

/// The memory a query may use, counted in bytes.
#[derive(Debug)]
pub struct Memory {
    limit: usize,
    /// What all queries take together.
    all: Option<Arc<Memory>>,
    used: AtomicUsize,
    peak: AtomicUsize,
    /// The buffers that are held, by address: their bytes, and how many hold them.
    buffers: Mutex<HashMap<usize, (usize, usize)>>,
}

impl Memory {
    /// An account with a limit in bytes.
    pub fn new(limit: usize) -> Arc<Self> {
        Self::of(limit, None)
    }

    /// An account with a limit of its own, whose bytes count in `all` too.
    pub fn within(all: &Arc<Self>, limit: usize) -> Arc<Self> {
        Self::of(limit, Some(Arc::clone(all)))
    }

    fn of(limit: usize, all: Option<Arc<Self>>) -> Arc<Self> {
        let (used, peak) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Arc::new(Self { limit, all, used, peak, buffers: Mutex::default() })
    }

    /// Bytes in use.
    pub fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }

    /// The limit in bytes, the lower one where all queries together have a lower limit than this one.
    pub fn limit(&self) -> usize {
        self.all.as_ref().map_or(self.limit, |all| self.limit.min(all.limit))
    }

    /// Whether more than half of the query's memory, or three quarters of all queries', would be in use with so many
    /// bytes more: then who can go on on disk does so, since what is done with rows in memory takes room besides them.
    pub fn is_short_of(&self, bytes: usize) -> bool {
        let after = |memory: &Self| memory.used().saturating_add(bytes);
        after(self) > self.limit / 2 || self.all.as_ref().is_some_and(|all| after(all) > all.limit / 4 * 3)
    }

    /// Takes bytes; they are taken even if that is too much, so that they can be given back either way.
    fn take(&self, bytes: usize, option: &str) -> Result<()> {
        let used = self.used.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        if used > self.limit {
            if let Some(all) = &self.all {
                // It will be given back there too, and is no peak of theirs: it was refused.
                all.used.fetch_add(bytes, Ordering::Relaxed);
            }
            return Err(self.refusal(used - bytes, bytes, option));
        }
        let within = self.all.as_ref().map_or(Ok(()), |all| all.take(bytes, "--query-max-memory-bytes"));
        self.peak.fetch_max(used, Ordering::Relaxed);
        within
    }

    fn refusal(&self, used: usize, bytes: usize, option: &str) -> FluxError {
        FluxError::invalid(format!(
            "{OUT_OF_MEMORY}: limit {} bytes, allocated: {used}, wanted: {bytes}; narrow the query or raise {option}",
            self.limit
        ))
    }

    fn give_back(&self, bytes: usize) {
        self.used.fetch_sub(bytes, Ordering::Relaxed);
        if let Some(all) = &self.all {
            all.give_back(bytes);
        }
    }

    /// The most that was ever in use, bytes. What was refused does not count.
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

    /// Counts what a batch refers to until the hold is dropped. Buffers that are held already are not counted again.
    ///
    /// # Errors
    /// When the limit would be passed.
    pub fn hold(self: &Arc<Self>, batch: &TableBatch) -> Result<Hold> {
        let mut hold = Hold { memory: Arc::clone(self), buffers: Vec::new() };
        let mut new = 0;
        let mut known = self.buffers.lock();
        each_buffer(batch, &mut |address, bytes| {
            let entry = known.entry(address).or_insert((bytes, 0));
            if entry.1 == 0 {
                new += entry.0;
            }
            entry.1 += 1;
            hold.buffers.push(address);
        });
        drop(known);
        self.take(new, OPTION)?;
        Ok(hold)
    }

    fn let_go(&self, addresses: &[usize]) {
        let mut free = 0;
        let mut known = self.buffers.lock();
        for address in addresses {
            if let Some(entry) = known.get_mut(address) {
                entry.1 -= 1;
                if entry.1 == 0 {
                    free += entry.0;
                    known.remove(address);
                }
            }
        }
        drop(known);
        self.give_back(free);
    }
}

/// The option that sets a query's limit.
const OPTION: &str = "--query-memory-bytes";

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
        if bytes > self.memory.limit {
            // Not even for a moment, or other queries would be told that there is no memory.
            return Err(self.memory.refusal(self.memory.used(), bytes, OPTION));
        }
        self.bytes = self.bytes.saturating_add(bytes);
        self.memory.take(bytes, OPTION)
    }

    /// Gives back all that was taken.
    pub fn clear(&mut self) {
        self.memory.give_back(std::mem::take(&mut self.bytes));
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Buffers that are counted; no longer when dropped.
#[derive(Debug)]
pub struct Hold {
    memory: Arc<Memory>,
    buffers: Vec<usize>,
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.memory.let_go(&self.buffers);
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::Int64Array;
    use weir_table::{Column, ColumnType};

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
        assert_eq!((all.used(), a.used(), a.peak()), (0, 0, 70));
    }

    #[test]
    fn a_shared_buffer_is_counted_once() {
        let numbers = Arc::new(Int64Array::from((0..1000).collect::<Vec<_>>()));
        let batch = TableBatch::new(vec![Column::row("a", ColumnType::Int, numbers)], vec![0, 1000]);
        let memory = Memory::new(10_000);
        let whole = memory.hold(&batch).unwrap();
        let used = memory.used();
        assert!((8000..8500).contains(&used), "{used}");
        let again = memory.hold(&batch.clone()).unwrap();
        assert_eq!(memory.used(), used);
        drop(whole);
        assert_eq!(memory.used(), used);
        drop(again);
        assert_eq!(memory.used(), 0);
        assert!(Memory::new(7000).hold(&batch).is_err());
    }
}
