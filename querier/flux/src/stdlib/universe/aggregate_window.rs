//! `aggregateWindow(every:, fn:)`: an aggregate for each window of time.

use crate::registry::{Body, Definition};

/// The function: windows, the aggregate, a row of nulls for each empty window, the time taken from the window's bound,
/// and the windows put together again.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "aggregateWindow",
    signature: "(<-tables: stream[D], every: duration, fn: (<-: stream[B], column: A) => stream[C], \
                ?period: duration, ?offset: duration, ?location: {zone: string, offset: duration}, ?column: A, \
                ?timeSrc: string, ?timeDst: string, ?createEmpty: bool) => stream[E] \
                where B: Record, C: Record, D: Record, E: Record",
    doc: "Aggregates each window of time, and answers one row a window with its time.",
    body: Body::Flux(
        r#"(every, period=0s, fn, offset=0s, location=location, column="_value", timeSrc="_stop", timeDst="_time", createEmpty=true, tables=<-) => {
    aggregated = tables
        |> window(every: every, period: period, offset: offset, location: location, createEmpty: createEmpty)
        |> fn(column: column)
    filled = if createEmpty then aggregated |> _fillEmpty() else aggregated

    return filled
        |> duplicate(column: timeSrc, as: timeDst)
        |> window(every: inf, timeColumn: timeDst)
}"#,
    ),
};
