//! `max(column:)`: keeps the row of each table with the greatest value of a column.

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::tables::select::{Kind, Selector};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "max",
    signature: "(<-tables: stream[A], ?column: string) => stream[A] where A: Record",
    doc: "Keeps the row of each table with the greatest value of a column.",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    Selector::call(Kind::Max, args)
}
