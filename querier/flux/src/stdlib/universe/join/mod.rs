//! `join(tables:, on:)`: rows of two streams that agree on some columns.

mod spilled;

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, UInt32Array};
use weir_table::{Column, ColumnType, KeyEncoder, TableBatch, concat, null_array, take};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Budget, Operator, Reading, Regrouper, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::value::{Record, Value};

use spilled::join_on_disk;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "join",
    signature: "(<-tables: A, ?method: string, ?on: [string]) => stream[B] where A: Record, B: Record",
    doc: "Joins two streams on the columns of `on`; other columns that both have get the stream's name as a suffix.",
    body: Body::Native(call),
};

/// A join.
#[derive(Debug, Clone)]
pub(crate) struct Join {
    /// The names of the streams.
    pub(crate) names: [Arc<str>; 2],
    /// The columns that must be equal.
    pub(crate) on: Vec<Arc<str>>,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let tables: Arc<Record> = args.pipe("tables")?;
    let method = args.string_or("method", "inner")?;
    if &*method != "inner" {
        return Err(FluxError::invalid(format!(
            "\"{method}\" is not a supported join type: only \"inner\" is"
        )));
    }
    let mut on: Vec<Arc<str>> = args.required("on")?;
    // Rows are put in order by these columns, which are taken in the order of their names.
    on.sort();
    on.dedup();
    if on.is_empty() {
        return Err(FluxError::invalid("at least one column in 'on' column list is required"));
    }
    let mut inputs: Vec<(Arc<str>, Arc<Node>)> = Vec::new();
    for (name, value) in tables.iter() {
        let Value::Stream(node) = value else {
            return Err(FluxError::invalid(format!("value \"{name}\" in tables is not a stream")));
        };
        inputs.push((Arc::clone(name), Arc::clone(node)));
    }
    // The streams are told apart by name, so their order in the record does not count.
    inputs.sort_by(|a, b| a.0.cmp(&b.0));
    let [a, b] = <[_; 2]>::try_from(inputs).map_err(|i| {
        FluxError::invalid(format!("joins currently must only have two parents, got {}", i.len()))
    })?;
    let join = Join { names: [a.0, b.0], on };
    Ok(Value::Stream(Node::new(join, vec![a.1, b.1], args.location.clone())))
}

impl Spec for Join {
    fn name(&self) -> &'static str {
        "join"
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, _node: &Node) -> Result<BoxOperator> {
        let right = inputs.remove(1);
        let left = inputs.remove(0);
        Ok(Box::new(Joiner {
            join: self.clone(),
            inputs: Some((left, right)),
            run: run.clone(),
            tables: None,
        }))
    }
}

struct Joiner {
    join: Join,
    inputs: Option<(BoxOperator, BoxOperator)>,
    run: Run,
    tables: Option<BoxOperator>,
}

impl Joiner {
    fn join(&self, left: BoxOperator, right: BoxOperator) -> Result<BoxOperator> {
        let left = Reading::of(left, &self.run)?;
        let right = Reading::of(right, &self.run)?;
        let (left, right) = match (left, right) {
            (Reading::All(left), Reading::All(right)) => {
                let mut out = Regrouper::new(&self.run);
                let joined = self.join.apply(&left.batches, &right.batches, &self.run, &mut out);
                match joined.and_then(|()| out.finish()) {
                    Err(e) if e.is_out_of_memory() && self.run.spill.is_some() => {}
                    tables => return tables,
                }
                (Reading::All(left), Reading::All(right))
            }
            other => other,
        };
        join_on_disk(&self.join, left.stream(), right.stream(), &self.run)
    }
}

impl Operator for Joiner {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        if let Some((left, right)) = self.inputs.take() {
            self.tables = Some(self.join(left, right)?);
        }
        match &mut self.tables {
            Some(tables) => tables.next(),
            None => Ok(None),
        }
    }
}

/// What a key takes besides its bytes, in a list and in the index.
const KEY: usize = 2 * size_of::<Option<Vec<u8>>>() + 32;

/// A match: the join columns' bytes, the left row and the right row.
type Match = (Vec<u8>, u32, u32);

