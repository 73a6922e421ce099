//! `date/boundaries`: where days, weeks and months around now begin and end.
//!
//! Days are those of the option `location`. A fixed offset of the location is taken off the start once more, as scripts
//! that rely on it expect.

mod days;
mod month;
mod week;

use weir_table::time::{Duration, Zone};

use crate::error::{FluxError, Result};
use crate::eval::Context;
use crate::registry::Package;
use crate::stdlib::internal::location::default_zone;
use crate::value::Value;

/// The package.
pub static PACKAGE: Package = Package {
    path: "date/boundaries",
    name: "boundaries",
    members: &[
        &days::FRIDAY,
        &days::MONDAY,
        &days::SATURDAY,
        &days::SUNDAY,
        &days::THURSDAY,
        &days::TUESDAY,
        &days::WEDNESDAY,
        &days::YESTERDAY,
        &month::DEFINITION,
        &week::DEFINITION,
    ],
};

const DAY: i64 = 86_400_000_000_000;

/// Calendar arithmetic around today.
struct Calendar {
    zone: Zone,
    today: i64,
    /// What is added to a start because of the location's fixed offset.
    correction: Duration,
}

impl Calendar {
    fn new(cx: &Context) -> Result<Self> {
        let zone = default_zone(cx)?;
        let today = zone.truncate(cx.now()?, days(1)).map_err(invalid)?;
        let correction = correction(fixed_offset(cx));
        Ok(Self { zone, today, correction })
    }

    fn add(&self, time: i64, duration: Duration) -> Result<i64> {
        self.zone.add(time, duration).map_err(invalid)
    }

    /// The start of the last day of the week `day` (0 is Sunday) before `from`, never `from` itself.
    fn last(&self, day: i64, from: i64) -> Result<i64> {
        let shown = self.zone.date_time(from).map_err(invalid)?;
        let current = i64::from(shown.weekday().to_sunday_zero_offset());
        let back = match (current - day).rem_euclid(7) {
            0 => 7,
            n => n,
        };
        self.add(self.add(from, days(-back))?, self.correction)
    }
}

/// The fixed offset of the option `location`, in nanoseconds.
fn fixed_offset(cx: &Context) -> i64 {
    let Some(Value::Record(location)) = cx.option("internal/location", "location") else { return 0 };
    match location.get("offset") {
        Some(Value::Duration(d)) => d.signed_nanoseconds(),
        _ => 0,
    }
}

fn correction(offset: i64) -> Duration {
    let day = if offset < 0 { DAY } else { 0 };
    Duration::from_nanoseconds(offset.saturating_neg().saturating_sub(day))
}

fn days(n: i64) -> Duration {
    Duration::from_nanoseconds(n * DAY)
}

/// `{start, stop}`.
fn bounds(start: i64, stop: i64) -> Value {
    Value::record([("start", Value::Time(start)), ("stop", Value::Time(stop))])
}

fn invalid(error: weir_table::time::TimeError) -> FluxError {
    FluxError::invalid(error.to_string())
}
