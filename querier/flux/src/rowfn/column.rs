//! Values of all rows at once.

use std::sync::Arc;

use arrow_array::ArrayRef;
use weir_table::{Column, ColumnType, Scalar, TableBatch, repeat, repeat_each, scalar_at};

use super::{RecordColumns, output};
use crate::error::{FluxError, Result};
use crate::value::{Record, Value};

/// The value of an expression for each row of a batch.
#[derive(Debug, Clone)]
pub enum Vector {
    /// The same value for all rows.
    Const(Value),
    /// One value a table: a key column as it is, or what is computed of key columns alone.
    Run(ColumnType, ArrayRef),
    /// One value a row.
    Rows(ColumnType, ArrayRef),
    /// A record a row, column by column.
    Record(RecordColumns),
    /// Values that no column holds, one a row.
    Values(Vec<Value>),
}

impl Vector {
    /// A vector of one value a row: columns where the values allow it.
    pub(crate) fn from_values(values: Vec<Value>) -> Self {
        if let Some(record) = record_columns(&values) {
            return Self::Record(record);
        }
        let typed = values.iter().find(|v| !v.is_null());
        if typed.is_none() && values.iter().all(|v| v.column_type().is_none()) {
            return Self::Const(Value::Null(None));
        }
        if values.iter().any(|v| v.to_scalar().is_none()) {
            return Self::Values(values);
        }
        let (first, mut same) = (typed.and_then(Value::column_type), values.iter());
        if same.any(|v| !v.is_null() && v.column_type() != first) {
            return Self::Values(values);
        }
        output::collect(values.into_iter())
    }

    /// The value for one row.
    pub(crate) fn value(&self, run: usize, row: usize) -> Value {
        match self {
            Self::Const(v) => v.clone(),
            Self::Run(ty, a) => cell(a, *ty, run),
            Self::Rows(ty, a) => cell(a, *ty, row),
            Self::Values(v) => v.get(row).cloned().unwrap_or(Value::Null(None)),
            Self::Record(columns) => {
                let record: Record =
                    columns.iter().map(|(k, v)| (Arc::clone(k), v.value(run, row))).collect();
                Value::Record(Arc::new(record))
            }
        }
    }

    /// One value a row, as a column. The type is unknown if all values are untyped nulls.
    pub fn into_column(self, batch: &TableBatch) -> Result<(Option<ColumnType>, ArrayRef)> {
        match self {
            Self::Rows(ty, a) => Ok((Some(ty), a)),
            Self::Run(ty, a) => Ok((Some(ty), repeat_each(&a, &batch.offsets))),
            Self::Const(v) => match (v.column_type(), v.to_scalar()) {
                (Some(ty), Some(scalar)) => Ok((Some(ty), repeat(&scalar, ty, batch.rows()))),
                (None, Some(_)) => Ok((None, repeat(&Scalar::Null, ColumnType::String, batch.rows()))),
                _ => Err(not_a_column(v.nature())),
            },
            Self::Record(_) => Err(not_a_column("object")),
            Self::Values(values) => {
                let odd = values.iter().find(|v| v.to_scalar().is_none());
                Err(not_a_column(odd.map_or("values of different types", Value::nature)))
            }
        }
    }

    /// The columns of records.
    pub fn into_record(self) -> Result<RecordColumns> {
        match self {
            Self::Record(columns) => Ok(columns),
            Self::Const(Value::Record(r)) => {
                Ok(r.iter().map(|(k, v)| (Arc::clone(k), Self::Const(v.clone()))).collect())
            }
            Self::Const(v) => Err(not_a_record(v.nature())),
            Self::Run(ty, _) | Self::Rows(ty, _) => Err(not_a_record(ty.name())),
            Self::Values(values) => match values.first() {
                None => Ok(Vec::new()),
                Some(v) => Err(not_a_record(v.nature())),
            },
        }
    }

    /// A column of a batch as it is.
    pub(crate) fn of_column(column: &Column) -> Self {
        let array = Arc::clone(column.data.array());
        if column.is_key() { Self::Run(column.ty, array) } else { Self::Rows(column.ty, array) }
    }
}

fn cell(array: &ArrayRef, ty: ColumnType, i: usize) -> Value {
    Value::from_scalar(scalar_at(array, ty, i), ty)
}

/// Said of a column: the caller puts its name before.
fn not_a_column(nature: &str) -> FluxError {
    FluxError::invalid(format!("is {nature} type which is not supported in a flux table"))
}

fn not_a_record(nature: &str) -> FluxError {
    FluxError::invalid(format!("function must return a record, but it returned {nature}"))
}

/// Turns records, one a row, into columns; a label that some records lack is null there.
fn record_columns(values: &[Value]) -> Option<RecordColumns> {
    let mut labels: Vec<Arc<str>> = Vec::new();
    for value in values {
        let Value::Record(record) = value else { return None };
        for (label, _) in record.iter() {
            if !labels.contains(label) {
                labels.push(Arc::clone(label));
            }
        }
    }
    if values.is_empty() {
        return None;
    }
    let columns = labels.into_iter().map(|label| {
        let cells = values
            .iter()
            .map(|v| match v {
                Value::Record(r) => r.get(&label).cloned().unwrap_or(Value::Null(None)),
                _ => Value::Null(None),
            })
            .collect();
        (label, Vector::from_values(cells))
    });
    Some(columns.collect())
}
