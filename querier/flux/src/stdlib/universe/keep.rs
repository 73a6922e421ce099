//! `keep(columns:, fn:)`: keeps the columns of a list, or those for which a function of the name is true.

use super::column_list::Project;
use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "keep",
    signature: "(<-tables: stream[A], ?columns: [string], ?fn: (column: string) => bool) => stream[B] where A: Record, B: Record",
    doc: "Keeps the columns of a list, or those for which a function of the name is true.",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    args.transform(Project::read(true, args)?)
}
