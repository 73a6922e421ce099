//! `from(driverName:, dataSourceName:, query:)`: the rows of a query.

use std::sync::Arc;

use weir_table::{Column, ColumnBuilder, TableBatch};

use crate::env::SqlSource;
use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::stdlib::lazy::lazy;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "sql",
    name: "from",
    signature: "(driverName: string, dataSourceName: string, query: string) => stream[A] where A: Record",
    doc: "Asks a database, and answers its rows as one table. The drivers are postgres, mysql and sqlite3.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
struct FromSql {
    /// The database, or why there is none, which is told when it is asked.
    source: Result<SqlSource>,
    query: Arc<str>,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let (driver, address): (Arc<str>, Arc<str>) =
        (args.required("driverName")?, args.required("dataSourceName")?);
    let query: Arc<str> = args.required("query")?;
    let source = super::source(&driver, &address);
    Ok(args.source(FromSql { source, query }))
}

impl Spec for FromSql {
    fn name(&self) -> &'static str {
        "fromSQL"
    }

    fn open(&self, _inputs: Vec<BoxOperator>, run: &Run, _node: &Node) -> Result<BoxOperator> {
        let (this, run) = (self.clone(), run.clone());
        Ok(lazy(move || this.read(&run)))
    }
}

impl FromSql {
    fn read(&self, run: &Run) -> Result<Vec<TableBatch>> {
        let environment = Arc::clone(run.environment());
        let source = self.source.as_ref();
        let source = source.map_err(|e| e.clone().context("failed to initialize execute state"))?;
        let answer = run.block_on(async { environment.sql_query(source, &self.query).await })?;
        let mut builders: Vec<ColumnBuilder> =
            answer.columns.iter().map(|c| ColumnBuilder::new(c.1, answer.rows.len())).collect();
        for row in &answer.rows {
            run.check()?;
            for (n, (builder, cell)) in builders.iter_mut().zip(row).enumerate() {
                if !builder.push(cell) {
                    let label = &answer.columns[n].0;
                    return Err(FluxError::invalid(format!("the values of column {label} differ in type")));
                }
            }
        }
        let rows = answer.rows.len();
        let columns = answer.columns.into_iter().zip(builders);
        let columns = columns.map(|((label, ty), b)| Column::row(label, ty, b.finish())).collect();
        Ok(vec![TableBatch::new(columns, vec![0, rows])])
    }
}
