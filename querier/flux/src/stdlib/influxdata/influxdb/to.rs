//! `to(bucket:)`: writes rows as points, and passes them on.

use std::collections::HashSet;
use std::sync::Arc;

use weir_flux_syntax::ast::Expression;
use weir_table::{Column, ColumnType, TableBatch};

use super::rows::{Fields, Points};
use super::writer::Target;
use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::rowfn::{RowFunction, of_column};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "influxdata/influxdb",
    name: "to",
    signature: "(<-tables: stream[A], ?bucket: string, ?bucketID: string, ?org: string, ?orgID: string, \
                ?host: string, ?token: string, ?timeColumn: string, ?measurementColumn: string, \
                ?tagColumns: [string], ?fieldFn: (r: A) => B) => stream[A] where A: Record, B: Record",
    doc: "Writes the rows to a bucket, a point a row, and passes them on.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
struct To {
    target: Target,
    time: Arc<str>,
    measurement: Arc<str>,
    /// The tags; unless given, all columns of text that have no other part.
    tags: Option<Vec<Arc<str>>>,
    fields: Option<RowFunction>,
    /// Columns that are no tags unless the script says so.
    not_tags: HashSet<Arc<str>>,
}

fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    let time = args.string_or("timeColumn", "_time")?;
    let measurement = args.string_or("measurementColumn", "_measurement")?;
    let fields = args.optional("fieldFn")?.map(|f| RowFunction::new(f, cx));
    let mut not_tags: HashSet<Arc<str>> = [Arc::clone(&time), Arc::clone(&measurement)].into();
    match &fields {
        Some(f) => not_tags.extend(f.body().map(|b| members(b, f.param())).unwrap_or_default()),
        None => not_tags.extend(["_field".into(), "_value".into()]),
    }
    let tags = args.strings("tagColumns")?;
    let value =
        args.transform(To { target: Target::of(args)?, time, measurement, tags, fields, not_tags })?;
    if let Value::Stream(node) = &value {
        cx.add_result(None, node);
    }
    Ok(value)
}

/// The columns that a function of a row reads.
fn members(body: &Expression, row: &str) -> Vec<Arc<str>> {
    let mut out = Vec::new();
    let mut pending = vec![body];
    while let Some(e) = pending.pop() {
        match e {
            Expression::Member(m) => match &m.object {
                Expression::Identifier(id) if id.name == row => out.push(m.property.name().into()),
                object => pending.push(object),
            },
            Expression::Paren(p) => pending.push(&p.expression),
            Expression::Object(o) => pending.extend(o.properties.iter().filter_map(|p| p.value.as_ref())),
            Expression::Binary(b) => pending.extend([&b.left, &b.right]),
            Expression::Logical(l) => pending.extend([&l.left, &l.right]),
            Expression::Unary(u) => pending.push(&u.argument),
            Expression::Conditional(c) => pending.extend([&c.test, &c.consequent, &c.alternate]),
            Expression::Call(c) => pending.extend(&c.arguments),
            Expression::Pipe(p) => {
                pending.push(&p.argument);
                pending.extend(&p.call.arguments);
            }
            _ => {}
        }
    }
    out
}

impl To {
    fn points(&self, batch: &TableBatch) -> Result<Points> {
        let time = match batch.find(&self.time) {
            Some(i) if batch.columns[i].ty == ColumnType::Time => batch.row_values(i),
            Some(i) => return Err(wrong_type(&batch.columns[i], ColumnType::Time)),
            None => return Err(FluxError::invalid("no time column detected")),
        };
        Ok(Points {
            times: time,
            passes_timeless: false,
            measurements: text(batch, &self.measurement)?,
            tags: self.tags(batch)?,
            finite_only: self.fields.is_none(),
            fields: match &self.fields {
                Some(function) => {
                    let mut columns = Vec::new();
                    for (label, vector) in function.records(batch)? {
                        let column = vector.into_column(batch).map_err(|e| of_column(e, "field", &label))?;
                        if let (Some(ty), values) = column {
                            columns.push((label, ty, values));
                        }
                    }
                    Fields::Columns(columns)
                }
                None => {
                    let Some(value) = batch.find("_value") else {
                        return Err(FluxError::invalid("table has no _value column"));
                    };
                    if batch.find("_field").is_none() {
                        return Err(FluxError::invalid("table has no _field column"));
                    }
                    Fields::Named {
                        names: text(batch, "_field")?,
                        // Times are written as their nanoseconds.
                        ty: match batch.columns[value].ty {
                            ColumnType::Time => ColumnType::Int,
                            ty => ty,
                        },
                        values: batch.row_values(value),
                    }
                }
            },
        })
    }

    fn tags(&self, batch: &TableBatch) -> Result<Vec<(Arc<str>, arrow_array::ArrayRef)>> {
        match &self.tags {
            Some(tags) => tags
                .iter()
                .filter(|t| batch.find(t).is_some())
                .map(|t| Ok((Arc::clone(t), text(batch, t)?)))
                .collect(),
            None => Ok(batch
                .columns
                .iter()
                .enumerate()
                .filter(|(_, c)| c.ty == ColumnType::String && !self.not_tags.contains(&c.label))
                .map(|(i, c)| (Arc::clone(&c.label), batch.row_values(i)))
                .collect()),
        }
    }
}

/// A column of text, one cell a row.
pub(super) fn text(batch: &TableBatch, label: &str) -> Result<arrow_array::ArrayRef> {
    match batch.find(label) {
        Some(i) if batch.columns[i].ty == ColumnType::String => Ok(batch.row_values(i)),
        Some(i) => Err(wrong_type(&batch.columns[i], ColumnType::String)),
        None => Err(FluxError::invalid(format!("no column with label {label} exists"))),
    }
}

fn wrong_type(column: &Column, want: ColumnType) -> FluxError {
    FluxError::invalid(format!("column {} of type {} is not of type {want}", column.label, column.ty))
}

impl Spec for To {
    fn name(&self) -> &'static str {
        "to"
    }

    fn has_side_effect(&self) -> bool {
        true
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let to = self.clone();
        self.target.open(inputs.remove(0), run, node, move |batch| to.points(batch))
    }
}
