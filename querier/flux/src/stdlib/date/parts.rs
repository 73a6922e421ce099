//! Parts of a time.

use jiff::civil::DateTime;
use weir_table::time::Zone;

use super::{out_of_range, time};
use crate::error::Result;
use crate::eval::{Args, Context};
use crate::stdlib::internal::location::zone_of;
use crate::stdlib::native::natives;
use crate::value::Value;

natives! { "date":
    YEAR = "year", "(t: T, ?location: {zone: string, offset: duration}) => int where T: Timeable",
        "The year of a time.", |args, cx| part(args, cx, |t| t.year().into());
    QUARTER = "quarter", "(t: T, ?location: {zone: string, offset: duration}) => int where T: Timeable",
        "The quarter of the year, from 1.", |args, cx| part(args, cx, |t| (i64::from(t.month()) + 2) / 3);
    MONTH = "month", "(t: T, ?location: {zone: string, offset: duration}) => int where T: Timeable",
        "The month of the year, from 1.", |args, cx| part(args, cx, |t| t.month().into());
    WEEK = "week", "(t: T, ?location: {zone: string, offset: duration}) => int where T: Timeable",
        "The ISO week of the year, from 1.", |args, cx| part(args, cx, |t| t.date().iso_week_date().week().into());
    YEAR_DAY = "yearDay", "(t: T, ?location: {zone: string, offset: duration}) => int where T: Timeable",
        "The day of the year, from 1.", |args, cx| part(args, cx, |t| t.day_of_year().into());
    MONTH_DAY = "monthDay", "(t: T, ?location: {zone: string, offset: duration}) => int where T: Timeable",
        "The day of the month, from 1.", |args, cx| part(args, cx, |t| t.day().into());
    WEEK_DAY = "weekDay", "(t: T, ?location: {zone: string, offset: duration}) => int where T: Timeable",
        "The day of the week; Sunday is 0.",
        |args, cx| part(args, cx, |t| t.weekday().to_sunday_zero_offset().into());
    HOUR = "hour", "(t: T, ?location: {zone: string, offset: duration}) => int where T: Timeable",
        "The hour of the day.", |args, cx| part(args, cx, |t| t.hour().into());
    MINUTE = "minute", "(t: T, ?location: {zone: string, offset: duration}) => int where T: Timeable",
        "The minute of the hour.", |args, cx| part(args, cx, |t| t.minute().into());
    SECOND = "second", "(t: T) => int where T: Timeable",
        "The second of the minute.", |args, cx| fraction(args, cx, |ns| ns.div_euclid(1_000_000_000).rem_euclid(60));
    MILLISECOND = "millisecond", "(t: T) => int where T: Timeable",
        "The milliseconds of the second.", |args, cx| fraction(args, cx, |ns| ns.rem_euclid(1_000_000_000) / 1_000_000);
    MICROSECOND = "microsecond", "(t: T) => int where T: Timeable",
        "The microseconds of the second.", |args, cx| fraction(args, cx, |ns| ns.rem_euclid(1_000_000_000) / 1_000);
    NANOSECOND = "nanosecond", "(t: T) => int where T: Timeable",
        "The nanoseconds of the second.", |args, cx| fraction(args, cx, |ns| ns.rem_euclid(1_000_000_000));
}

/// A part of what the clock of the location shows.
fn part(args: &Args, cx: &Context, f: fn(DateTime) -> i64) -> Result<Value> {
    let zone = zone_of(args, cx)?;
    let shown = zone.date_time(time(args, "t", &zone, cx)?).map_err(out_of_range)?;
    Ok(Value::Int(f(shown)))
}

/// A part that is the same everywhere.
fn fraction(args: &Args, cx: &Context, f: fn(i64) -> i64) -> Result<Value> {
    Ok(Value::Int(f(time(args, "t", &Zone::UTC, cx)?)))
}
