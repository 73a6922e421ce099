//! `experimental/oee`: overall equipment effectiveness.

use crate::registry::Package;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package = Package { path: "experimental/oee", name: "oee", members: &[&APQ, &COMPUTE_APQ, &TOTAL] };

in_flux! { "experimental/oee":
    TOTAL = "_total", "(<-tables: stream[A], column: string) => stream[B] where A: Record, B: Record",
        "How much a counter rose over each table, with the time of the table's end.",
        r#"(tables=<-, column) =>
    tables
        |> difference(columns: [column], nonNegative: true)
        |> sum(column: column)
        |> duplicate(column: "_stop", as: "_time")"#;
    COMPUTE_APQ = "computeAPQ",
        "(productionEvents: stream[A], partEvents: stream[B], runningState: C, plannedTime: D, idealCycleTime: E) => stream[F] \
         where A: Record, B: Record, C: Equatable, F: Record",
        "Availability, performance and quality of equipment, and their product.",
        r#"import "contrib/tomhollingworth/events"

(productionEvents, partEvents, runningState, plannedTime, idealCycleTime) => {
    running = productionEvents
        |> events.duration(unit: 1ns, columnName: "runTime")
        |> filter(fn: (r) => r.state == runningState)
        |> sum(column: "runTime")
        |> duplicate(column: "_stop", as: "_time")
        |> map(fn: (r) => ({r with availability: float(v: r.runTime) / float(v: int(v: plannedTime))}))
    made = partEvents |> _total(column: "partCount")
    bad = partEvents |> _total(column: "badCount")
    parts = join(tables: {made, bad}, on: ["_time", "_start", "_stop"])

    return join(tables: {running, parts}, on: ["_time", "_start", "_stop"])
        |> map(fn: (r) => ({r with
            performance: float(v: r.partCount) * float(v: int(v: idealCycleTime)) / float(v: r.runTime),
            quality: float(v: r.partCount - r.badCount) / float(v: r.partCount),
        }))
        |> map(fn: (r) => ({r with oee: r.availability * r.performance * r.quality}))
        |> drop(columns: ["partCount", "badCount"])
}"#;
    APQ = "APQ",
        "(<-tables: stream[A], runningState: B, plannedTime: C, idealCycleTime: D) => stream[E] where A: Record, B: Equatable, E: Record",
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
