//! `tableFind(fn:)`: a table to look into.

use super::found::{self, Found};
use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "tableFind",
    signature: "(<-tables: stream[B], fn: (key: A) => bool) => stream[B] where A: Record, B: Record",
    doc: "Reads the stream and answers the first table whose group key matches.",
    body: Body::Native(call),
};

fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    match found::find(args, cx)? {
        Some(table) => Ok(args.source(Found { table })),
        None => Err(FluxError::not_found("no table found")),
    }
}
