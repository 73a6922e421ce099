//! Parts of a time: what they are is a function of the clock's reading, nanoseconds since the clock showed 1970.

use jiff::civil::Date;
use weir_table::ColumnType;
use weir_table::time::{Zone, date_time};

use super::{out_of_range, time};
use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition, Kernel, OfTime};
use crate::stdlib::internal::location::zone_of;
use crate::value::Value;

const SECOND_NS: i64 = 1_000_000_000;
const MINUTE_NS: i64 = 60 * SECOND_NS;
const HOUR_NS: i64 = 60 * MINUTE_NS;
const DAY: i64 = 24 * HOUR_NS;
/// The day of the week that 1970 began with.
const THURSDAY: i64 = 4;

/// Defines parts of what a clock shows: of the location's, or of any.
macro_rules! parts {
    ($of_clock:ident: $($id:ident = $name:literal, $signature:literal, $doc:literal, $part:expr;)*) => {
        $(
            #[doc = $doc]
            pub(crate) static $id: Definition = Definition {
                package: "date",
                name: $name,
                signature: $signature,
                doc: $doc,
                body: Body::Columnar(
                    |args, cx| part(args, cx, $of_clock(args, cx)?, $part),
                    Kernel::Time("t", ColumnType::Int, |args, cx| Ok(parts($of_clock(args, cx)?, $part))),
                ),
            };
        )*
    };
}

parts! { zone_of:
    YEAR = "year", "(t: T, ?location: {zone: string, offset: duration}) => int where T: Timeable",
        "The year of a time.", |reading| date(reading).year().into();
    QUARTER = "quarter", "(t: T, ?location: {zone: string, offset: duration}) => int where T: Timeable",
        "The quarter of the year, from 1.", |reading| (i64::from(date(reading).month()) + 2) / 3;
    MONTH = "month", "(t: T, ?location: {zone: string, offset: duration}) => int where T: Timeable",
        "The month of the year, from 1.", |reading| date(reading).month().into();
    WEEK = "week", "(t: T, ?location: {zone: string, offset: duration}) => int where T: Timeable",
        "The ISO week of the year, from 1.", |reading| date(reading).iso_week_date().week().into();
    YEAR_DAY = "yearDay", "(t: T, ?location: {zone: string, offset: duration}) => int where T: Timeable",
        "The day of the year, from 1.", |reading| date(reading).day_of_year().into();
    MONTH_DAY = "monthDay", "(t: T, ?location: {zone: string, offset: duration}) => int where T: Timeable",
        "The day of the month, from 1.", |reading| date(reading).day().into();
    WEEK_DAY = "weekDay", "(t: T, ?location: {zone: string, offset: duration}) => int where T: Timeable",
        "The day of the week; Sunday is 0.", |reading| (reading.div_euclid(DAY) + THURSDAY).rem_euclid(7);
    HOUR = "hour", "(t: T, ?location: {zone: string, offset: duration}) => int where T: Timeable",
        "The hour of the day.", |reading| reading.rem_euclid(DAY) / HOUR_NS;
    MINUTE = "minute", "(t: T, ?location: {zone: string, offset: duration}) => int where T: Timeable",
        "The minute of the hour.", |reading| reading.rem_euclid(HOUR_NS) / MINUTE_NS;
}

parts! { any_clock:
    SECOND = "second", "(t: T) => int where T: Timeable",
        "The second of the minute.", |reading| reading.rem_euclid(MINUTE_NS) / SECOND_NS;
    MILLISECOND = "millisecond", "(t: T) => int where T: Timeable",
        "The milliseconds of the second.", |reading| reading.rem_euclid(SECOND_NS) / 1_000_000;
    MICROSECOND = "microsecond", "(t: T) => int where T: Timeable",
        "The microseconds of the second.", |reading| reading.rem_euclid(SECOND_NS) / 1_000;
    NANOSECOND = "nanosecond", "(t: T) => int where T: Timeable",
        "The nanoseconds of the second.", |reading| reading.rem_euclid(SECOND_NS);
}

/// The clock for parts that are the same everywhere.
fn any_clock(_args: &Args, _cx: &Context) -> Result<Zone> {
    Ok(Zone::UTC)
}

fn date(reading: i64) -> Date {
    date_time(reading).date()
}

fn part(args: &Args, cx: &Context, zone: Zone, part: fn(i64) -> i64) -> Result<Value> {
    let reading = zone.reading(time(args, "t", cx)?).map_err(out_of_range)?;
    Ok(Value::Int(part(reading)))
}

/// The parts of many times.
fn parts(zone: Zone, part: fn(i64) -> i64) -> OfTime {
    Box::new(move |time| Ok(part(zone.reading(time).map_err(out_of_range)?)))
}
