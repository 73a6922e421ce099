//! An [`Environment`] over line protocol in memory, for the example that runs statements.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, StringArray, UInt64Array};
use async_trait::async_trait;
use futures::{StreamExt, stream};
use parking_lot::Mutex;
use weir_batch::{
    FieldArray, FieldType, FieldValues, Literal, ScanRequest, SeriesBatch, SeriesKey, SeriesKeys, WriteBatch,
};
use weir_batch::{Predicate, TimeRange};
use weir_influxql::env::{Environment, Mapping};
use weir_model::{Id, Result};
use weir_proto::ScanStream;

type Point = BTreeMap<(String, FieldType), Literal>;
type Rows = BTreeMap<(String, String, i64), Point>;

/// Buckets in memory.
#[derive(Default)]
pub(crate) struct MemoryEnvironment {
    buckets: Mutex<Vec<(Mapping, Rows)>>,
}

impl MemoryEnvironment {
    /// Adds a bucket with points.
    pub(crate) fn add(&self, name: &str, lines: &str) {
        let parsed = weir_line_protocol::Parser::new().parse(
            lines.as_bytes(),
            weir_line_protocol::Precision::Nanoseconds,
            0,
        );
        assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
        let mut buckets = self.buckets.lock();
        let id = Id::new(buckets.len() as u64 + 1).unwrap();
        let info =
            Mapping { database: name.to_owned(), policy: "autogen".to_owned(), default: true, bucket: id };
        let mut rows = Rows::new();
        insert(&mut rows, &parsed.batch);
        buckets.push((info, rows));
    }
}

fn insert(rows: &mut Rows, batch: &WriteBatch) {
    for m in &batch.measurements {
        for field in &m.fields {
            for i in 0..field.values.len() {
                let row = field.rows.as_ref().map_or(i, |r| r[i] as usize);
                let key = (
                    m.measurement.clone(),
                    m.series.get(m.row_series[row] as usize).0.to_owned(),
                    m.times[row],
                );
                let value = match &field.values {
                    FieldValues::Float(v) => Literal::Float(v[i]),
                    FieldValues::Integer(v) => Literal::Integer(v[i]),
                    FieldValues::Unsigned(v) => Literal::Unsigned(v[i]),
                    FieldValues::Boolean(v) => Literal::Boolean(v[i]),
                    values => Literal::String(values.string(i).unwrap_or_default().to_owned()),
                };
                rows.entry(key).or_default().insert((field.name.clone(), field.field_type()), value);
            }
        }
    }
}

fn scan_rows(rows: &Rows, request: &ScanRequest) -> Vec<SeriesBatch> {
    let mut measurements: BTreeMap<&str, Vec<(&str, i64, Point)>> = BTreeMap::new();
    for ((measurement, series, time), point) in rows {
        if !request.range.contains(*time) {
            continue;
        }
        let rest = request.predicate.for_series(measurement, SeriesKey(series));
        let point: Point = point
            .iter()
            .filter(|((name, _), value)| rest.for_field(name).holds_for_value(value))
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect();
        if !point.is_empty() {
            measurements.entry(measurement).or_default().push((series, *time, point));
        }
    }
    measurements.into_iter().map(|(m, rows)| to_batch(m, &rows)).collect()
}

fn to_batch(measurement: &str, rows: &[(&str, i64, Point)]) -> SeriesBatch {
    let mut series = SeriesKeys::new();
    let mut offsets = Vec::new();
    for (i, (key, ..)) in rows.iter().enumerate() {
        if series.is_empty() || series.get(series.len() - 1).0 != *key {
            series.push(SeriesKey(key));
            offsets.push(i);
        }
    }
    offsets.push(rows.len());
    let mut names: Vec<(String, FieldType)> = rows.iter().flat_map(|r| r.2.keys().cloned()).collect();
    names.sort();
    names.dedup();
    let fields = names
        .into_iter()
        .map(|id| {
            let cells = rows.iter().map(|r| r.2.get(&id));
            let values: ArrayRef = match id.1 {
                FieldType::Float => Arc::new(Float64Array::from_iter(cells.map(|c| match c {
                    Some(Literal::Float(v)) => Some(*v),
                    _ => None,
                }))),
                FieldType::Integer => Arc::new(Int64Array::from_iter(cells.map(|c| match c {
                    Some(Literal::Integer(v)) => Some(*v),
                    _ => None,
                }))),
                FieldType::Unsigned => Arc::new(UInt64Array::from_iter(cells.map(|c| match c {
                    Some(Literal::Unsigned(v)) => Some(*v),
                    _ => None,
                }))),
                FieldType::Boolean => Arc::new(BooleanArray::from_iter(cells.map(|c| match c {
                    Some(Literal::Boolean(v)) => Some(*v),
                    _ => None,
                }))),
                FieldType::String => Arc::new(StringArray::from_iter(cells.map(|c| match c {
                    Some(Literal::String(v)) => Some(v.as_str()),
                    _ => None,
                }))),
            };
            FieldArray { name: id.0.into(), values }
        })
        .collect();
    SeriesBatch {
        measurement: measurement.into(),
        series,
        offsets,
        times: Int64Array::from_iter_values(rows.iter().map(|r| r.1)),
        sequences: None,
        fields,
    }
}

#[async_trait]
impl Environment for MemoryEnvironment {
    async fn mappings(&self) -> Result<Vec<Mapping>> {
        Ok(self.buckets.lock().iter().map(|(m, _)| m.clone()).collect())
    }

    async fn writable(&self) -> Result<Vec<Mapping>> {
        self.mappings().await
    }

    async fn scan(&self, request: ScanRequest) -> Result<ScanStream> {
        let buckets = self.buckets.lock();
        let rows = buckets.iter().find(|(b, _)| b.bucket == request.bucket);
        let batches = rows.map(|(_, rows)| scan_rows(rows, &request)).unwrap_or_default();
        Ok(stream::iter(batches.into_iter().map(Ok)).boxed())
    }

    async fn delete(&self, bucket: Id, range: TimeRange, predicate: Predicate) -> Result<()> {
        let mut buckets = self.buckets.lock();
        if let Some((_, rows)) = buckets.iter_mut().find(|(b, _)| b.bucket == bucket) {
            rows.retain(|(measurement, series, time), _| {
                !(range.contains(*time) && predicate.deletes_series(measurement, SeriesKey(series)))
            });
        }
        Ok(())
    }
}
