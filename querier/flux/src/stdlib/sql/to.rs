//! `to(driverName:, dataSourceName:, table:)`: rows into a database.

use std::sync::Arc;

use weir_table::TableBatch;

use crate::env::{SqlRows, SqlSource};
use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, PerBatch, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::Call;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "sql",
    name: "to",
    signature: "(<-tables: stream[A], driverName: string, dataSourceName: string, table: string, ?batchSize: int) => stream[A]",
    doc: "Writes the rows to a table of a database, which is made if it is not there, and passes them on.",
    body: Body::Native(call),
};

/// As many rows as one statement takes where the script does not say.
const BATCH: i64 = 10_000;

#[derive(Debug, Clone)]
struct ToSql {
    /// The database, or why there is none, which is told when it is written.
    source: Result<SqlSource>,
    table: Arc<str>,
    batch: usize,
}

fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    let given = |value: Arc<str>, what: &str| {
        (!value.is_empty()).then_some(value).ok_or_else(|| FluxError::invalid(format!("invalid {what} name")))
    };
    let driver = given(args.required("driverName")?, "driver")?;
    let address = given(args.required("dataSourceName")?, "data source")?;
    let table = given(args.required("table")?, "table")?;
    let size: i64 = args.or("batchSize", BATCH)?;
    let batch = usize::try_from(size).ok().filter(|n| *n > 0);
    let batch = batch.ok_or_else(|| FluxError::invalid("batchSize must be positive"))?;
    let source = super::source(&driver, &address);
    let value = args.transform(ToSql { source, table, batch })?;
    if let Value::Stream(node) = &value {
        cx.add_result(None, node);
    }
    Ok(value)
}

impl ToSql {
    fn write(&self, batch: &TableBatch, run: &Run) -> Result<()> {
        let columns: Vec<_> = batch.columns.iter().map(|c| (Arc::clone(&c.label), c.ty)).collect();
        let mut rows = SqlRows { columns, rows: Vec::new() };
        let environment = Arc::clone(run.environment());
        let source = self.source.as_ref().map_err(Clone::clone)?;
        for table in 0..batch.runs() {
            for row in batch.run(table) {
                rows.rows.push((0..batch.columns.len()).map(|c| batch.cell(c, table, row)).collect());
            }
        }
        for chunk in rows.rows.chunks(self.batch) {
            let part = SqlRows { columns: rows.columns.clone(), rows: chunk.to_vec() };
            run.block_on(async { environment.sql_write(source, &self.table, part).await })?;
        }
        Ok(())
    }
}

impl Spec for ToSql {
    fn name(&self) -> &'static str {
        "toSQL"
    }

    fn has_side_effect(&self) -> bool {
        true
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        if let Err(error) = &self.source {
            return Err(error.clone().context("failed to initialize execute state"));
        }
        let (this, for_writing) = (self.clone(), run.clone());
        let call = Call::of(node);
        Ok(PerBatch::rows(inputs.remove(0), run, move |batch| {
            this.write(&batch, &for_writing).map_err(|e| call.tell(e))?;
            Ok(Some(batch))
        }))
    }
}
