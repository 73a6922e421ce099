//! `lowestMin(n:, column:, groupColumns:)`: the `n` least of the groups' least values.

use crate::registry::{Body, Definition};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "lowestMin",
    signature: "(<-tables: stream[A], n: int, ?column: string, ?groupColumns: [string]) => stream[A] where A: Record",
    doc: "The `n` least of the groups' least values.",
    body: Body::Flux(
        "(tables=<-, n, column=\"_value\", groupColumns=[]) => tables |> group(columns: groupColumns) \
         |> min(column: column) |> group(columns: []) |> bottom(n: n, columns: [column])",
    ),
};
