//! Sorted rows as messages.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, UInt64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, DataType, Field, Schema};
use weir_batch::{FieldArray, SeriesBatch};
use weir_model::{Error, Result};

use super::convert::{keys, malformed, put_keys};
use super::pb::scan as pb;

/// Batches are cut so that messages stay near this size.
const MESSAGE_BYTES: usize = 8 << 20;

fn broken(error: ArrowError) -> Error {
    tracing::error!(%error, "rows cannot be passed on");
    Error::internal("An internal error has occurred - check server logs")
}

/// A batch as one or more messages.
pub(super) fn put_batch(batch: SeriesBatch) -> Vec<Result<pb::ScanResponse>> {
    let rows = batch.rows();
    let parts = batch.memory_size().div_ceil(MESSAGE_BYTES).clamp(1, rows.max(1));
    if parts == 1 {
        return vec![put_one(&batch)];
    }
    let step = rows.div_ceil(parts);
    (0..rows).step_by(step).map(|start| put_one(&slice(&batch, start, (start + step).min(rows)))).collect()
}

/// The rows from `start` to `stop`.
fn slice(batch: &SeriesBatch, start: usize, stop: usize) -> SeriesBatch {
    let length = stop - start;
    let first = batch.offsets.partition_point(|offset| *offset <= start) - 1;
    let last = batch.offsets.partition_point(|offset| *offset < stop);
    SeriesBatch {
        measurement: Arc::clone(&batch.measurement),
        series: (first..last).map(|run| batch.series.get(run)).collect(),
        offsets: batch.offsets[first..=last]
            .iter()
            .map(|offset| (*offset).clamp(start, stop) - start)
            .collect(),
        times: batch.times.slice(start, length),
        sequences: batch.sequences.as_ref().map(|sequences| sequences.slice(start, length)),
        fields: batch
            .fields
            .iter()
            .map(|field| FieldArray {
                name: Arc::clone(&field.name),
                values: field.values.slice(start, length),
            })
            .collect(),
    }
}

fn put_one(batch: &SeriesBatch) -> Result<pb::ScanResponse> {
    let mut schema = vec![Field::new("time", DataType::Int64, false)];
    let mut columns: Vec<ArrayRef> = vec![Arc::new(batch.times.clone())];
    if let Some(sequences) = &batch.sequences {
        schema.push(Field::new("sequence", DataType::UInt64, false));
        columns.push(Arc::new(sequences.clone()));
    }
    for field in &batch.fields {
        schema.push(Field::new(&*field.name, field.values.data_type().clone(), true));
        columns.push(Arc::clone(&field.values));
    }
    let schema = Arc::new(Schema::new(schema));
    let write = || -> Result<Vec<u8>, ArrowError> {
        let record = RecordBatch::try_new(Arc::clone(&schema), columns)?;
        let mut writer = StreamWriter::try_new(Vec::new(), &schema)?;
        writer.write(&record)?;
        writer.into_inner()
    };
    let columns = write().map_err(broken)?.into();
    let (series, series_ends) = put_keys(&batch.series);
    Ok(pb::ScanResponse {
        measurement: batch.measurement.to_string(),
        series,
        series_ends,
        run_ends: batch.offsets.iter().skip(1).map(|end| *end as u64).collect(),
        columns,
        has_sequences: batch.sequences.is_some(),
    })
}

pub(super) fn batch(message: pb::ScanResponse) -> Result<SeriesBatch> {
    let unreadable = |error: ArrowError| {
        tracing::error!(%error, "rows from another role cannot be read");
        malformed("its columns cannot be read")
    };
    let mut reader = StreamReader::try_new(&*message.columns, None).map_err(unreadable)?;
    let record = reader.next().ok_or_else(|| malformed("it has no columns"))?.map_err(unreadable)?;
    let mut columns = record.columns().iter();
    let times = columns.next().and_then(|column| column.as_primitive_opt::<Int64Type>()).cloned();
    let times = times.ok_or_else(|| malformed("it has no times"))?;
    let sequences = if message.has_sequences {
        let column = columns.next().and_then(|column| column.as_primitive_opt::<UInt64Type>()).cloned();
        Some(column.ok_or_else(|| malformed("it has no sequences"))?)
    } else {
        None
    };
    let names = record.schema();
    let names = names.fields().iter().skip(if sequences.is_some() { 2 } else { 1 });
    let fields: Vec<FieldArray> = names
        .zip(columns)
        .map(|(field, values)| FieldArray { name: field.name().as_str().into(), values: Arc::clone(values) })
        .collect();
    let mut offsets = vec![0];
    offsets.extend(message.run_ends.iter().map(|end| *end as usize));
    let series = keys(&message.series, &message.series_ends)?;
    let whole = offsets.len() == series.len() + 1
        && offsets.is_sorted()
        && offsets.last() == Some(&times.len())
        && times.null_count() == 0
        && sequences.as_ref().is_none_or(|s| s.null_count() == 0)
        && fields.iter().all(|field| field.field_type().is_some());
    if !whole {
        return Err(malformed("its runs and columns do not fit together"));
    }
    Ok(SeriesBatch { measurement: message.measurement.into(), series, offsets, times, sequences, fields })
}
