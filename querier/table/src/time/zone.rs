//! Time zones: clock readings of a place, and calendar arithmetic on them.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::{Duration, TimeError, nanoseconds, timestamp};

/// A place on the earth, or rather its clock: a zone of the time zone database and a fixed offset on top of it.
///
/// Arithmetic is done on the clock's readings and turned back into a time, so that a day is a day also when the clocks
/// change. A reading is nanoseconds since the clock showed 1970-01-01 00:00.
#[derive(Debug, Clone)]
pub struct Zone {
    /// `None` for UTC, which needs no database.
    zone: Option<TimeZone>,
    offset: i64,
}

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self { zone: None, offset: 0 };

    /// A zone by name (`Europe/Berlin`, or `UTC`), with an offset in nanoseconds.
    ///
    /// # Errors
    /// When the database does not know the name.
    pub fn new(name: &str, offset: i64) -> Result<Self, TimeError> {
        let zone = match name {
            "" | "UTC" => None,
            name => Some(TimeZone::get(name).map_err(|_| TimeError::UnknownZone(name.to_owned()))?),
        };
        Ok(Self { zone, offset })
    }

    /// Whether the clock shows UTC.
    pub fn is_utc(&self) -> bool {
        self.zone.is_none() && self.offset == 0
    }

    /// What the clock shows at a time.
    ///
    /// # Errors
    /// When the reading lies outside the representable times.
    pub fn reading(&self, time: i64) -> Result<i64, TimeError> {
        let from_zone = match &self.zone {
            None => 0,
            Some(zone) => i64::from(zone.to_offset(timestamp(time)).seconds()) * 1_000_000_000,
        };
        time.checked_add(from_zone).and_then(|t| t.checked_add(self.offset)).ok_or(TimeError::OutOfRange)
    }

    /// The time at which the clock shows a reading: the first of two where clocks go back, and as much later as they
    /// skip where they go forward.
    ///
    /// # Errors
    /// When the time lies outside the representable times.
    pub fn time(&self, reading: i64) -> Result<i64, TimeError> {
        let reading = reading.checked_sub(self.offset).ok_or(TimeError::OutOfRange)?;
        match &self.zone {
            None => Ok(reading),
            Some(zone) => {
                let civil = date_time(reading);
                nanoseconds(zone.to_timestamp(civil).map_err(|_| TimeError::OutOfRange)?)
            }
        }
    }

    /// Year, month, hour and so on that the clock shows at a time.
    ///
    /// # Errors
    /// When the reading lies outside the representable times.
    pub fn date_time(&self, time: i64) -> Result<DateTime, TimeError> {
        Ok(date_time(self.reading(time)?))
    }

    /// `time + duration` on the clock: months first, clamped to the month's last day, then nanoseconds.
    ///
    /// # Errors
    /// When the result lies outside the representable times.
    pub fn add(&self, time: i64, duration: Duration) -> Result<i64, TimeError> {
        self.time(super::add(self.reading(time)?, duration, &TimeZone::UTC)?)
    }

    /// The last time not after `time` at which the clock showed a whole multiple of `unit` since 1970.
    ///
    /// # Errors
    /// When the unit is zero, negative or mixes months and nanoseconds, or the result lies outside the representable times.
    pub fn truncate(&self, time: i64, unit: Duration) -> Result<i64, TimeError> {
        if unit.is_zero() {
            return Err(TimeError::ZeroUnit);
        }
        if unit.is_mixed() {
            return Err(TimeError::MixedUnit);
        }
        if unit.negative {
            return Err(TimeError::NegativeUnit);
        }
        let reading = self.reading(time)?;
        let start = if unit.months == 0 {
            reading.checked_sub(reading.rem_euclid(unit.nanoseconds)).ok_or(TimeError::OutOfRange)?
        } else {
            truncate_months(reading, unit.months)?
        };
        self.time(start)
    }
}

/// The date and time of day of a reading.
pub fn date_time(reading: i64) -> DateTime {
    TimeZone::UTC.to_datetime(timestamp(reading))
}

fn truncate_months(reading: i64, unit: i64) -> Result<i64, TimeError> {
    let civil = date_time(reading);
    let months = (i64::from(civil.year()) - 1970) * 12 + i64::from(civil.month()) - 1;
    let start = months - months.rem_euclid(unit);
    super::add(0, Duration::from_months(start), &TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        nanoseconds(text.parse().unwrap()).unwrap()
    }

    const DAY: i64 = 86_400_000_000_000;

    #[test]
    fn a_day_is_a_day_when_clocks_change() {
        let zone = Zone::new("America/New_York", 0).unwrap();
        let got = zone.add(at("2025-03-08T17:00:00Z"), Duration::from_nanoseconds(DAY)).unwrap();
        assert_eq!(got, at("2025-03-09T16:00:00Z"));
    }

    #[test]
    fn truncation_goes_by_the_clock() {
        let zone = Zone::new("Europe/Berlin", 0).unwrap();
        let day = Duration::from_nanoseconds(DAY);
        assert_eq!(zone.truncate(at("2025-10-26T12:00:00Z"), day), Ok(at("2025-10-25T22:00:00Z")));
        let month = Duration::from_months(1);
        assert_eq!(zone.truncate(at("2025-07-01T01:30:00Z"), month), Ok(at("2025-06-30T22:00:00Z")));
        assert_eq!(zone.truncate(0, Duration::default()), Err(TimeError::ZeroUnit));
    }

    #[test]
    fn months_before_the_epoch_round_down() {
        let quarter = Duration::from_months(3);
        assert_eq!(Zone::UTC.truncate(at("1969-05-06T00:00:00Z"), quarter), Ok(at("1969-04-01T00:00:00Z")));
    }

    #[test]
    fn a_fixed_offset_moves_the_clock() {
        let zone = Zone::new("UTC", 19_800_000_000_000).unwrap();
        let civil = zone.date_time(at("2025-12-25T20:45:00Z")).unwrap();
        assert_eq!((civil.day(), civil.hour(), civil.minute()), (26, 2, 15));
        assert!(Zone::new("Nowhere/At_All", 0).is_err());
    }
}
