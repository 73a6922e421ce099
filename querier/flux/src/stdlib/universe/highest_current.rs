//! `highestCurrent(n:, column:, groupColumns:)`: the `n` greatest of the groups' last values.

use crate::registry::{Body, Definition};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "highestCurrent",
    signature: "(<-tables: stream[A], n: int, ?column: string, ?groupColumns: [string]) => stream[A] where A: Record",
    doc: "The `n` greatest of the groups' last values.",
    body: Body::Flux(
        "(tables=<-, n, column=\"_value\", groupColumns=[]) => tables |> group(columns: groupColumns) \
         |> last(column: column) |> group(columns: []) |> top(n: n, columns: [column])",
    ),
};
