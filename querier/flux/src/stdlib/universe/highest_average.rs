//! `highestAverage(n:, column:, groupColumns:)`: the `n` greatest of the groups' means.

use crate::registry::{Body, Definition};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "highestAverage",
    signature: "(<-tables: stream[A], n: int, ?column: string, ?groupColumns: [string]) => stream[B] where A: Record, B: Record",
    doc: "The `n` greatest of the groups' means.",
    body: Body::Flux(
        "(tables=<-, n, column=\"_value\", groupColumns=[]) => tables |> group(columns: groupColumns) \
         |> mean(column: column) |> group(columns: []) |> top(n: n, columns: [column])",
    ),
};
