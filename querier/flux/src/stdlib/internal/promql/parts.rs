//! Parts of dates, of timestamps in seconds.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::error::{FluxError, Result};
use crate::eval::Args;
use crate::stdlib::native::natives;
use crate::value::Value;

natives! { "internal/promql":
    DAY_OF_MONTH = "promqlDayOfMonth", "(timestamp: float) => float", "The day of the month.",
        |args, _| part(args, |t| t.day().into());
    DAY_OF_WEEK = "promqlDayOfWeek", "(timestamp: float) => float", "The day of the week, from 0 for Sunday.",
        |args, _| part(args, |t| t.weekday().to_sunday_zero_offset().into());
    DAYS_IN_MONTH = "promqlDaysInMonth", "(timestamp: float) => float", "How many days the month has.",
        |args, _| part(args, |t| t.date().days_in_month().into());
    HOUR = "promqlHour", "(timestamp: float) => float", "The hour of the day.", |args, _| part(args, |t| t.hour().into());
    MINUTE = "promqlMinute", "(timestamp: float) => float", "The minute of the hour.",
        |args, _| part(args, |t| t.minute().into());
    MONTH = "promqlMonth", "(timestamp: float) => float", "The month of the year.",
        |args, _| part(args, |t| t.month().into());
    YEAR = "promqlYear", "(timestamp: float) => float", "The year of a timestamp.", |args, _| part(args, |t| t.year().into());
}

fn part(args: &Args, f: impl Fn(jiff::civil::DateTime) -> f64) -> Result<Value> {
    let seconds: f64 = args.required("timestamp")?;
    let time = Timestamp::from_second(seconds as i64).map_err(|e| FluxError::invalid(e.to_string()))?;
    Ok(Value::Float(f(TimeZone::UTC.to_datetime(time))))
}
