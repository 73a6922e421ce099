//! `mean(column:)`: the mean of a column of each table.

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::tables::aggregate::{Aggregate, Kind};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "mean",
    signature: "(<-tables: stream[A], ?column: string) => stream[B] where A: Record, B: Record",
    doc: "The mean of a column of each table.",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    Aggregate::call(Kind::Mean, args)
}
