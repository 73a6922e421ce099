//! Times and durations added, subtracted and multiplied.

use weir_table::time::Duration;

use super::{out_of_range, time};
use crate::error::Result;
use crate::eval::{Args, Context};
use crate::stdlib::internal::location::zone_of;
use crate::stdlib::native::natives;
use crate::value::Value;

natives! { "date":
    ADD = "add", "(d: duration, to: T, ?location: {zone: string, offset: duration}) => time where T: Timeable",
        "A time and a duration added: months first, clamped to the month's last day.",
        |args, cx| {
            let d = args.required("d")?;
            shift(args, "to", d, cx)
        };
    SUB = "sub", "(d: duration, from: T, ?location: {zone: string, offset: duration}) => time where T: Timeable",
        "A duration subtracted from a time.",
        |args, cx| {
            let d: Duration = args.required("d")?;
            shift(args, "from", -d, cx)
        };
    TIME = "time", "(t: T, ?location: {zone: string, offset: duration}) => time where T: Timeable",
        "The time itself, or the time that is a duration from now.",
        |args, cx| Ok(Value::Time(time(args, "t", &zone_of(args, cx)?, cx)?));
    SCALE = "scale", "(d: duration, n: int) => duration", "A duration `n` times.",
        |args, _| {
            let d: Duration = args.required("d")?;
            Ok(Value::Duration(d.scale(args.required("n")?)))
        };
}

fn shift(args: &Args, name: &str, d: Duration, cx: &Context) -> Result<Value> {
    let zone = zone_of(args, cx)?;
    zone.add(time(args, name, &zone, cx)?, d).map(Value::Time).map_err(out_of_range)
}
