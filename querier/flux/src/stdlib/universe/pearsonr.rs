//! `pearsonr(x:, y:, on:)`: the correlation of two streams.

use crate::registry::{Body, Definition};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "pearsonr",
    signature: "(x: A, y: B, on: [string]) => stream[C] where C: Record",
    doc: "The Pearson correlation of the values of two streams, joined on some columns.",
    body: Body::Flux("(x, y, on) => cov(x: x, y: y, on: on, pearsonr: true)"),
};
