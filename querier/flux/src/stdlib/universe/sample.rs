//! `sample(n:, pos:)`: every so many rows of each table.

use std::hash::{BuildHasher, Hasher};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{KeyUse, Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::per_tables;
use crate::tables::rows::take_rows;
use crate::tables::select::selected;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "sample",
    signature: "(<-tables: stream[A], n: int, ?pos: int, ?column: string) => stream[A] where A: Record",
    doc: "Keeps every `n`th row of each table, from the row `pos` on; at random if `pos` is negative, as it is by default.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
struct Sample {
    n: usize,
    pos: Option<usize>,
    column: std::sync::Arc<str>,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let n: i64 = args.required("n")?;
    if n <= 0 {
        return Err(FluxError::invalid(format!("n must be a positive integer, but was {n}")));
    }
    let pos: i64 = args.or("pos", -1)?;
    if pos >= n {
        return Err(FluxError::invalid(format!("pos must be less than n, but {pos} >= {n}")));
    }
    let column = args.string_or("column", "_value")?;
    args.transform(Sample { n: n as usize, pos: usize::try_from(pos).ok(), column })
}

/// A number that is hard to foresee: hashers are seeded at random.
fn random(below: usize) -> usize {
    let hash = std::collections::hash_map::RandomState::new().build_hasher().finish();
    (hash % below as u64) as usize
}

impl Spec for Sample {
    fn name(&self) -> &'static str {
        "sample"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn key(&self) -> KeyUse {
        KeyUse::Kept
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let sample = self.clone();
        per_tables(inputs, run, node, move |batch| {
            selected(&batch, &sample.column)?;
            let mut rows: Vec<u32> = Vec::new();
            let mut offsets = vec![0];
            for run in 0..batch.runs() {
                let pos = sample.pos.unwrap_or_else(|| random(sample.n));
                rows.extend(batch.run(run).skip(pos).step_by(sample.n).map(|r| r as u32));
                offsets.push(rows.len());
            }
            Ok(Some(take_rows(&batch, rows, offsets)))
        })
    }
}
