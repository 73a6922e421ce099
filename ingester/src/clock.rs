//! The ingester's hybrid logical clock.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use weir_batch::Sequence;

/// Draws sequences that are higher than every sequence it has seen, and follow the wall clock.
#[derive(Debug)]
pub(crate) struct Clock {
    /// Milliseconds and counter of the last sequence: a sequence without its writer.
    last: AtomicU64,
    writer: u8,
    millis: fn() -> u64,
}

/// The wall clock, milliseconds since 1970.
pub(crate) fn wall_clock() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis() as u64)
}

impl Clock {
    pub(crate) fn new(writer: u8, millis: fn() -> u64) -> Self {
        Self { last: AtomicU64::new(0), writer, millis }
    }

    /// The wall clock, milliseconds since 1970.
    pub(crate) fn millis(&self) -> u64 {
        (self.millis)()
    }

    /// Learns of a sequence that somebody drew.
    pub(crate) fn observe(&self, sequence: Sequence) {
        self.last.fetch_max(sequence.0 >> 8, Ordering::AcqRel);
    }

    /// Draws a sequence.
    pub(crate) fn draw(&self) -> Sequence {
        let now = (self.millis)() << 12;
        let next = |last: u64| now.max(last + 1);
        let (Ok(last) | Err(last)) =
            self.last.fetch_update(Ordering::AcqRel, Ordering::Acquire, |last| Some(next(last)));
        Sequence(next(last) << 8 | u64::from(self.writer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_is_above_all_that_was_seen_and_follows_the_wall() {
        let clock = Clock::new(7, || 1000);
        let first = clock.draw();
        assert_eq!((first.millis(), first.counter(), first.0 & 0xff), (1000, 0, 7));
        assert_eq!(clock.draw().counter(), 1);
        clock.observe(Sequence::new(2000, 4095, 9));
        assert_eq!(clock.draw().millis(), 2001);
    }
}
