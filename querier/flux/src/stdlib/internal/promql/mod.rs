//! `internal/promql`: what scripts that were translated from PromQL use.

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
        &HISTOGRAM_QUANTILE,
        &JOIN,
        &QUANTILE,
        &TIMESTAMP,
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
    nothing = 1970-01-01T00:00:00Z

    return array.from(rows: [{_start: nothing, _stop: nothing, _time: nothing, _value: 0.0}]) |> limit(n: 0)
}"#;
    TIMESTAMP = "timestamp",
        "(<-tables: stream[{A with _value: float}]) => stream[{A with _value: float}]",
        "The time of each row, in seconds, in place of its value.",
        "(tables=<-) => tables |> map(fn: (r) => ({r with _value: float(v: int(v: r._time)) / 1000000000.0}))";
    QUANTILE = "quantile", "(<-tables: stream[A], q: float, ?method: string) => stream[A] where A: Record",
        "The quantile of the values of each table; infinite where `q` is out of range, as PromQL has it.",
        r#"import "math"
import "universe"

(q, tables=<-, method="exact_mean") =>
    if math.isNaN(f: q) then
        tables |> reduce(identity: {_value: q}, fn: (r, accumulator) => accumulator)
    else if q < 0.0 then
        tables |> reduce(identity: {_value: math.mInf(sign: -1)}, fn: (r, accumulator) => accumulator)
    else if q > 1.0 then
        tables |> reduce(identity: {_value: math.mInf(sign: 1)}, fn: (r, accumulator) => accumulator)
    else
        tables |> universe.quantile(q: q, method: method)"#;
    HISTOGRAM_QUANTILE = "promHistogramQuantile",
        "(<-tables: stream[A], ?quantile: float, ?countColumn: string, ?upperBoundColumn: string, ?valueColumn: string) \
         => stream[B] where A: Record, B: Record",
        "A quantile of histograms whose bounds are in the tag `le`.",
        r#"import "universe"

(tables=<-, quantile=0.5, countColumn="_value", upperBoundColumn="le", valueColumn="_value") =>
    tables
        |> universe.histogramQuantile(
            quantile: quantile,
            countColumn: countColumn,
            upperBoundColumn: upperBoundColumn,
            valueColumn: valueColumn,
            onNonmonotonic: "force",
        )"#;
}
