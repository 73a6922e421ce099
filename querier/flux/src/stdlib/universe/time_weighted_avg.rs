//! `timeWeightedAvg(unit:)`: the mean over time.

use crate::registry::{Body, Definition};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "timeWeightedAvg",
    signature: "(<-tables: stream[A], unit: duration) => stream[B] where A: Record, B: Record",
    doc: "The mean of each table over the time of its range, values taken to change in straight lines.",
    body: Body::Flux(
        "(tables=<-, unit) => tables |> integral(unit: unit, interpolate: \"linear\") \
         |> map(fn: (r) => ({r with _value: r._value * float(v: uint(v: unit)) \
         / float(v: int(v: r._stop) - int(v: r._start))}))",
    ),
};
