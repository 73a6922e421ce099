//! `internal/promql`: what scripts that were translated from PromQL use.

mod histogram;
mod labels;
mod over_time;
mod parts;
mod rates;

use crate::registry::Package;
use crate::stdlib::forward::forwards;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package = Package {
    path: "internal/promql",
    name: "promql",
    members: &[
        &EMPTY_TABLE,
        &JOIN,
        &QUANTILE,
        &TIMESTAMP,
        &histogram::DEFINITION,
        &labels::DEFINITION,
        &over_time::CHANGES,
        &over_time::HOLT_WINTERS,
        &over_time::LINEAR_REGRESSION,
        &over_time::RESETS,
        &parts::DAY_OF_MONTH,
        &parts::DAY_OF_WEEK,
        &parts::DAYS_IN_MONTH,
        &parts::HOUR,
        &parts::MINUTE,
        &parts::MONTH,
        &parts::YEAR,
        &rates::EXTRAPOLATED,
        &rates::INSTANT,
    ],
};

forwards! { "internal/promql":
    JOIN = "join", "experimental"."join",
        "(left: stream[A], right: stream[B], fn: (left: A, right: B) => C) => stream[C] where A: Record, B: Record, C: Record",
        "Joins tables of the same group key on `_time`.";
}

in_flux! { "internal/promql":
    EMPTY_TABLE = "emptyTable", "() => stream[{_start: time, _stop: time, _time: time, _value: float}]",
        "One table without rows.",
        r#"import "array"

() => {
    never = 1754-08-30T22:43:41.128654848Z

    return array.from(rows: [{_start: never, _stop: never, _time: never, _value: 0.0}])
        |> group(columns: ["_start", "_stop"])
        |> limit(n: 0)
}"#;
    TIMESTAMP = "timestamp",
        "(<-tables: stream[{A with _value: float}]) => stream[{A with _value: float}]",
        "The time of each row (or the end of its range, if it has none) in seconds, in place of its value.",
        r#"(tables=<-) =>
    tables
        |> map(fn: (r) => {
            time = if exists r._time then r._time else r._stop

            return {r with _value: float(v: int(v: time) / 1000000) / 1000.0}
        })"#;
    QUANTILE = "quantile", "(<-tables: stream[A], q: float, ?method: string) => stream[A] where A: Record",
        "The quantile of the values of each table; infinite where `q` is out of range, as PromQL has it.",
        r#"import "math"
import "universe"

(q, tables=<-, method="exact_mean") =>
    if q >= 0.0 and q <= 1.0 then
        tables |> universe.quantile(q: q, method: method)
    else if q < 0.0 then
        tables |> reduce(identity: {_value: math.mInf(sign: -1)}, fn: (r, accumulator) => accumulator)
    else
        tables |> reduce(identity: {_value: math.mInf(sign: 1)}, fn: (r, accumulator) => accumulator)"#;
}
