//! `date`: calendar parts of times, and arithmetic on them. A time may be given as a duration from now. Functions that
//! take a `location` read the clock there; without one, the option `location` counts.

mod arithmetic;
pub mod boundaries;
mod constants;
mod parts;
mod truncate;

use weir_table::time::Zone;

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::registry::Package;
use crate::value::Value;

/// The package.
pub static PACKAGE: Package = Package {
    path: "date",
    name: "date",
    members: &[
        &arithmetic::ADD,
        &arithmetic::SCALE,
        &arithmetic::SUB,
        &arithmetic::TIME,
        &constants::APRIL,
        &constants::AUGUST,
        &constants::DECEMBER,
        &constants::FEBRUARY,
        &constants::FRIDAY,
        &constants::JANUARY,
        &constants::JULY,
        &constants::JUNE,
        &constants::MARCH,
        &constants::MAY,
        &constants::MONDAY,
        &constants::NOVEMBER,
        &constants::OCTOBER,
        &constants::SATURDAY,
        &constants::SEPTEMBER,
        &constants::SUNDAY,
        &constants::THURSDAY,
        &constants::TUESDAY,
        &constants::WEDNESDAY,
        &parts::HOUR,
        &parts::MICROSECOND,
        &parts::MILLISECOND,
        &parts::MINUTE,
        &parts::MONTH,
        &parts::MONTH_DAY,
        &parts::NANOSECOND,
        &parts::QUARTER,
        &parts::SECOND,
        &parts::WEEK,
        &parts::WEEK_DAY,
        &parts::YEAR,
        &parts::YEAR_DAY,
        &truncate::DEFINITION,
    ],
};

/// A time argument: a time, or a duration that is added to now.
fn time(args: &Args, name: &str, cx: &Context) -> Result<i64> {
    match args.get(name) {
        Some(Value::Time(t)) => Ok(*t),
        Some(Value::Duration(d)) => Zone::UTC.add(cx.now()?, *d).map_err(out_of_range),
        Some(Value::Null(_)) => Err(FluxError::invalid(format!("argument {name} was nil"))),
        Some(other) => Err(FluxError::invalid(format!(
            "cannot convert argument {name} of type {} to time",
            other.nature()
        ))),
        None => Err(FluxError::invalid(format!("missing argument {name}"))),
    }
}

fn out_of_range(error: weir_table::time::TimeError) -> FluxError {
    FluxError::invalid(error.to_string())
}
