//! `timedMovingAverage(every:, period:)`: means of windows that may overlap.

use crate::registry::{Body, Definition};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "timedMovingAverage",
    signature: "(<-tables: stream[A], every: duration, period: duration, ?column: string) => stream[B] where A: Record, B: Record",
    doc: "The mean of the last `period`, every so often.",
    body: Body::Flux(
        "(tables=<-, every, period, column=\"_value\") => tables |> window(every: every, period: period) \
         |> mean(column: column) |> duplicate(column: \"_stop\", as: \"_time\") |> window(every: inf)",
    ),
};
