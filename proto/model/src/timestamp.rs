//! Moments of the catalog: nanoseconds since 1970, written as RFC 3339.

use std::fmt;

use serde::{Serialize, Serializer};

/// When something happened, in nanoseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Nanoseconds since 1970.
    pub fn nanoseconds(self) -> i64 {
        self.0
    }

    /// This moment and `nanoseconds` more (or less), kept in range.
    #[must_use]
    pub fn plus(self, nanoseconds: i64) -> Self {
        Self(self.0.saturating_add(nanoseconds))
    }
}

/// RFC 3339 in UTC, with as many digits of the second as there are (`2026-01-02T03:04:05.6Z`).
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Every i64 of nanoseconds lies in the years 1677 to 2262, well inside jiff's range.
        match jiff::Timestamp::from_nanosecond(i128::from(self.0)) {
            Ok(time) => write!(f, "{time}"),
            Err(_) => Err(fmt::Error),
        }
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_without_needless_digits() {
        assert_eq!(Timestamp(0).to_string(), "1970-01-01T00:00:00Z");
        assert_eq!(Timestamp(1_700_000_000_120_000_000).to_string(), "2023-11-14T22:13:20.12Z");
        assert_eq!(Timestamp(-1).to_string(), "1969-12-31T23:59:59.999999999Z");
        assert!(Timestamp(i64::MIN).to_string().starts_with("1677-"));
    }
}
