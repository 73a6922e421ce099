//! `cov(x:, y:, on:)`: the covariance of two streams.

use crate::registry::{Body, Definition};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "cov",
    signature: "(x: A, y: B, on: [string], ?pearsonr: bool) => stream[C] where C: Record",
    doc: "The covariance of the values of two streams, joined on some columns.",
    body: Body::Flux(
        "(x, y, on, pearsonr=false) => join(tables: {x: x, y: y}, on: on) \
         |> covariance(pearsonr: pearsonr, columns: [\"_value_x\", \"_value_y\"])",
    ),
};
