//! `wideTo(bucket:)`: writes rows with a column a field, as `pivot` makes them, and passes them on.

use std::sync::Arc;

use weir_table::{ColumnType, TableBatch};

use super::rows::{Fields, Points};
use super::to::text;
use super::writer::Target;
use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The type, which `experimental.to` has too.
pub(crate) const SIGNATURE: &str = "(<-tables: stream[A], ?bucket: string, ?bucketID: string, ?org: string, \
                                    ?orgID: string, ?host: string, ?token: string) => stream[A] where A: Record";

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "influxdata/influxdb",
    name: "wideTo",
    signature: SIGNATURE,
    doc: "Writes the rows to a bucket: columns of the group key as tags, all others as fields.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
struct WideTo {
    target: Target,
}

/// The code, which `experimental.to` shares.
pub(crate) fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    let value = args.transform(WideTo { target: Target::of(args)? })?;
    if let Value::Stream(node) = &value {
        cx.add_result(None, node);
    }
    Ok(value)
}

fn points(batch: &TableBatch) -> Result<Points> {
    let times = match batch.column("_time") {
        Some(c) if c.ty == ColumnType::Time => {
            batch.find("_time").map(|i| batch.row_values(i)).unwrap_or_else(|| Arc::clone(c.data.array()))
        }
        Some(c) => {
            return Err(FluxError::invalid(format!(
                "column \"_time\" has type {}; type time is required",
                c.ty
            )));
        }
        None => return Err(FluxError::invalid("input table is missing required column \"_time\"")),
    };
    if !batch.is_key("_measurement") {
        return Err(FluxError::invalid("required column \"_measurement\" not in group key"));
    }
    let (mut tags, mut fields) = (Vec::new(), Vec::new());
    for (i, column) in batch.columns.iter().enumerate() {
        match (&*column.label, column.is_key()) {
            ("_time" | "_measurement" | "_start" | "_stop", _) => {}
            ("_field", true) => {
                return Err(FluxError::invalid(
                    "found column \"_field\" in the group key; wideTo() expects pivoted data",
                ));
            }
            (_, false) => fields.push((Arc::clone(&column.label), column.ty, batch.row_values(i))),
            (label, true) if column.ty != ColumnType::String => {
                return Err(FluxError::invalid(format!(
                    "group key column \"{label}\" has type {}; type string is required",
                    column.ty
                )));
            }
            (_, true) => tags.push((Arc::clone(&column.label), batch.row_values(i))),
        }
    }
    Ok(Points {
        times,
        passes_timeless: true,
        measurements: text(batch, "_measurement")?,
        tags,
        fields: Fields::Columns(fields),
        finite_only: true,
    })
}

impl Spec for WideTo {
    fn name(&self) -> &'static str {
        "wide-to"
    }

    fn has_side_effect(&self) -> bool {
        true
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        self.target.open(inputs.remove(0), run, node, points)
    }
}
