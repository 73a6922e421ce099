//! Times and durations added, subtracted and multiplied.

use weir_table::ColumnType;
use weir_table::time::Duration;

use super::{out_of_range, time};
use crate::registry::{Body, Definition, Kernel};
use crate::stdlib::internal::location::zone_of;
use crate::stdlib::native::natives;
use crate::value::Value;

/// Defines sums of times and durations.
macro_rules! sums {
    ($($id:ident = $name:literal, $of:literal, $doc:literal, $sign:expr;)*) => {
        $(
            #[doc = $doc]
            pub(crate) static $id: Definition = Definition {
                package: "date",
                name: $name,
                signature: concat!(
                    "(d: duration, ", $of, ": T, ?location: {zone: string, offset: duration}) => time where T: Timeable"
                ),
                doc: $doc,
                body: Body::Columnar(
                    |args, cx| {
                        let zone = zone_of(args, cx)?;
                        let (d, t) = ($sign(args.required("d")?), time(args, $of, cx)?);
                        zone.add(t, d).map(Value::Time).map_err(out_of_range)
                    },
                    Kernel::Time($of, ColumnType::Time, |args, cx| {
                        let (zone, d) = (zone_of(args, cx)?, $sign(args.required("d")?));
                        Ok(Box::new(move |t| zone.add(t, d).map_err(out_of_range)))
                    }),
                ),
            };
        )*
    };
}

sums! {
    ADD = "add", "to",
        "A time and a duration added: months first, clamped to the month's last day.", std::convert::identity::<Duration>;
    SUB = "sub", "from",
        "A duration subtracted from a time.", |d: Duration| -d;
}

natives! { "date":
    TIME = "time", "(t: T, ?location: {zone: string, offset: duration}) => time where T: Timeable",
        "What the clock shows at a time, or at the time that is a duration from now, as if it showed UTC.",
        |args, cx| zone_of(args, cx)?.reading(time(args, "t", cx)?).map(Value::Time).map_err(out_of_range);
    SCALE = "scale", "(d: duration, n: int) => duration", "A duration `n` times.",
        |args, _| {
            let d: Duration = args.required("d")?;
            Ok(Value::Duration(d.scale(args.required("n")?)))
        };
}
