//! `increase(columns:)`: how much a counter grew since the first row, resets left out.

use super::cumulative_sum::CumulativeSum;
use super::difference::Difference;
use crate::error::Result;
use crate::eval::{Args, Context};
use crate::plan::Node;
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "increase",
    signature: "(<-tables: stream[A], ?columns: [string]) => stream[B] where A: Record, B: Record",
    doc: "Adds up how much the values grew. A value less than the one before begins anew at zero.",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let columns = args.strings("columns")?.unwrap_or_else(|| vec!["_value".into()]);
    let steps =
        Difference { columns: columns.clone(), non_negative: true, keep_first: true, initial_zero: true };
    let steps = Node::new(steps, vec![args.tables()?], args.location.clone());
    Ok(Value::Stream(Node::new(CumulativeSum { columns }, vec![steps], args.location.clone())))
}
