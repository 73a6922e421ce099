//! `findRecord(fn:, idx:)`: a row of a table as a record.

use super::found;
use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::value::{Record, Value};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "findRecord",
    signature: "(<-tables: stream[B], fn: (key: A) => bool, idx: int) => B where A: Record, B: Record",
    doc: "Reads the stream and answers a row of the first table whose group key matches; empty if there is none.",
    body: Body::Native(call),
};

fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    let row: i64 = args.required("idx")?;
    let found = found::find(args, cx)?;
    let record = found.and_then(|table| found::record(&table, row));
    Ok(record.unwrap_or_else(|| Value::Record(std::sync::Arc::new(Record::new()))))
}
