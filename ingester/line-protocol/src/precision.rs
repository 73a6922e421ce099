//! The unit of timestamps.

/// The unit of the timestamps of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Precision {
    /// Nanoseconds, the default.
    #[default]
    Nanoseconds,
    /// Microseconds.
    Microseconds,
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Minutes; only clients of version 1 have them.
    Minutes,
    /// Hours; only clients of version 1 have them.
    Hours,
}

/// The first time a point may have.
pub(crate) const MIN_TIME: i64 = i64::MIN + 2;
/// The last time a point may have.
pub(crate) const MAX_TIME: i64 = i64::MAX - 1;

impl Precision {
    /// The precision of the v2 API's `precision` parameter: `ns`, `us`, `ms` or `s`.
    pub fn from_v2(name: &str) -> Option<Self> {
        Some(match name {
            "ns" => Self::Nanoseconds,
            "us" => Self::Microseconds,
            "ms" => Self::Milliseconds,
            "s" => Self::Seconds,
            _ => return None,
        })
    }

    /// The precision of version 1: `n`, `u`, `m` and `h` beside those of the v2 API.
    pub fn from_v1(name: &str) -> Option<Self> {
        Some(match name {
            "n" => Self::Nanoseconds,
            "u" | "µ" => Self::Microseconds,
            "m" => Self::Minutes,
            "h" => Self::Hours,
            other => return Self::from_v2(other),
        })
    }

    /// How many nanoseconds the unit has.
    pub fn nanoseconds(self) -> i64 {
        match self {
            Self::Nanoseconds => 1,
            Self::Microseconds => 1_000,
            Self::Milliseconds => 1_000_000,
            Self::Seconds => 1_000_000_000,
            Self::Minutes => 60_000_000_000,
            Self::Hours => 3_600_000_000_000,
        }
    }

    /// The time of a timestamp in this unit, nanoseconds since 1970; `None` if no point may have it.
    #[inline]
    pub fn time(self, timestamp: i64) -> Option<i64> {
        let time = timestamp.checked_mul(self.nanoseconds())?;
        (MIN_TIME..=MAX_TIME).contains(&time).then_some(time)
    }

    /// A time cut down to the unit, as points without a timestamp get it.
    pub fn truncate(self, time: i64) -> i64 {
        time.saturating_sub(time.rem_euclid(self.nanoseconds()))
    }
}
