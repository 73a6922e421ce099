//! `stateDuration(fn:, column:, timeColumn:, unit:)`: how long a condition has held.

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
    name: "stateDuration",
    signature: "(<-tables: stream[A], fn: (r: A) => bool, ?column: string, ?timeColumn: string, \
                ?unit: duration) => stream[B] where A: Record, B: Record",
    doc: "Tells for each row how long `fn` has been true without a break, in whole units; -1 where it is not.",
    body: Body::Native(call),
};

fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    let tracking = StateTracking {
        name: "stateDuration",
        function: RowFunction::new(args.function("fn")?, cx),
        count: None,
        duration: Some(args.string_or("column", "stateDuration")?),
        unit: args.duration("unit")?.unwrap_or(Duration::from_nanoseconds(1_000_000_000)),
        time: args.string_or("timeColumn", "_time")?,
    };
    args.transform(tracking.checked()?)
}
