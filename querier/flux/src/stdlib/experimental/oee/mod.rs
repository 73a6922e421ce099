//! `experimental/oee`: overall equipment effectiveness.

use crate::registry::Package;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package =
    Package { path: "experimental/oee", name: "oee", members: &[&APQ, &COMPUTE_APQ, &TOTAL] };

in_flux! { "experimental/oee":
    TOTAL = "_total", "(<-tables: stream[A], column: string) => stream[B] where A: Record, B: Record",
        "How much a counter rose over each table, with the time of the table's end.",
        r#"(tables=<-, column) =>
    tables
        |> difference(columns: [column], nonNegative: true)
        |> sum(column: column)
        |> duplicate(column: "_stop", as: "_time")"#;
    COMPUTE_APQ = "computeAPQ",
        "(idealCycleTime: A, partEvents: stream[B], plannedTime: C, productionEvents: stream[D], \
         runningState: E) => stream[{F with _stop: G, _time: G, availability: float, oee: float, \
         performance: float, quality: float, runTime: H}] where B: Record, D: Record, F: Record",
        "Availability, performance and quality of equipment, and their product.",
        r#"import "contrib/tomhollingworth/events"
import "experimental"

(productionEvents, partEvents, runningState, plannedTime, idealCycleTime) => {
    running = productionEvents
        |> events.duration(unit: 1ns, columnName: "runTime")
        |> filter(fn: (r) => r.state == runningState)
        |> sum(column: "runTime")
        |> map(fn: (r) => ({r with _time: r._stop, availability: float(v: r.runTime) / float(v: int(v: plannedTime))}))
    parts = experimental.join(
        left: partEvents |> _total(column: "partCount"),
        right: partEvents |> _total(column: "badCount"),
        fn: (left, right) => ({left with quality: float(v: left.partCount - right.badCount) / float(v: left.partCount)}),
    )

    return experimental.join(
        left: running,
        right: parts,
        fn: (left, right) => {
            performance = float(v: right.partCount) * float(v: int(v: idealCycleTime)) / float(v: left.runTime)

            return {left with
                performance: performance,
                quality: right.quality,
                oee: left.availability * performance * right.quality,
            }
        },
    )
}"#;
    APQ = "APQ",
        "(<-tables: stream[D], idealCycleTime: A, plannedTime: B, runningState: C) => stream[{E with \
         _stop: F, _time: F, availability: float, oee: float, performance: float, quality: float, \
         runTime: G}] where D: Record, E: Record",
        "Availability, performance and quality of equipment whose states and counts are rows of one stream.",
        r#"(tables=<-, runningState, plannedTime, idealCycleTime) =>
    computeAPQ(
        productionEvents: tables,
        partEvents: tables,
        runningState: runningState,
        plannedTime: plannedTime,
        idealCycleTime: idealCycleTime,
    )"#;
}
