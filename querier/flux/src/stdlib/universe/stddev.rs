//! `stddev(column:, mode:)`: the standard deviation of a column of each table.

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::tables::aggregate::{Aggregate, Kind};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "stddev",
    signature: "(<-tables: stream[A], ?column: string, ?mode: string) => stream[B] where A: Record, B: Record",
    doc: "The standard deviation of a column of each table, of a \"sample\" (the default) or a whole \"population\".",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let population = match &*args.string_or("mode", "sample")? {
        "sample" => false,
        "population" => true,
        other => {
            return Err(FluxError::invalid(format!(
                "\"{other}\" is not a valid standard deviation mode, must be \"population\" or \"sample\""
            )));
        }
    };
    Aggregate::call(Kind::Stddev { population }, args)
}
