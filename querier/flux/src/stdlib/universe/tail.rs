//! `tail(n:, offset:)`: the last rows of each table.

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{KeyUse, Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::per_tables;
use crate::tables::rows::take_ranges;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "tail",
    signature: "(<-tables: stream[A], n: int, ?offset: int) => stream[A]",
    doc: "Keeps the last `n` rows of each table, before the last `offset` rows.",
    body: Body::Native(call),
};

/// Keeps the last rows.
#[derive(Debug, Clone)]
pub(crate) struct Tail {
    /// How many.
    pub(crate) n: usize,
    /// Before how many.
    pub(crate) offset: usize,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let n: i64 = args.required("n")?;
    let offset: i64 = args.or("offset", 0)?;
    args.transform(Tail { n: usize::try_from(n).unwrap_or(0), offset: usize::try_from(offset).unwrap_or(0) })
}

impl Spec for Tail {
    fn name(&self) -> &'static str {
        "tail"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn key(&self) -> KeyUse {
        KeyUse::Kept
    }

    fn details(&self) -> String {
        format!("n={} offset={}", self.n, self.offset)
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let tail = self.clone();
        per_tables(inputs, run, node, move |batch| {
            Ok(Some(take_ranges(&batch, |run| {
                let end = run.end.saturating_sub(tail.offset).max(run.start);
                end.saturating_sub(tail.n).max(run.start)..end
            })))
        })
    }
}
