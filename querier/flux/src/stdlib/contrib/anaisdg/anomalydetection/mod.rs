//! `contrib/anaisdg/anomalydetection`: series that go other ways than their like.

mod deviations;

use crate::registry::Package;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package = Package {
    path: "contrib/anaisdg/anomalydetection",
    name: "anomalydetection",
    members: &[&MAD, &deviations::DEFINITION],
};

in_flux! { "contrib/anaisdg/anomalydetection":
    MAD = "mad", "(<-table: stream[B], ?threshold: A) => stream[{C with _value: D, _value_diff: D, \
         _value_diff_med: D, level: string}] where B: Record, C: Record",
        "Marks values whose distance from the median of their time is many times the median distance.",
        r#"(table=<-, threshold=3.0) => table |> group(columns: ["_time"]) |> _deviations(threshold: float(v: threshold))"#;
}
