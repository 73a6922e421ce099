//! `date.truncate(t:, unit:)`.

use weir_table::ColumnType;

use super::{out_of_range, time};
use crate::registry::{Body, Definition, Kernel};
use crate::stdlib::internal::location::zone_of;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "date",
    name: "truncate",
    signature: "(t: T, unit: duration, ?location: {zone: string, offset: duration}) => time where T: Timeable",
    doc: "The beginning of the unit that a time lies in: of its hour, day, month. Weeks begin on Thursday, as 1970 did.",
    body: Body::Columnar(
        |args, cx| {
            let zone = zone_of(args, cx)?;
            let t = time(args, "t", cx)?;
            zone.truncate(t, args.required("unit")?).map(Value::Time).map_err(out_of_range)
        },
        Kernel::Time("t", ColumnType::Time, |args, cx| {
            let (zone, unit) = (zone_of(args, cx)?, args.required("unit")?);
            Ok(Box::new(move |t| zone.truncate(t, unit).map_err(out_of_range)))
        }),
    ),
};
