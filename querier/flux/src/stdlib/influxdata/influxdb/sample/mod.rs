//! `influxdata/influxdb/sample`: working with recorded data as if it were new.

use crate::registry::Package;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package =
    Package { path: "influxdata/influxdb/sample", name: "sample", members: &[&ALIGN_TO_NOW] };

in_flux! { "influxdata/influxdb/sample":
    ALIGN_TO_NOW = "alignToNow", "(<-tables: stream[A]) => stream[B] where A: Record, B: Record",
        "Moves all rows in time so that the latest is now.",
        r#"import "date"

(tables=<-) => {
    latest = tables |> keep(columns: ["_time"]) |> group() |> max(column: "_time") |> findColumn(fn: (key) => true, column: "_time")
    shift = duration(v: int(v: now()) - int(v: latest[0]))

    return tables |> timeShift(duration: shift)
}"#;
}
