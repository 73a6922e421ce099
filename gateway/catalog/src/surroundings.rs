//! Time and randomness, handed in so that tests decide them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use weir_model::{Id, Timestamp};

/// What the catalog needs from the world besides the database.
pub trait Surroundings: Send + Sync {
    /// The time.
    fn now(&self) -> Timestamp;
    /// Fills `bytes` with bytes nobody can guess: tokens and ids are made of them.
    fn fill_random(&self, bytes: &mut [u8]);
}

/// The machine's clock and the thread's cryptographic generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct System;

impl Surroundings for System {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        rand::fill(bytes);
    }
}

/// 2017-04-09, from which ids count their milliseconds.
const EPOCH_MS: u64 = 1_491_696_000_000;

/// Makes ids that grow with time: 42 bits of milliseconds, 10 bits of the process (random), 12 bits of a sequence.
pub(crate) struct IdGenerator {
    process: u64,
    /// Milliseconds and sequence of the last id.
    last: AtomicU64,
}

impl IdGenerator {
    pub(crate) fn new(surroundings: &dyn Surroundings) -> Self {
        Self { process: random_u64(surroundings) & 0x3ff, last: AtomicU64::new(0) }
    }

    /// An id greater than every earlier one of this process.
    pub(crate) fn next(&self, now: Timestamp) -> Id {
        let millis = u64::try_from(now.0 / 1_000_000).unwrap_or(0).saturating_sub(EPOCH_MS);
        // Within a millisecond the sequence counts on; when it overflows it borrows from the future.
        let step = |last: u64| Some((millis << 12).max(last + 1));
        let last = self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, step).unwrap_or_default();
        let mine = (millis << 12).max(last + 1);
        let id = (mine >> 12) << 22 | self.process << 12 | (mine & 0xfff);
        Id::new(id).or_else(|| Id::new(1)).expect("one is not zero")
    }
}

fn random_u64(surroundings: &dyn Surroundings) -> u64 {
    let mut bytes = [0; 8];
    surroundings.fill_random(&mut bytes);
    u64::from_le_bytes(bytes)
}

/// A random id that may stand in the reference's series keys; for organizations and buckets.
pub(crate) fn random_embeddable(surroundings: &dyn Surroundings) -> Id {
    loop {
        // About one in ten is refused, so this ends soon.
        match Id::new(random_u64(surroundings)) {
            Some(id) if id.is_embeddable() => return id,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_even_when_the_clock_does_not() {
        let ids = IdGenerator::new(&System);
        let now = System.now();
        let made: Vec<Id> = (0..10_000).map(|_| ids.next(now)).collect();
        assert!(made.is_sorted());
        assert!(made.windows(2).all(|pair| pair[0] != pair[1]));
        assert!(ids.next(Timestamp(0)) > made[9_999]);
    }

    #[test]
    fn organizations_get_embeddable_ids() {
        assert!((0..1_000).all(|_| random_embeddable(&System).is_embeddable()));
    }
}