/// Bytes of the join columns of a row; `None` if one of them is null or missing: such rows match nothing.
fn row_keys(batch: &TableBatch, on: &[Arc<str>], budget: &mut Budget) -> Result<Vec<Option<Vec<u8>>>> {
    let Some(indices) = on.iter().map(|l| batch.find(l)).collect::<Option<Vec<_>>>() else {
        return Ok(vec![None; batch.rows()]);
    };
    let arrays: Vec<(ColumnType, ArrayRef)> =
        indices.iter().map(|&i| (batch.columns[i].ty, batch.row_values(i))).collect();
    let encoder = KeyEncoder::new(arrays.iter().map(|(t, a)| (*t, a)));
    (0..batch.rows())
        .map(|i| {
            if arrays.iter().any(|(_, a)| arrow_array::Array::is_null(a, i)) {
                return Ok(None);
            }
            let mut key = Vec::new();
            encoder.encode(i, &mut key);
            budget.add(KEY + key.len())?;
            Ok(Some(key))
        })
        .collect()
}

impl Join {
    /// Adds the joined rows of some batches to `out`.
    fn apply(&self, left: &[TableBatch], right: &[TableBatch], run: &Run, out: &mut Regrouper) -> Result<()> {
        let mut index: HashMap<Vec<u8>, Vec<(usize, u32)>> = HashMap::new();
        let mut budget = Budget::new(run)?;
        for (b, batch) in right.iter().enumerate() {
            for (row, key) in row_keys(batch, &self.on, &mut budget)?.into_iter().enumerate() {
                if let Some(key) = key {
                    budget.add(size_of::<(usize, u32)>())?;
                    index.entry(key).or_default().push((b, row as u32));
                }
            }
        }
        // Matches by pair of batches, so that each pair is one gather.
        let mut pairs: HashMap<(usize, usize), Vec<Match>> = HashMap::new();
        let mut order: Vec<(usize, usize)> = Vec::new();
        for (l, batch) in left.iter().enumerate() {
            run.check()?;
            for (row, key) in row_keys(batch, &self.on, &mut budget)?.into_iter().enumerate() {
                let Some(key) = key else { continue };
                for &(r, right_row) in index.get(&key).into_iter().flatten() {
                    let matches = pairs.entry((l, r)).or_insert_with(|| {
                        order.push((l, r));
                        Vec::new()
                    });
                    budget.add(size_of::<Match>() + key.len())?;
                    matches.push((key.clone(), row as u32, right_row));
                }
            }
        }
        budget.settle()?;
        for pair in order {
            let Some(mut matches) = pairs.remove(&pair) else { continue };
            matches.sort_by(|a, b| a.0.cmp(&b.0));
            let rows_left: UInt32Array = matches.iter().map(|m| m.1).collect();
            let rows_right: UInt32Array = matches.iter().map(|m| m.2).collect();
            let columns = left[pair.0].columns.len() + right[pair.1].columns.len();
            let _making = run.memory.reserve(matches.len() * 8 * (columns + 1))?;
            let (batch, key) = self.join_rows(&left[pair.0], &rows_left, &right[pair.1], &rows_right);
            out.push(batch, key)?;
        }
        Ok(())
    }

    /// The joined rows as one table, and the labels of its group key.
    fn join_rows(
        &self,
        left: &TableBatch,
        rows_left: &UInt32Array,
        right: &TableBatch,
        rows_right: &UInt32Array,
    ) -> (TableBatch, Vec<Arc<str>>) {
        let mut columns: Vec<Column> = Vec::new();
        let mut key = Vec::new();
        for (side, (batch, other, rows)) in
            [(left, right, rows_left), (right, left, rows_right)].into_iter().enumerate()
        {
            for (i, c) in batch.columns.iter().enumerate() {
                let joined = self.on.contains(&c.label);
                let label: Arc<str> = if !joined && other.find(&c.label).is_some() {
                    format!("{}_{}", c.label, self.names[side]).into()
                } else {
                    Arc::clone(&c.label)
                };
                if c.is_key() && !key.contains(&label) {
                    key.push(Arc::clone(&label));
                }
                if columns.iter().all(|d| d.label != label) {
                    let values = batch.row_values(i);
                    let array = if rows.is_empty() { null_array(c.ty, 0) } else { take(&values, rows) };
                    columns.push(Column::row(label, c.ty, concat(&[array])));
                }
            }
        }
        columns.sort_by(|a, b| a.label.cmp(&b.label));
        let rows = rows_left.len();
        (TableBatch::new(columns, vec![0, rows]), key)
    }
}
