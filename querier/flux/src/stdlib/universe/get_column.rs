//! `getColumn(column:)`: a column as an array.

use super::found;
use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "getColumn",
    signature: "(<-table: stream[A], column: string) => [B] where A: Record",
    doc: "A column of a table that `tableFind` found, as an array.",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let label: String = args.required("column")?;
    found::column(&found::table(args)?, &label)
        .ok_or_else(|| FluxError::invalid(format!("cannot find column {label}")))
}
