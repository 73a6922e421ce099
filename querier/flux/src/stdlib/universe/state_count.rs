//! `stateCount(fn:, column:)`: for how many rows a condition has held.

use weir_table::time::Duration;

use super::state_tracking::StateTracking;
use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::rowfn::RowFunction;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "stateCount",
    signature: "(<-tables: stream[A], fn: (r: A) => bool, ?column: string) => stream[B] where A: Record, B: Record",
    doc: "Tells for each row how many rows up to it `fn` has been true without a break; -1 where it is not.",
    body: Body::Native(call),
};

fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    args.transform(StateTracking {
        name: "stateCount",
        function: RowFunction::new(args.function("fn")?, cx),
        count: Some(args.string_or("column", "stateCount")?),
        duration: None,
        unit: Duration::from_nanoseconds(1_000_000_000),
        time: "_time".into(),
    })
}
