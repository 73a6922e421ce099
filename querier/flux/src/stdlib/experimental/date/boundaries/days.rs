//! Yesterday, and the last of each day of the week.

use super::{Calendar, bounds, days};
use crate::error::Result;
use crate::eval::Context;
use crate::stdlib::native::natives;
use crate::value::Value;

natives! { "experimental/date/boundaries":
    YESTERDAY = "yesterday", "() => {start: time, stop: time}", "The bounds of yesterday.",
        |_, cx| {
            let calendar = Calendar::new(cx)?;
            Ok(bounds(calendar.add(calendar.today, days(-1))?, calendar.today))
        };
    SUNDAY = "sunday", "() => {start: time, stop: time}", "The bounds of the last Sunday before today.",
        |_, cx| last(0, cx);
    MONDAY = "monday", "() => {start: time, stop: time}", "The bounds of the last Monday before today.",
        |_, cx| last(1, cx);
    TUESDAY = "tuesday", "() => {start: time, stop: time}", "The bounds of the last Tuesday before today.",
        |_, cx| last(2, cx);
    WEDNESDAY = "wednesday", "() => {start: time, stop: time}", "The bounds of the last Wednesday before today.",
        |_, cx| last(3, cx);
    THURSDAY = "thursday", "() => {start: time, stop: time}", "The bounds of the last Thursday before today.",
        |_, cx| last(4, cx);
    FRIDAY = "friday", "() => {start: time, stop: time}", "The bounds of the last Friday before today.",
        |_, cx| last(5, cx);
    SATURDAY = "saturday", "() => {start: time, stop: time}", "The bounds of the last Saturday before today.",
        |_, cx| last(6, cx);
}

fn last(day: i64, cx: &Context) -> Result<Value> {
    let calendar = Calendar::new(cx)?;
    let start = calendar.last(day, calendar.today)?;
    Ok(bounds(start, calendar.add(start, days(1))?))
}
