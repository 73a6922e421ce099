use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Float64Builder, Int64Builder, StringBuilder, UInt64Builder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type, UInt64Type};
use arrow_array::{Array, ArrayRef, Int64Array, UInt64Array};
use async_trait::async_trait;
use futures::{StreamExt, TryStreamExt};
use object_store::ObjectStore;
use weir_batch::{FieldArray, FieldType, Literal, ScanRequest, SeriesBatch, SeriesKey, SeriesKeys};
use weir_database::{Database, Options};
use weir_model::Id;
use weir_proto::{ScanService, ScanStream};

use crate::{Buckets, FileIndex, Store, StoreOptions};

/// A row as it was written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) measurement: String,
    pub(super) key: String,
    pub(super) time: i64,
    pub(super) sequence: u64,
    pub(super) fields: BTreeMap<String, Literal>,
}

pub(super) fn row(measurement: &str, key: &str, time: i64, sequence: u64, fields: &[(&str, Literal)]) -> Row {
    let fields = fields.iter().map(|(n, v)| ((*n).to_owned(), v.clone())).collect();
    Row { measurement: measurement.into(), key: key.into(), time, sequence, fields }
}

pub(super) fn type_of(value: &Literal) -> FieldType {
    match value {
        Literal::Float(_) => FieldType::Float,
        Literal::Integer(_) => FieldType::Integer,
        Literal::Unsigned(_) => FieldType::Unsigned,
        Literal::Boolean(_) => FieldType::Boolean,
        Literal::String(_) => FieldType::String,
        Literal::Regex(_) => panic!("a regular expression is no value"),
    }
}

fn array(rows: &[Row], name: &str, ty: FieldType) -> ArrayRef {
    let values = rows.iter().map(|r| r.fields.get(name).filter(|v| type_of(v) == ty));
    macro_rules! build {
        ($builder:expr, $pattern:pat => $value:expr) => {{
            let mut builder = $builder;
            for value in values {
                match value {
                    Some($pattern) => builder.append_value($value),
                    _ => builder.append_null(),
                }
            }
            Arc::new(builder.finish()) as ArrayRef
        }};
    }
    match ty {
        FieldType::Float => build!(Float64Builder::new(), Literal::Float(v) => *v),
        FieldType::Integer => build!(Int64Builder::new(), Literal::Integer(v) => *v),
        FieldType::Unsigned => build!(UInt64Builder::new(), Literal::Unsigned(v) => *v),
        FieldType::Boolean => build!(BooleanBuilder::new(), Literal::Boolean(v) => *v),
        FieldType::String => build!(StringBuilder::new(), Literal::String(v) => v),
    }
}

/// Sorts rows and makes batches of at most `limit` rows of them.
pub(super) fn batches(rows: &[Row], limit: usize) -> Vec<SeriesBatch> {
    let mut rows = rows.to_vec();
    rows.sort_by(|a, b| {
        (&a.measurement, &a.key, a.time, a.sequence).cmp(&(&b.measurement, &b.key, b.time, b.sequence))
    });
    let mut out = Vec::new();
    for rows in rows.chunk_by(|a, b| a.measurement == b.measurement).flat_map(|rows| rows.chunks(limit)) {
        let mut series = SeriesKeys::new();
        let mut offsets = vec![0];
        for run in rows.chunk_by(|a, b| a.key == b.key) {
            series.push(SeriesKey(&run[0].key));
            offsets.push(offsets[offsets.len() - 1] + run.len());
        }
        let mut columns: Vec<(String, FieldType)> =
            rows.iter().flat_map(|r| r.fields.iter().map(|(n, v)| (n.clone(), type_of(v)))).collect();
        columns.sort();
        columns.dedup();
        out.push(SeriesBatch {
            measurement: rows[0].measurement.as_str().into(),
            series,
            offsets,
            times: Int64Array::from_iter_values(rows.iter().map(|r| r.time)),
            sequences: Some(UInt64Array::from_iter_values(rows.iter().map(|r| r.sequence))),
            fields: columns
                .into_iter()
                .map(|(name, ty)| FieldArray { values: array(rows, &name, ty), name: name.into() })
                .collect(),
        });
    }
    out
}

