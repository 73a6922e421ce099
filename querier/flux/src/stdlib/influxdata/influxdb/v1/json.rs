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
    doc: "Reads the answer of a query to version 1, a table for each series and field.",
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
    if let Some(error) = answer["error"].as_str() {
        return Err(FluxError::invalid(error));
    }
    // The tables are those of the first statement.
    let Some(result) = answer["results"].as_array().and_then(|results| results.first()) else {
        return Ok(Vec::new());
    };
    if let Some(error) = result["error"].as_str() {
        return Err(FluxError::invalid(error));
    }
    let mut out = Vec::new();
    for series in result["series"].as_array().map(Vec::as_slice).unwrap_or_default() {
        fields(series, &mut out)?;
    }
    Ok(out)
}

/// A table for each column of a series but the time, with the column's name as the field. Nulls are passed over, and
/// columns of nothing else.
fn fields(series: &Json, out: &mut Vec<TableBatch>) -> Result<()> {
    let labels = series["columns"].as_array().map(Vec::as_slice).unwrap_or_default();
    let rows = series["values"].as_array().map(Vec::as_slice).unwrap_or_default();
    let time = labels.iter().position(|label| label == "time");
    let mut key: Vec<(&str, &str)> = Vec::new();
    if let Some(name) = series["name"].as_str().filter(|name| !name.is_empty()) {
        key.push(("_measurement", name));
    }
    let mut tags: Vec<_> = series["tags"].as_object().into_iter().flatten().collect();
    tags.sort_by_key(|(tag, _)| tag.as_str());
    for (tag, value) in tags {
        set(&mut key, tag, value.as_str().unwrap_or_default());
    }
    for (n, label) in labels.iter().enumerate().filter(|(n, _)| Some(*n) != time) {
        let kept: Vec<&Json> = rows.iter().filter(|row| !row[n].is_null()).collect();
        let Some(first) = kept.first() else { continue };
        let mut key = key.clone();
        set(&mut key, "_field", label.as_str().unwrap_or_default());
        let mut columns = Vec::new();
        if let Some(time) = time {
            columns.push(column("_time", ColumnType::Time, kept.iter().map(|row| &row[time]))?);
        }
        for (label, value) in key {
            let mut builder = ColumnBuilder::new(ColumnType::String, 1);
            builder.push(&Scalar::String(value.into()));
            columns.push(Column::key(label, ColumnType::String, builder.finish()));
        }
        let ty = match first[n] {
            Json::Bool(_) => ColumnType::Bool,
            Json::Number(_) => ColumnType::Float,
            _ => ColumnType::String,
        };
        columns.push(column("_value", ty, kept.iter().map(|row| &row[n]))?);
        out.push(TableBatch::new(columns, vec![0, kept.len()]));
    }
    Ok(())
}

/// Sets a value of a group key.
fn set<'a>(key: &mut Vec<(&'a str, &'a str)>, label: &'a str, value: &'a str) {
    match key.iter_mut().find(|(l, _)| *l == label) {
        Some(at) => at.1 = value,
        None => key.push((label, value)),
    }
}

fn column<'a>(label: &str, ty: ColumnType, cells: impl Iterator<Item = &'a Json>) -> Result<Column> {
    let mut builder = ColumnBuilder::new(ty, cells.size_hint().0);
    for cell in cells {
        let scalar = match (cell, ty) {
            (Json::String(s), ColumnType::Time) => text::parse_time(s).map(Scalar::Time),
            (Json::Number(n), ColumnType::Float) => n.as_f64().map(Scalar::Float),
            (Json::Bool(b), ColumnType::Bool) => Some(Scalar::Bool(*b)),
            (Json::String(s), ColumnType::String) => Some(Scalar::String(s.as_str().into())),
            _ => None,
        };
        let scalar = scalar.ok_or_else(|| {
            FluxError::invalid(format!("{cell} does not fit into column {label} of type {ty}"))
        })?;
        builder.push(&scalar);
    }
    Ok(Column::row(label, ty, builder.finish()))
}
