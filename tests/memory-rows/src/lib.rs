//! The rows of a bucket as a sorted map: what a store must answer, without being one.
//!
//! Purpose: tests and examples of the query engines run scripts and statements over line protocol, and compare with what
//! this map says. It is for small data: nothing here is fast, and a panic is a test's failure.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, StringArray, UInt64Array};
use weir_batch::{
    Ends, FieldArray, FieldType, FieldValues, Literal, Predicate, ScanRequest, SeriesBatch, SeriesKey,
    SeriesKeys, TimeRange, WriteBatch,
};

/// The fields of a row: a field written with two types is two.
type Point = BTreeMap<(String, FieldType), Literal>;

/// The series, time and fields of a row that is asked for.
type Wanted<'a> = (&'a str, i64, Point);

/// Rows by measurement, series key and time.
#[derive(Debug, Clone, Default)]
pub struct Rows(BTreeMap<(String, String, i64), Point>);

impl Rows {
    /// The points of line protocol with times in nanoseconds.
    ///
    /// # Panics
    /// A line cannot be read.
    pub fn parse(lines: &str) -> Self {
        let precision = weir_line_protocol::Precision::Nanoseconds;
        let parsed = weir_line_protocol::Parser::new().parse(lines.as_bytes(), precision, 0);
        assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
        let mut rows = Self::default();
        rows.insert(&parsed.batch);
        rows
    }

    /// Adds points; a field that is there already gets the new value.
    pub fn insert(&mut self, batch: &WriteBatch) {
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
                    self.0.entry(key).or_default().insert((field.name.clone(), field.field_type()), value);
                }
            }
        }
    }

    /// What a store answers to `request`: a batch a measurement, in order.
    pub fn scan(&self, request: &ScanRequest) -> Vec<SeriesBatch> {
        self.wanted(request).into_iter().map(|(m, rows)| to_batch(m, &rows)).collect()
    }

    /// The same, of rows that hold the first or last values of a field of their series only.
    pub fn ends(&self, request: &ScanRequest, ends: Ends) -> Vec<SeriesBatch> {
        let wanted = self.wanted(request).into_iter();
        let kept = wanted.map(|(m, rows)| {
            let rows: Vec<_> =
                rows.chunk_by(|a, b| a.0 == b.0).flat_map(|rows| ends_of(rows, ends)).collect();
            to_batch(m, &rows)
        });
        kept.collect()
    }

    /// The rows that a request asks for, by measurement.
    fn wanted(&self, request: &ScanRequest) -> BTreeMap<&str, Vec<Wanted<'_>>> {
        let mut measurements: BTreeMap<&str, Vec<Wanted<'_>>> = BTreeMap::new();
        for ((measurement, series, time), point) in &self.0 {
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
        measurements
    }

    /// Removes the rows of a range whose series a predicate names.
    pub fn delete(&mut self, range: TimeRange, predicate: &Predicate) {
        self.0.retain(|(measurement, series, time), _| {
            !(range.contains(*time) && predicate.deletes_series(measurement, SeriesKey(series)))
        });
    }
}

/// The rows of a series that hold the first or last values of a field.
fn ends_of<'a>(rows: &[Wanted<'a>], ends: Ends) -> Vec<Wanted<'a>> {
    let mut told: BTreeMap<(String, FieldType), u64> = BTreeMap::new();
    let mut is_end = |row: &Wanted<'_>| {
        row.2.keys().fold(false, |before, field| {
            let n = told.entry(field.clone()).or_default();
            *n += 1;
            before || *n <= ends.rows
        })
    };
    if !ends.last {
        return rows.iter().filter(|row| is_end(row)).cloned().collect();
    }
    let mut kept: Vec<_> = rows.iter().rev().filter(|row| is_end(row)).cloned().collect();
    kept.reverse();
    kept
}

fn to_batch(measurement: &str, rows: &[Wanted<'_>]) -> SeriesBatch {
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
