//! `kaufmansER(n:)`: the efficiency ratio.

use crate::registry::{Body, Definition};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "kaufmansER",
    signature: "(<-tables: stream[A], n: int) => stream[B] where A: Record, B: Record",
    doc: "Kaufman's efficiency ratio: how straight the last `n` changes went, from 0 to 1.",
    body: Body::Flux(
        "import \"math\"\n(tables=<-, n) => tables |> chandeMomentumOscillator(n: n) \
         |> map(fn: (r) => ({r with _value: math.abs(x: r._value) / 100.0}))",
    ),
};
