//! `count(column:)`: counts the rows of each table, nulls included.

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::tables::aggregate::{Aggregate, Kind};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "count",
    signature: "(<-tables: stream[A], ?column: string) => stream[B] where A: Record, B: Record",
    doc: "Counts the rows of each table, nulls included.",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    Aggregate::call(Kind::Count, args)
}
