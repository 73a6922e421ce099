//! `median(column:, method:, compression:)`: the value in the middle of each table.

use super::quantile::quantile;
use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "median",
    signature: "(<-tables: stream[A], ?column: string, ?method: string, ?compression: float) => stream[A] \
                where A: Record",
    doc: "The median of a column of each table: `quantile` with q 0.5.",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    quantile(args, 0.5)
}
