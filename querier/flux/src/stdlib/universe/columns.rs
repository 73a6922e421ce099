//! `columns(column:)`: the labels of each table's columns, a row each.

use super::column_names::ColumnNames;
use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "columns",
    signature: "(<-tables: stream[A], ?column: string) => stream[B] where A: Record, B: Record",
    doc: "The labels of each table's columns, a row each.",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    ColumnNames::call(false, args)
}
