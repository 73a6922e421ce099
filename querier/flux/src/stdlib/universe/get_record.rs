//! `getRecord(idx:)`: a row as a record.

use super::found;
use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "getRecord",
    signature: "(<-table: stream[A], idx: int) => A where A: Record",
    doc: "A row of a table that `tableFind` found, as a record.",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let row: i64 = args.required("idx")?;
    found::record(&found::table(args)?, row)
        .ok_or_else(|| FluxError::invalid(format!("index out of bounds: {row}")))
}
