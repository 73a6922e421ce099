//! What should be visible: a map.

use std::collections::BTreeMap;

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use weir_batch::{FieldColumn, FieldValues, MeasurementRows, SeriesBatch, SeriesKey, WriteBatch};
use weir_proto::DeleteRequest;

/// One value of one point.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    pub(super) host: u8,
    pub(super) time: i64,
    pub(super) field: u8,
    pub(super) value: i64,
}

/// Values by series, time and field.
pub(super) type Model = BTreeMap<(String, i64, String), i64>;

pub(super) fn key(host: u8) -> String {
    if host == 0 { String::new() } else { format!("host=h{host}") }
}

/// A line a point.
pub(super) fn batch(points: &[Point]) -> WriteBatch {
    let mut rows = MeasurementRows::new("m");
    let mut fields: BTreeMap<u8, (Vec<i64>, Vec<u32>)> = BTreeMap::new();
    let mut ids = BTreeMap::new();
    for (row, p) in points.iter().enumerate() {
        rows.row_series.push(*ids.entry(p.host).or_insert_with(|| rows.series.push(SeriesKey(&key(p.host)))));
        rows.times.push(p.time);
        let (values, at) = fields.entry(p.field).or_default();
        values.push(p.value);
        at.push(row as u32);
    }
    for (field, (values, at)) in fields {
        let at = (at.len() < points.len()).then_some(at);
        rows.fields.push(FieldColumn {
            name: format!("f{field}"),
            values: FieldValues::Integer(values),
            rows: at,
        });
    }
    WriteBatch { measurements: vec![rows] }
}

/// Merges rows of several sources by sequence, field by field, and applies deletes, as a reader does.
pub(super) fn merged<'a>(
    batches: impl IntoIterator<Item = &'a SeriesBatch>,
    deletes: &[DeleteRequest],
) -> Model {
    let mut newest: BTreeMap<(String, i64, String), (u64, i64)> = BTreeMap::new();
    for batch in batches {
        let sequences = batch.sequences.as_ref().unwrap();
        for run in 0..batch.series.len() {
            let key = batch.series.get(run);
            for row in batch.offsets[run]..batch.offsets[run + 1] {
                let (time, sequence) = (batch.times.value(row), sequences.value(row));
                let hidden = deletes.iter().any(|d| {
                    sequence < d.sequence.0
                        && d.range.contains(time)
                        && d.predicate.deletes_series(&batch.measurement, key)
                });
                if hidden {
                    continue;
                }
                for field in &batch.fields {
                    let values = field.values.as_primitive::<Int64Type>();
                    if values.is_valid(row) {
                        let value =
                            newest.entry((key.0.to_owned(), time, field.name.to_string())).or_default();
                        *value = (*value).max((sequence, values.value(row)));
                    }
                }
            }
        }
    }
    newest.into_iter().map(|(key, (_, value))| (key, value)).collect()
}
