//! `lowestCurrent(n:, column:, groupColumns:)`: the `n` least of the groups' last values.

use crate::registry::{Body, Definition};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "lowestCurrent",
    signature: "(<-tables: stream[A], n: int, ?column: string, ?groupColumns: [string]) => stream[A] where A: Record",
    doc: "The `n` least of the groups' last values.",
    body: Body::Flux(
        "(tables=<-, n, column=\"_value\", groupColumns=[]) => tables |> group(columns: groupColumns) \
         |> last(column: column) |> group(columns: []) |> bottom(n: n, columns: [column])",
    ),
};
