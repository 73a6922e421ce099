//! `top(n:, columns:)`: the `n` greatest rows of each table, the greatest first.

use super::sort::Sort;
use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "top",
    signature: "(<-tables: stream[A], n: int, ?columns: [string]) => stream[A] where A: Record",
    doc: "The `n` greatest rows of each table, the greatest first.",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    Sort::first("top", true, args)
}
