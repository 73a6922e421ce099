//! `boundaries.week(week_offset:, start_sunday:)`.

use super::{Calendar, bounds, days};
use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "experimental/date/boundaries",
    name: "week",
    signature: "(?start_sunday: bool, ?week_offset: int) => {start: time, stop: time}",
    doc: "The bounds of this week, which begins on Monday (or Sunday), or of one that many weeks later.",
    body: Body::Native(call),
};

fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    let calendar = Calendar::new(cx)?;
    let day = if args.or("start_sunday", false)? { 0 } else { 1 };
    let weeks: i64 = args.or("week_offset", 0)?;
    let from = calendar.add(calendar.today, days(7).scale(weeks))?;
    let mut start = calendar.last(day, from)?;
    // On its first day a week has begun.
    if calendar.weekday(calendar.today)? == calendar.weekday(start)? {
        start = calendar.add(start, days(7))?;
    }
    Ok(bounds(start, calendar.add(start, days(7))?))
}
