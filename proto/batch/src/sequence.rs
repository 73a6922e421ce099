//! The order of writes.

/// The place of a write (or delete) in the order of all writes: a hybrid logical clock and a writer number.
///
/// Points are upserts: of two values for the same series, field and time, the one with the higher sequence wins.
/// Layout, high to low: 44 bits of milliseconds since 1970, 12 bits of counter within the millisecond, 8 bits of
/// writer number; so two writers never draw the same sequence and the order follows the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Sequence(pub u64);

impl Sequence {
    /// Puts a sequence together. `counter` is cut to 12 bits, `millis` to 44.
    pub fn new(millis: u64, counter: u16, writer: u8) -> Self {
        Self((millis & ((1 << 44) - 1)) << 20 | u64::from(counter & 0xfff) << 8 | u64::from(writer))
    }

    /// Milliseconds since 1970 of the clock part.
    pub fn millis(self) -> u64 {
        self.0 >> 20
    }

    /// The counter within the millisecond.
    pub fn counter(self) -> u16 {
        (self.0 >> 8) as u16 & 0xfff
    }
}
