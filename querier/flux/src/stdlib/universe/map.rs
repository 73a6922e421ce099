//! `map(fn:)`: a new row for each row.

use std::collections::VecDeque;
use std::sync::Arc;

use weir_table::{Column, TableBatch};

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Operator, Run, regroup};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::rowfn::{RowFunction, Vector};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "map",
    signature: "(<-tables: stream[A], fn: (r: A) => B, ?mergeKey: bool) => stream[B]",
    doc: "Makes a row of each row. Columns of the group key that `fn` does not return leave the key.",
    body: Body::Native(call),
};

#[derive(Debug)]
struct Map {
    function: RowFunction,
}

fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    args.transform(Map { function: RowFunction::new(args.function("fn")?, cx) })
}

impl Spec for Map {
    fn name(&self) -> &'static str {
        "map"
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, _node: &Node) -> Result<BoxOperator> {
        Ok(Box::new(Mapper {
            function: self.function.clone(),
            input: Some(inputs.remove(0)),
            run: run.clone(),
            ready: VecDeque::new(),
        }))
    }
}

/// A batch of new rows.
struct Mapped {
    batch: TableBatch,
    /// Labels of the old group key that the new rows still have.
    key: Vec<Arc<str>>,
    /// Whether tables may have to be merged or split: a key column was changed row by row, or left out.
    regroup: bool,
}

/// Maps batch by batch, and puts rows into the tables where they belong if their group keys changed.
struct Mapper {
    function: RowFunction,
    input: Option<BoxOperator>,
    run: Run,
    ready: VecDeque<TableBatch>,
}

impl Mapper {
    fn map(&self, batch: &TableBatch) -> Result<Mapped> {
        let records =
            self.function.records(batch).map_err(|e| e.context("map: failed to evaluate map function"))?;
        let mut columns: Vec<Column> = Vec::with_capacity(records.len());
        let mut key = Vec::new();
        let mut regroup = false;
        for (label, vector) in records {
            let in_key = batch.is_key(&label);
            let column = match vector {
                Vector::Run(ty, array) if in_key => Column::key(Arc::clone(&label), ty, array),
                vector => {
                    let (ty, array) =
                        vector.into_column(batch).map_err(|e| e.context(format!("map: {label}")))?;
                    // A column of nothing but untyped nulls has no type to be shown with.
                    let Some(ty) = ty else { continue };
                    regroup |= in_key;
                    Column::row(Arc::clone(&label), ty, array)
                }
            };
            columns.push(column);
            if in_key {
                key.push(label);
            }
        }
        regroup |= key.len() < batch.key_columns().count();
        let batch = TableBatch { columns, offsets: Arc::clone(&batch.offsets), continues: batch.continues };
        Ok(Mapped { batch, key, regroup })
    }
}

impl Operator for Mapper {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        loop {
            self.run.check()?;
            if let Some(batch) = self.ready.pop_front() {
                return Ok(Some(batch));
            }
            let Some(input) = &mut self.input else { return Ok(None) };
            let Some(batch) = input.next()? else { return Ok(None) };
            let mapped = self.map(&batch)?;
            if !mapped.regroup {
                return Ok(Some(mapped.batch));
            }
            let mut reservation = self.run.memory.reserve(mapped.batch.memory_size())?;
            let (mut batches, mut keys) = (vec![mapped.batch], vec![mapped.key]);
            if let Some(mut input) = self.input.take() {
                while let Some(batch) = input.next()? {
                    self.run.check()?;
                    let mapped = self.map(&batch)?;
                    reservation.grow(mapped.batch.memory_size())?;
                    batches.push(mapped.batch);
                    keys.push(mapped.key);
                }
            }
            self.ready =
                regroup(&batches, &|b, label| keys[b].iter().any(|k| **k == *label), &self.run)?.into();
        }
    }
}
