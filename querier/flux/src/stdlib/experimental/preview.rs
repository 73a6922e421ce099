//! `preview()`: a few rows of a few tables.

use weir_table::TableBatch;

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Operator, Run, Whole};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::rows::take_ranges;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "experimental",
    name: "preview",
    signature: "(<-tables: stream[A], ?nrows: int, ?ntables: int) => stream[A] where A: Record",
    doc: "The first rows of the first tables: five of five unless told otherwise.",
    body: Body::Native(call),
};

#[derive(Debug)]
struct Preview {
    rows: usize,
    tables: usize,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let (rows, tables): (i64, i64) = (args.or("nrows", 5)?, args.or("ntables", 5)?);
    let count = |n| usize::try_from(n).unwrap_or(0);
    args.transform(Preview { rows: count(rows), tables: count(tables) })
}

impl Spec for Preview {
    fn name(&self) -> &'static str {
        "preview"
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, _node: &Node) -> Result<BoxOperator> {
        Ok(Box::new(Previewer {
            input: Whole::over(inputs.remove(0), run),
            rows: self.rows,
            left: self.tables,
        }))
    }
}

struct Previewer {
    input: BoxOperator,
    rows: usize,
    left: usize,
}

impl Operator for Previewer {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        if self.left == 0 {
            return Ok(None);
        }
        let Some(batch) = self.input.next()? else { return Ok(None) };
        let runs = batch.runs().min(self.left);
        self.left -= runs;
        let batch = batch.slice_runs(0..runs);
        Ok(Some(take_ranges(&batch, |rows| rows.start..rows.end.min(rows.start + self.rows))))
    }
}
