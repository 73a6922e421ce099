//! `findColumn(fn:, column:)`: a column of a table as an array.

use super::found;
use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "findColumn",
    signature: "(<-tables: stream[B], fn: (key: A) => bool, column: string) => [C] where A: Record, B: Record",
    doc: "Reads the stream and answers a column of the first table whose group key matches; empty if there is none.",
    body: Body::Native(call),
};

fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    let label: String = args.required("column")?;
    let found = found::find(args, cx)?;
    Ok(found.and_then(|table| found::column(&table, &label)).unwrap_or_else(|| Value::array(Vec::new())))
}
