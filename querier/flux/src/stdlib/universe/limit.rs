//! `limit(n:, offset:)`: the first rows of each table.

use weir_table::TableBatch;

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{KeyUse, Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::per_tables;
use crate::tables::rows::{keep_runs, take_ranges};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "limit",
    signature: "(<-tables: stream[A], n: int, ?offset: int) => stream[A]",
    doc: "Keeps the first `n` rows of each table, after `offset` rows. Tables that end before are dropped.",
    body: Body::Native(call),
};

/// Keeps the first rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Limit {
    /// How many.
    pub(crate) n: usize,
    /// After how many.
    pub(crate) offset: usize,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let n: i64 = args.required("n")?;
    let offset: i64 = args.or("offset", 0)?;
    args.transform(Limit { n: usize::try_from(n).unwrap_or(0), offset: usize::try_from(offset).unwrap_or(0) })
}

impl Limit {
    fn apply(&self, batch: &TableBatch) -> Option<TableBatch> {
        let cut = |batch: &TableBatch| {
            take_ranges(batch, |run| {
                let start = run.start.saturating_add(self.offset).min(run.end);
                start..start.saturating_add(self.n).min(run.end)
            })
        };
        // A table that had rows, but none after the offset, is gone; one that is asked for no rows is empty.
        let stays =
            |run: usize| self.n == 0 || batch.run(run).is_empty() || batch.run(run).len() > self.offset;
        let staying: Vec<u32> = (0..batch.runs()).filter(|&r| stays(r)).map(|r| r as u32).collect();
        if staying.is_empty() {
            return None;
        }
        Some(if staying.len() == batch.runs() { cut(batch) } else { cut(&keep_runs(batch, &staying)) })
    }
}

impl Spec for Limit {
    fn name(&self) -> &'static str {
        "limit"
    }

    fn key(&self) -> KeyUse {
        KeyUse::Kept
    }

    fn details(&self) -> String {
        format!("n={} offset={}", self.n, self.offset)
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let limit = self.clone();
        per_tables(inputs, run, node, move |batch| Ok(limit.apply(&batch)))
    }
}
