//! `boundaries.month(month_offset:)`.

use weir_table::time::Duration;

use super::{Calendar, bounds, invalid};
use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "experimental/date/boundaries",
    name: "month",
    signature: "(?month_offset: int) => {start: time, stop: time}",
    doc: "The bounds of this month, or of one that many months later.",
    body: Body::Native(call),
};

fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    let calendar = Calendar::new(cx)?;
    let month = Duration::from_months(1);
    let first = calendar.zone.truncate(calendar.today, month).map_err(invalid)?;
    let start = calendar.add(first, Duration::from_months(args.or("month_offset", 0)?))?;
    Ok(bounds(start, calendar.add(start, month)?))
}
