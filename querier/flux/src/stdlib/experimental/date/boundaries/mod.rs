//! `experimental/date/boundaries`: where days, weeks and months around now begin and end.
//!
//! Days are those of the option `location`.

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
    path: "experimental/date/boundaries",
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
}

impl Calendar {
    fn new(cx: &Context) -> Result<Self> {
        let zone = default_zone(cx)?;
        let today = zone.truncate(cx.now()?, days(1)).map_err(invalid)?;
        Ok(Self { zone, today })
    }

    /// The day of the week, from 0 for Sunday.
    fn weekday(&self, time: i64) -> Result<i64> {
        let shown = self.zone.date_time(time).map_err(invalid)?;
        Ok(i64::from(shown.weekday().to_sunday_zero_offset()))
    }

    fn add(&self, time: i64, duration: Duration) -> Result<i64> {
        self.zone.add(time, duration).map_err(invalid)
    }

    /// The start of the last day of the week `day` (0 is Sunday) before `from`, never `from` itself.
    fn last(&self, day: i64, from: i64) -> Result<i64> {
        let back = match (self.weekday(from)? - day).rem_euclid(7) {
            0 => 7,
            n => n,
        };
        // Days are longer or shorter where clocks are changed.
        self.zone.truncate(self.add(from, days(-back))?, days(1)).map_err(invalid)
    }
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
