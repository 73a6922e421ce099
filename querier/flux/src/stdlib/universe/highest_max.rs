//! `highestMax(n:, column:, groupColumns:)`: the `n` greatest of the groups' greatest values.

use crate::registry::{Body, Definition};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "highestMax",
    signature: "(<-tables: stream[A], n: int, ?column: string, ?groupColumns: [string]) => stream[A] where A: Record",
    doc: "The `n` greatest of the groups' greatest values.",
    body: Body::Flux(
        "(tables=<-, n, column=\"_value\", groupColumns=[]) => tables |> group(columns: groupColumns) \
         |> max(column: column) |> group(columns: []) |> top(n: n, columns: [column])",
    ),
};
