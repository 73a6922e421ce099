//! `unpivot()`: a table a column.

use std::sync::Arc;

use arrow_array::{Array, UInt32Array};
use weir_table::{Column, ColumnType, Scalar, TableBatch, repeat, take};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Hold, Operator, Run, Whole};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::stdlib::universe::group::Regrouped;
use crate::tables::Call;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "experimental",
    name: "unpivot",
    signature: "(<-tables: stream[{A with _time: time}], ?otherColumns: [string]) => \
                stream[{B with _field: string, _value: C}] where A: Record, B: Record",
    doc: "Makes a table of each column that is neither in the group key nor in otherColumns: its label in `_field`, \
          its values in `_value`. With `_field` among otherColumns they make one table.",
    body: Body::Native(call),
};

#[derive(Debug)]
struct Unpivot {
    others: Vec<Arc<str>>,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    args.transform(Unpivot { others: args.strings("otherColumns")?.unwrap_or_else(|| vec!["_time".into()]) })
}

impl Spec for Unpivot {
    fn name(&self) -> &'static str {
        "unpivot"
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let input = Whole::over(inputs.remove(0), run);
        let call = Call::of(node);
        let unpivoter =
            Unpivoter { input, others: self.others.clone(), call, run: run.clone(), batch: None, next: 0 };
        let one_table = unpivoter.keeps_field();
        let tables: BoxOperator = Box::new(unpivoter);
        Ok(if one_table { Regrouped::over(tables, run, TableBatch::is_key) } else { tables })
    }
}

struct Unpivoter {
    input: BoxOperator,
    others: Vec<Arc<str>>,
    /// For messages.
    call: Call,
    run: Run,
    /// What is unpivoted, and what counts it.
    batch: Option<(TableBatch, Hold)>,
    /// The column that is next.
    next: usize,
}

impl Unpivoter {
    /// What is wrong with the columns of a table, if anything is.
    fn check(&self, batch: &TableBatch) -> Result<()> {
        if batch.find("_field").is_some() || batch.find("_value").is_some() {
            return Err(FluxError::invalid("unpivot can't have \"_field\" or \"_value\" as an input column"));
        }
        match self.others.iter().find(|l| ***l != *"_field" && batch.find(l).is_none()) {
            Some(label) => {
                Err(FluxError::invalid(format!("unpivot could not find column named \"{label}\"")))
            }
            None => Ok(()),
        }
    }

    /// Whether `_field` is a column of the rows, not of the group key: then the columns of a table make one table.
    fn keeps_field(&self) -> bool {
        self.others.iter().any(|o| &**o == "_field")
    }

    /// The tables of one column: its rows that have a value, which may be none.
    fn tables_of(&self, batch: &TableBatch, field: &Column) -> TableBatch {
        let values = field.data.array();
        let mut rows: Vec<u32> = Vec::with_capacity(batch.rows());
        let mut offsets = vec![0];
        for run in 0..batch.runs() {
            rows.extend(batch.run(run).filter(|&r| values.is_valid(r)).map(|r| r as u32));
            offsets.push(rows.len());
        }
        let rows = UInt32Array::from(rows);
        let name = Scalar::String(Arc::clone(&field.label));
        let mut columns: Vec<Column> = batch.key_columns().cloned().collect();
        let ty = ColumnType::String;
        if !self.keeps_field() {
            columns.push(Column::key("_field", ty, repeat(&name, ty, batch.runs())));
        }
        for other in &self.others {
            match batch.column(other) {
                _ if **other == *"_field" => {
                    columns.push(Column::row("_field", ty, repeat(&name, ty, rows.len())));
                }
                Some(c) if !c.is_key() => {
                    columns.push(Column::row(Arc::clone(other), c.ty, take(c.data.array(), &rows)));
                }
                _ => {}
            }
        }
        columns.push(Column::row("_value", field.ty, take(values, &rows)));
        TableBatch::new(columns, offsets)
    }
}

impl Operator for Unpivoter {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        loop {
            self.run.check()?;
            if let Some((batch, _)) = &self.batch
                && let Some(column) = batch.columns.get(self.next)
            {
                self.next += 1;
                if column.is_key() || self.others.contains(&column.label) {
                    continue;
                }
                let _made = self.run.memory.reserve(batch.memory_size())?;
                return Ok(Some(self.tables_of(batch, column)));
            }
            self.batch = None;
            let Some(batch) = self.input.next()? else { return Ok(None) };
            self.check(&batch).map_err(|e| self.call.tell(e))?;
            let held = self.run.memory.hold(&batch)?;
            self.batch = Some((batch, held));
            self.next = 0;
        }
    }
}
