//! `bottom(n:, columns:)`: the `n` least rows of each table, the least first.

use super::sort::Sort;
use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "bottom",
    signature: "(<-tables: stream[A], n: int, ?columns: [string]) => stream[A] where A: Record",
    doc: "The `n` least rows of each table, the least first.",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    Sort::first("bottom", false, args)
}
