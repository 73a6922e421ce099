//! `contrib/anaisdg/anomalydetection`: series that go other ways than their like.

use crate::registry::Package;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package =
    Package { path: "contrib/anaisdg/anomalydetection", name: "anomalydetection", members: &[&MAD] };

in_flux! { "contrib/anaisdg/anomalydetection":
    MAD = "mad", "(<-table: stream[A], ?threshold: float) => stream[B] where A: Record, B: Record",
        "Marks values whose distance from the median of their time is many times the median distance.",
        r#"import "math"

(table=<-, threshold=3.0) => {
    values = table |> group(columns: ["_time"])
    middles = values |> median() |> rename(columns: {_value: "____middle"})
    distances =
        join(tables: {values: values, middles: middles}, on: ["_time"])
            |> map(fn: (r) => ({r with _value_diff: math.abs(x: r._value - r.____middle)}))
            |> drop(columns: ["_start", "_stop", "_value", "____middle"])

    // 1.4826 makes the median distance an estimate of the standard deviation of normally distributed values. Times
    // at which all values are alike have none, and are left out.
    typical =
        distances
            |> median(column: "_value_diff")
            |> rename(columns: {_value_diff: "_value_diff_med"})
            |> map(fn: (r) => ({r with MAD: 1.4826 * r._value_diff_med}))
            |> filter(fn: (r) => r.MAD > 0.0)

    return
        join(tables: {distances: distances, typical: typical}, on: ["_time"])
            |> map(fn: (r) => {
                far = r._value_diff / r._value_diff_med

                return {r with _value: far, level: if far < threshold then "normal" else "anomaly"}
            })
}"#;
}
