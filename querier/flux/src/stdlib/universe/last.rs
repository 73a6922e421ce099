//! `last(column:)`: keeps the last row of each table whose column has a value.

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::tables::select::{Kind, Selector};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "last",
    signature: "(<-tables: stream[A], ?column: string) => stream[A] where A: Record",
    doc: "Keeps the last row of each table whose column has a value.",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    Selector::call(Kind::Last, args)
}
