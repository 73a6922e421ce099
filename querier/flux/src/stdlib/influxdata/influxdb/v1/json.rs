//! `json(json:)`: answers of version 1's query API as tables.

use std::sync::Arc;

use serde_json::Value as Json;
use weir_table::{Column, ColumnBuilder, ColumnType, Scalar, TableBatch, text};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::stdlib::lazy::lazy;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "influxdata/influxdb/v1",
    name: "json",
    signature: "(?json: string, ?file: string) => stream[A] where A: Record",
    doc: "Reads the answer of a query to version 1, a table a series.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
struct FromJson {
    text: Option<Arc<str>>,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let (text, file) = (args.string_or("json", "")?, args.string_or("file", "")?);
    match (text.is_empty(), file.is_empty()) {
        (true, true) => Err(FluxError::invalid("must provide json raw text or filename")),
        (false, false) => Err(FluxError::invalid("must provide exactly one of the parameters json or file")),
        (false, true) => Ok(args.source(FromJson { text: Some(text) })),
        (true, false) => Ok(args.source(FromJson { text: None })),
    }
}

impl Spec for FromJson {
    fn name(&self) -> &'static str {
        "fromInfluxJSON"
    }

    fn open(&self, _inputs: Vec<BoxOperator>, _run: &Run, _node: &Node) -> Result<BoxOperator> {
        let Some(text) = self.text.clone() else {
            // Scripts may not read the server's files.
            return Err(FluxError::invalid(
                "json() failed to read file: filesystem service is uninitialized",
            ));
        };
        Ok(lazy(move || tables(&text)))
    }
}

fn tables(text: &str) -> Result<Vec<TableBatch>> {
    let answer: Json = serde_json::from_str(text).map_err(|e| FluxError::invalid(e.to_string()))?;
    let mut out = Vec::new();
    for result in answer["results"].as_array().map(Vec::as_slice).unwrap_or_default() {
        if let Some(error) = result["error"].as_str() {
            return Err(FluxError::invalid(error));
        }
        for series in result["series"].as_array().map(Vec::as_slice).unwrap_or_default() {
            out.push(table(series)?);
        }
    }
    Ok(out)
}

fn table(series: &Json) -> Result<TableBatch> {
    let labels = series["columns"].as_array().map(Vec::as_slice).unwrap_or_default();
    let rows = series["values"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut columns = Vec::new();
    let key = |label: &str, value: &str| {
        let mut builder = ColumnBuilder::new(ColumnType::String, 1);
        builder.push(&Scalar::String(value.into()));
        Column::key(label, ColumnType::String, builder.finish())
    };
    if let Some(name) = series["name"].as_str() {
        columns.push(key("_measurement", name));
    }
    for (tag, value) in series["tags"].as_object().into_iter().flatten() {
        columns.push(key(tag, value.as_str().unwrap_or_default()));
    }
    for (n, label) in labels.iter().enumerate() {
        let label = label.as_str().unwrap_or_default();
        let cells = || rows.iter().map(|row| &row[n]);
        let ty = type_of(label, cells());
        let mut builder = ColumnBuilder::new(ty, rows.len());
        for cell in cells() {
            if !builder.push(&scalar(cell, ty)) {
                return Err(FluxError::invalid(format!("the values of column {label} differ in type")));
            }
        }
        if columns.iter().any(|c: &Column| *c.label == *label) {
            return Err(FluxError::invalid(format!("there is more than one column {label}")));
        }
        columns.push(Column::row(label, ty, builder.finish()));
    }
    Ok(TableBatch::new(columns, vec![0, rows.len()]))
}

/// The type that all cells of a column have.
fn type_of<'a>(label: &str, cells: impl Iterator<Item = &'a Json>) -> ColumnType {
    if label == "time" {
        return ColumnType::Time;
    }
    let mut ty = None;
    for cell in cells {
        match cell {
            Json::Bool(_) => return ColumnType::Bool,
            Json::String(_) => return ColumnType::String,
            Json::Number(n) if n.is_i64() => ty = ty.or(Some(ColumnType::Int)),
            Json::Number(_) => ty = Some(ColumnType::Float),
            _ => {}
        }
    }
    ty.unwrap_or(ColumnType::String)
}

fn scalar(cell: &Json, ty: ColumnType) -> Scalar {
    match (cell, ty) {
        (Json::String(s), ColumnType::Time) => text::parse_time(s).map_or(Scalar::Null, Scalar::Time),
        (Json::Number(n), ColumnType::Time) => n.as_i64().map_or(Scalar::Null, Scalar::Time),
        (Json::Number(n), ColumnType::Int) => n.as_i64().map_or(Scalar::Null, Scalar::Int),
        (Json::Number(n), ColumnType::Float) => n.as_f64().map_or(Scalar::Null, Scalar::Float),
        (Json::Bool(b), ColumnType::Bool) => Scalar::Bool(*b),
        (Json::String(s), ColumnType::String) => Scalar::String(s.as_str().into()),
        (Json::Null, _) => Scalar::Null,
        // Another type than the column has: of what the builder refuses.
        (Json::Bool(b), _) => Scalar::Bool(*b),
        (other, _) => Scalar::String(other.to_string().into()),
    }
}
