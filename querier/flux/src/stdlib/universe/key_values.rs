//! `keyValues(keyColumns:)`: the different values of some columns, with the columns' names.

use std::sync::Arc;

use weir_table::{Column, ColumnBuilder, ColumnType, KeyEncoder, KeySlots, TableBatch};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{KeyUse, Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::per_tables;
use crate::tables::rows::with_key;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "keyValues",
    signature: "(<-tables: stream[A], ?keyColumns: [string]) => stream[{C with _key: string, _value: B}] \
                where A: Record, C: Record",
    doc: "The different values of some columns of each table: `_key` is the column that has the value first, `_value` \
          the value. The columns must be of one type.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
pub(crate) struct KeyValues {
    columns: Vec<Arc<str>>,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let Some(columns) = args.strings("keyColumns")? else {
        return Err(FluxError::invalid("neither column list nor predicate function provided"));
    };
    args.transform(KeyValues { columns })
}

impl KeyValues {
    fn apply(&self, batch: &TableBatch) -> Result<Option<TableBatch>> {
        let present: Vec<usize> = self.columns.iter().filter_map(|label| batch.find(label)).collect();
        let Some(&first) = present.first() else {
            let labels: Vec<&str> = batch.columns.iter().map(|c| &*c.label).collect();
            return Err(FluxError::invalid(format!(
                "received table with columns [{}] not having key columns [{}]",
                labels.join(" "),
                self.columns.join(" ")
            )));
        };
        let ty = batch.columns[first].ty;
        if present.iter().any(|&i| batch.columns[i].ty != ty) {
            return Err(FluxError::invalid("keyColumns must all be the same type"));
        }
        let arrays: Vec<_> = present.iter().map(|&i| batch.row_values(i)).collect();
        let encoders: Vec<_> = arrays.iter().map(|a| KeyEncoder::new([(ty, a)])).collect();
        let mut keys = ColumnBuilder::new(ColumnType::String, batch.runs());
        let mut values = ColumnBuilder::new(ty, batch.runs());
        let mut offsets = vec![0];
        let mut rows = 0;
        let mut key = Vec::new();
        for run in 0..batch.runs() {
            // A value counts once a column, a null once a table.
            let mut seen = KeySlots::new();
            let mut seen_null = false;
            for row in batch.run(run) {
                for (n, &i) in present.iter().enumerate() {
                    let new = if arrays[n].is_null(row) {
                        !std::mem::replace(&mut seen_null, true)
                    } else {
                        key.clear();
                        key.extend_from_slice(&n.to_be_bytes());
                        encoders[n].encode(row, &mut key);
                        seen.slot(&key).1
                    };
                    if new {
                        keys.push(&weir_table::Scalar::String(Arc::clone(&batch.columns[i].label)));
                        values.push(&batch.cell(i, run, row));
                        rows += 1;
                    }
                }
            }
            offsets.push(rows);
        }
        let columns = vec![
            Column::row("_key", ColumnType::String, keys.finish()),
            Column::row("_value", ty, values.finish()),
        ];
        with_key(batch, columns, offsets).map(Some)
    }
}

impl Spec for KeyValues {
    fn name(&self) -> &'static str {
        "keyValues"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn key(&self) -> KeyUse {
        KeyUse::Shown
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let this = self.clone();
        per_tables(inputs, run, node, move |batch| this.apply(&batch))
    }
}