/// A value of an array as text that tells types and bits apart.
pub(super) fn text(array: &dyn Array, i: usize) -> Option<String> {
    if array.is_null(i) {
        return None;
    }
    Some(if let Some(a) = array.as_primitive_opt::<Float64Type>() {
        shown(&Literal::Float(a.value(i)))
    } else if let Some(a) = array.as_primitive_opt::<Int64Type>() {
        shown(&Literal::Integer(a.value(i)))
    } else if let Some(a) = array.as_primitive_opt::<UInt64Type>() {
        shown(&Literal::Unsigned(a.value(i)))
    } else if let Some(a) = array.as_boolean_opt() {
        shown(&Literal::Boolean(a.value(i)))
    } else {
        shown(&Literal::String(array.as_string::<i32>().value(i).to_owned()))
    })
}

pub(super) fn shown(value: &Literal) -> String {
    match value {
        Literal::Float(v) => format!("{v:?}"),
        Literal::Integer(v) => format!("{v}i"),
        Literal::Unsigned(v) => format!("{v}u"),
        Literal::Boolean(v) => format!("{v}"),
        Literal::String(v) => format!("{v:?}"),
        Literal::Regex(v) => format!("/{v}/"),
    }
}

/// A point of an answer: measurement, series, time, and fields by name and value.
pub(super) type Point = (String, String, i64, Vec<(String, String)>);

/// All points of a scan's answer; checks that the batches keep their promises.
pub(super) async fn points(stream: ScanStream) -> Vec<Point> {
    let batches: Vec<SeriesBatch> = stream.try_collect().await.unwrap();
    let mut out: Vec<Point> = Vec::new();
    for batch in batches {
        assert!(batch.sequences.is_none());
        assert!(batch.rows() > 0);
        assert_eq!(batch.offsets.len(), batch.series.len() + 1);
        assert_eq!(*batch.offsets.last().unwrap(), batch.rows());
        for i in 0..batch.series.len() {
            for row in batch.offsets[i]..batch.offsets[i + 1] {
                let mut fields: Vec<_> = batch
                    .fields
                    .iter()
                    .filter_map(|f| Some((f.name.to_string(), text(&f.values, row)?)))
                    .collect();
                fields.sort();
                assert!(!fields.is_empty(), "a row without a value");
                let point = (
                    batch.measurement.to_string(),
                    batch.series.get(i).0.to_owned(),
                    batch.times.value(row),
                    fields,
                );
                if let Some(last) = out.last() {
                    assert!(
                        (&last.0, &last.1, last.2) < (&point.0, &point.1, point.2),
                        "{last:?} before {point:?}"
                    );
                }
                out.push(point);
            }
        }
    }
    out
}

pub(super) struct AnyBucket;

#[async_trait]
impl Buckets for AnyBucket {
    async fn shard_group_duration(&self, _: Id) -> weir_model::Result<Option<i64>> {
        Ok(Some(i64::MAX))
    }
}

pub(super) fn bucket() -> Id {
    Id::new(1).unwrap()
}

pub(super) async fn store_over(objects: Arc<dyn ObjectStore>, options: StoreOptions) -> Store {
    let db = Database::connect("sqlite::memory:", &Options::default()).await.unwrap();
    let index = FileIndex::open(db, Arc::new(AnyBucket)).await.unwrap();
    Store::new(objects, index, options)
}

pub(super) async fn shard_group(store: &Store) -> i64 {
    use weir_proto::FileIndexService;
    store.index().shard_group_for(bucket(), 1).await.unwrap().id
}

/// Writes rows as one flush and commits them.
pub(super) async fn flush(store: &Store, rows: &[Row], limit: usize) {
    let group = shard_group(store).await;
    let segments = store.write_segments(bucket(), group, batches(rows, limit), 1).await.unwrap();
    store.commit(&segments).await.unwrap();
}

/// An ingester that answers all its rows, whatever is asked, in small batches.
pub(super) struct LiveRows(pub(super) Vec<Row>);

#[async_trait]
impl ScanService for LiveRows {
    async fn scan(&self, _: ScanRequest) -> weir_model::Result<ScanStream> {
        Ok(futures::stream::iter(batches(&self.0, 3)).map(Ok).boxed())
    }
}
