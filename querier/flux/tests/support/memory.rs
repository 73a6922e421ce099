//! An [`Environment`] over line protocol in memory, for tests and for the example that runs scripts.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    dead_code,
    reason = "shared by tests and an example, where a panic is a failure"
)]

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, StringArray, UInt64Array};
use async_trait::async_trait;
use futures::{StreamExt, stream};
use parking_lot::Mutex;
use weir_batch::{
    FieldArray, FieldType, FieldValues, Literal, ScanRequest, SeriesBatch, SeriesKey, SeriesKeys, WriteBatch,
};
use weir_flux::env::{BucketInfo, Environment, NameOrId};
use weir_model::{Error, Id, Result};
use weir_proto::ScanStream;

type Point = BTreeMap<(String, FieldType), Literal>;
type Rows = BTreeMap<(String, String, i64), Point>;

/// Buckets in memory.
#[derive(Default)]
pub struct MemoryEnvironment {
    buckets: Mutex<Vec<(BucketInfo, Rows)>>,
}

impl MemoryEnvironment {
    /// Adds a bucket with points.
    pub fn add(&self, name: &str, lines: &str) {
        let parsed = weir_line_protocol::Parser::new().parse(
            lines.as_bytes(),
            weir_line_protocol::Precision::Nanoseconds,
            0,
        );
        assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
        let mut buckets = self.buckets.lock();
        let id = Id::new(buckets.len() as u64 + 1).unwrap();
        let info = BucketInfo { id, org: self.org(), name: name.to_owned(), retention_ns: 0 };
        let mut rows = Rows::new();
        insert(&mut rows, &parsed.batch);
        buckets.push((info, rows));
    }

    fn find(&self, bucket: &NameOrId) -> Result<BucketInfo> {
        let buckets = self.buckets.lock();
        let found = buckets.iter().find(|(b, _)| match bucket {
            NameOrId::Name(name) => b.name == *name,
            NameOrId::Id(id) => b.id == *id,
        });
        found.map(|(b, _)| b.clone()).ok_or_else(|| match bucket {
            NameOrId::Name(name) => Error::not_found(format!("could not find bucket \"{name}\"")),
            NameOrId::Id(id) => Error::not_found(format!("could not find bucket {id}")),
        })
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
    async fn bucket_to_read(&self, bucket: &NameOrId, _org: Option<&NameOrId>) -> Result<BucketInfo> {
        self.find(bucket)
    }

    async fn bucket_to_write(&self, bucket: &NameOrId, _org: Option<&NameOrId>) -> Result<BucketInfo> {
        self.find(bucket)
    }

    async fn buckets(&self) -> Result<Vec<BucketInfo>> {
        Ok(self.buckets.lock().iter().map(|(b, _)| b.clone()).collect())
    }

    async fn scan(&self, request: ScanRequest) -> Result<ScanStream> {
        let buckets = self.buckets.lock();
        let rows = buckets.iter().find(|(b, _)| b.id == request.bucket);
        let batches = rows.map(|(_, rows)| scan_rows(rows, &request)).unwrap_or_default();
        Ok(stream::iter(batches.into_iter().map(Ok)).boxed())
    }

    async fn write(&self, bucket: &BucketInfo, rows: WriteBatch) -> Result<()> {
        let mut buckets = self.buckets.lock();
        if let Some((_, stored)) = buckets.iter_mut().find(|(b, _)| b.id == bucket.id) {
            insert(stored, &rows);
        }
        Ok(())
    }

    async fn secret(&self, _key: &str) -> Result<Option<String>> {
        Ok(None)
    }

    fn org(&self) -> Id {
        Id::new(0xa).unwrap()
    }
}
