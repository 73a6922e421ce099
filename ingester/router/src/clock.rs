//! The router's hybrid logical clock.

use std::sync::atomic::{AtomicU64, Ordering};

use weir_batch::Sequence;

/// Draws sequences: each above all it has drawn or seen, and not behind the wall clock.
///
/// Two clocks never draw the same sequence if their writer numbers differ.
#[derive(Debug)]
pub struct Clock {
    /// Milliseconds and counter of the highest sequence so far, without its writer.
    last: AtomicU64,
    writer: u8,
}

impl Clock {
    /// The clock of a writer.
    pub fn new(writer: u8) -> Self {
        Self { last: AtomicU64::new(0), writer }
    }

    /// Learns of a sequence that somebody else drew.
    pub fn observe(&self, sequence: Sequence) {
        self.last.fetch_max(sequence.0 >> 8, Ordering::AcqRel);
    }

    /// Draws a sequence; `now` is the wall clock, nanoseconds since 1970.
    pub fn draw(&self, now: i64) -> Sequence {
        let wall = Sequence::new(u64::try_from(now / 1_000_000).unwrap_or(0), 0, 0).0 >> 8;
        let next = |last: u64| wall.max(last + 1);
        let (Ok(last) | Err(last)) =
            self.last.fetch_update(Ordering::AcqRel, Ordering::Acquire, |last| Some(next(last)));
        Sequence(next(last) << 8 | u64::from(self.writer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_ascend_whatever_the_wall_clock_does() {
        let clock = Clock::new(3);
        let first = clock.draw(5_000_000_000);
        assert_eq!((first.millis(), first.counter(), first.0 & 0xff), (5000, 0, 3));
        let back = clock.draw(1_000_000_000);
        assert!(back > first);
        assert_eq!((back.millis(), back.counter()), (5000, 1));
        clock.observe(Sequence::new(9000, 4095, 200));
        assert_eq!(clock.draw(0).millis(), 9001);
        assert_eq!(clock.draw(20_000_000_000).millis(), 20000);
    }
}
