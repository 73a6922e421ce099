//! Calendar arithmetic on nanosecond times: durations with months, truncation, windows.
//!
//! A duration is months and nanoseconds; months are applied first, clamped to the last day of the month.

mod duration_text;
mod zone;

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

pub use zone::{Zone, date_time};

/// A duration of the Flux and InfluxQL languages: calendar months and nanoseconds, and a sign for both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Duration {
    /// Calendar months, not negative.
    pub months: i64,
    /// Nanoseconds, not negative.
    pub nanoseconds: i64,
    /// Whether the duration points backwards.
    pub negative: bool,
}

/// What is wrong with a duration or a time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// The result lies outside the representable times (1677 to 2262).
    #[error("time is out of range")]
    OutOfRange,
    /// The time zone database has no such zone.
    #[error("unknown time zone {0}")]
    UnknownZone(String),
    /// A length of time that something is cut into is zero.
    #[error("duration used as an interval cannot be zero")]
    ZeroUnit,
    /// A length of time that something is cut into has both months and nanoseconds.
    #[error("duration used as an interval cannot mix month and nanosecond units")]
    MixedUnit,
    /// A length of time that something is cut into points backwards.
    #[error("duration used as an interval cannot be negative")]
    NegativeUnit,
}

impl Duration {
    /// A duration of nanoseconds; negative ones point backwards.
    pub fn from_nanoseconds(ns: i64) -> Self {
        Self { months: 0, nanoseconds: ns.saturating_abs(), negative: ns < 0 }
    }

    /// A duration of months.
    pub fn from_months(months: i64) -> Self {
        Self { months: months.saturating_abs(), nanoseconds: 0, negative: months < 0 }
    }

    /// Whether the duration is zero.
    pub fn is_zero(self) -> bool {
        self.months == 0 && self.nanoseconds == 0
    }

    /// Whether it has months only, or nanoseconds only (or neither).
    pub fn is_mixed(self) -> bool {
        self.months != 0 && self.nanoseconds != 0
    }

    /// The months with their sign.
    pub fn signed_months(self) -> i64 {
        if self.negative { -self.months } else { self.months }
    }

    /// The nanoseconds with their sign; months are left out.
    pub fn signed_nanoseconds(self) -> i64 {
        if self.negative { -self.nanoseconds } else { self.nanoseconds }
    }

    /// The nanoseconds with their sign, a month counted as a twelfth of 365.25 days.
    pub fn mean_nanoseconds(self) -> i64 {
        const MONTH: i64 = 2_629_800_000_000_000;
        let length = self.months.saturating_mul(MONTH).saturating_add(self.nanoseconds);
        if self.negative { -length } else { length }
    }

    /// The duration times `n`; saturates.
    pub fn scale(self, n: i64) -> Self {
        Self {
            months: self.months.saturating_mul(n.saturating_abs()),
            nanoseconds: self.nanoseconds.saturating_mul(n.saturating_abs()),
            negative: self.negative != (n < 0),
        }
    }
}

impl std::ops::Neg for Duration {
    type Output = Self;

    fn neg(self) -> Self {
        Self { negative: !self.negative && !self.is_zero(), ..self }
    }
}

impl std::fmt::Display for Duration {
    /// Normalised as Flux's `string()` does: years, months, weeks, days, hours and so on; `0ns` for zero.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.is_zero() {
            return f.write_str("0ns");
        }
        if self.negative {
            f.write_str("-")?;
        }
        for (n, unit) in [(self.months / 12, "y"), (self.months % 12, "mo")] {
            if n != 0 {
                write!(f, "{n}{unit}")?;
            }
        }
        let mut rest = self.nanoseconds;
        for (size, unit) in [
            (604_800_000_000_000, "w"),
            (86_400_000_000_000, "d"),
            (3_600_000_000_000, "h"),
            (60_000_000_000, "m"),
            (1_000_000_000, "s"),
            (1_000_000, "ms"),
            (1_000, "us"),
            (1, "ns"),
        ] {
            if rest / size != 0 {
                write!(f, "{}{unit}", rest / size)?;
            }
            rest %= size;
        }
        Ok(())
    }
}

/// The timestamp of a nanosecond count.
pub fn timestamp(ns: i64) -> Timestamp {
    Timestamp::from_nanosecond(i128::from(ns)).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The nanosecond count of a timestamp, if it is between 1677 and 2262.
pub fn nanoseconds(t: Timestamp) -> Result<i64, TimeError> {
    i64::try_from(t.as_nanosecond()).map_err(|_| TimeError::OutOfRange)
}

/// Formats a time as RFC 3339 in UTC with as many digits as it needs: `2025-01-01T00:00:00.5Z`.
pub fn format_rfc3339(ns: i64) -> String {
    timestamp(ns).to_string()
}

/// Formats a time as RFC 3339 in UTC with nine digits: `2025-01-01T00:00:00.500000000Z`.
pub fn format_rfc3339_nanos(ns: i64) -> String {
    format!("{:.9}", timestamp(ns))
}

/// `time + duration` in a time zone: months by the calendar there, then nanoseconds on the clock.
pub fn add(time: i64, duration: Duration, zone: &TimeZone) -> Result<i64, TimeError> {
    let mut t = time;
    if duration.months != 0 {
        let span = Span::new().try_months(duration.signed_months()).map_err(|_| TimeError::OutOfRange)?;
        let moved =
            timestamp(t).to_zoned(zone.clone()).checked_add(span).map_err(|_| TimeError::OutOfRange)?;
        t = nanoseconds(moved.timestamp())?;
    }
    t.checked_add(duration.signed_nanoseconds()).ok_or(TimeError::OutOfRange)
}
