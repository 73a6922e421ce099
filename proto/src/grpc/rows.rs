//! Written rows as messages.

use weir_batch::{FieldColumn, FieldType, FieldValues, MeasurementRows, WriteBatch};
use weir_model::{Error, Result};

use super::convert::{keys, malformed, put_keys};
use super::pb::write as pb;

pub(super) fn put_rows(batch: WriteBatch) -> Vec<pb::Rows> {
    let rows = |rows: MeasurementRows| {
        let (series, series_ends) = put_keys(&rows.series);
        pb::Rows {
            measurement: rows.measurement,
            series,
            series_ends,
            row_series: rows.row_series,
            times: rows.times,
            fields: rows.fields.into_iter().map(put_field).collect(),
        }
    };
    batch.measurements.into_iter().map(rows).collect()
}

fn put_field(field: FieldColumn) -> pb::Field {
    let mut out = pb::Field { name: field.name, sparse: field.rows.is_some(), ..pb::Field::default() };
    out.rows = field.rows.unwrap_or_default();
    let ty = match field.values {
        FieldValues::Float(values) => {
            out.floats = values;
            pb::FieldType::Float
        }
        FieldValues::Integer(values) => {
            out.integers = values;
            pb::FieldType::Integer
        }
        FieldValues::Unsigned(values) => {
            out.unsigneds = values;
            pb::FieldType::Unsigned
        }
        FieldValues::Boolean(values) => {
            out.booleans = values;
            pb::FieldType::Boolean
        }
        FieldValues::String { mut offsets, bytes } => {
            offsets.remove(0); // the leading 0
            out.text_ends = offsets;
            out.texts = bytes;
            pb::FieldType::String
        }
    };
    out.r#type = ty as i32;
    out
}

pub(super) fn rows(measurements: Vec<pb::Rows>) -> Result<WriteBatch> {
    let mut batch = WriteBatch::default();
    for rows in measurements {
        batch.measurements.push(MeasurementRows {
            series: keys(&rows.series, &rows.series_ends)?,
            measurement: rows.measurement,
            row_series: rows.row_series,
            times: rows.times,
            fields: rows.fields.into_iter().map(field).collect::<Result<_>>()?,
        });
    }
    batch.check().map_err(Error::invalid)?;
    Ok(batch)
}

fn field(field: pb::Field) -> Result<FieldColumn> {
    let ty = match pb::FieldType::try_from(field.r#type) {
        Ok(pb::FieldType::Float) => FieldType::Float,
        Ok(pb::FieldType::Integer) => FieldType::Integer,
        Ok(pb::FieldType::Unsigned) => FieldType::Unsigned,
        Ok(pb::FieldType::Boolean) => FieldType::Boolean,
        Ok(pb::FieldType::String) => FieldType::String,
        _ => return Err(malformed("an unknown field type")),
    };
    let values = match ty {
        FieldType::Float => FieldValues::Float(field.floats),
        FieldType::Integer => FieldValues::Integer(field.integers),
        FieldType::Unsigned => FieldValues::Unsigned(field.unsigneds),
        FieldType::Boolean => FieldValues::Boolean(field.booleans),
        FieldType::String => {
            let mut offsets = field.text_ends;
            offsets.insert(0, 0);
            FieldValues::String { offsets, bytes: field.texts }
        }
    };
    Ok(FieldColumn { name: field.name, values, rows: field.sparse.then_some(field.rows) })
}
