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
    // Makes the median distance an estimate of the standard deviation of normally distributed values.
    k = 1.4826
    data = table |> group(columns: ["_time"], mode: "by")
    med = data |> median(column: "_value")
    diff = join(tables: {data, med}, on: ["_time"], method: "inner")
        |> map(fn: (r) => ({r with _value: math.abs(x: r._value_data - r._value_med)}))
        |> drop(columns: ["_start", "_stop", "_value_med", "_value_data"])
    diff_med = diff
        |> median(column: "_value")
        |> map(fn: (r) => ({r with MAD: k * r._value}))
        |> filter(fn: (r) => r.MAD > 0.0)

    return join(tables: {diff, diff_med}, on: ["_time"], method: "inner")
        |> map(fn: (r) => ({r with _value: r._value_diff / r._value_diff_med}))
        |> map(fn: (r) => ({r with level: if r._value >= threshold then "anomaly" else "normal"}))
}"#;
}
