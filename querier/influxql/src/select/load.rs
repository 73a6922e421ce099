//! From a measurement to the rows of its series that a statement wants.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::StreamExt;
use weir_batch::{ColumnRef, FieldType, Predicate, ScanRequest, SeriesKey, TimeRange};
use weir_influxql_syntax::Expr;
use weir_model::Id;

use crate::column::{Column, Value};
use crate::condition::{decided_by_tags, tag_predicate};
use crate::engine::Run;
use crate::env::rank;
use crate::error::{InfluxQlError, Result};
use crate::eval::{Frame, eval};
use crate::select::stream::text;

/// The wanted rows of one series, times ascending.
#[derive(Debug, Clone)]
pub(crate) struct Series {
    pub(crate) measurement: Arc<str>,
    pub(crate) tags: Vec<(String, String)>,
    pub(crate) times: Vec<i64>,
    /// The fields that the series has, by name.
    pub(crate) fields: BTreeMap<String, Column>,
}

impl Series {
    pub(crate) fn tag(&self, name: &str) -> Option<&str> {
        self.tags.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str())
    }
}

/// What scans of some fields of some measurements ask for.
pub(crate) fn measured(measurements: &[String], fields: &[String]) -> Predicate {
    any(&ColumnRef::Measurement, measurements).and(any(&ColumnRef::Field, fields))
}

fn any(column: &ColumnRef, names: &[String]) -> Predicate {
    match names {
        [one] => Predicate::equals(column.clone(), one.clone()),
        _ => Predicate::Or(names.iter().map(|n| Predicate::equals(column.clone(), n.clone())).collect()),
    }
}

/// The error of a query that holds more than it may.
pub(crate) fn too_much() -> InfluxQlError {
    InfluxQlError::invalid("the query needs more memory than it may have")
}

/// All series of some measurements.
#[derive(Debug, Clone, Default)]
pub(crate) struct Loaded {
    pub(crate) series: Vec<Series>,
    /// The fields found, with the types that prevail.
    pub(crate) types: BTreeMap<String, FieldType>,
}

struct SeriesFrame<'a> {
    series: &'a Series,
    /// What fields there are.
    types: &'a BTreeMap<String, FieldType>,
}

impl Frame for SeriesFrame<'_> {
    fn rows(&self) -> usize {
        self.series.times.len()
    }

    fn column(&self, expr: &Expr) -> Option<Column> {
        let Expr::VarRef { name, ty } = expr else { return None };
        let may_be_field = *ty != weir_influxql_syntax::DataType::Tag;
        if let Some(column) = self.series.fields.get(name).filter(|_| may_be_field) {
            return match super::field_type(*ty) {
                Some(to) => column.cast(to),
                None => Some(column.clone()),
            };
        }
        // In a condition an absent tag is the empty text, and an absent field nothing.
        match self.series.tag(name) {
            None if may_be_field && self.types.contains_key(name) => Some(Column::Null(self.rows())),
            tag => Some(Column::repeat(&text(tag.unwrap_or_default()), self.rows())),
        }
    }
}

/// Reads measurements of a bucket: the fields named, in the times from `start` to `end` (inclusive), where `condition`
/// holds.
pub(crate) fn load(
    run: &Run<'_>,
    bucket: Id,
    measurements: &[String],
    fields: &[String],
    (start, end): (i64, i64),
    condition: Option<&Expr>,
) -> Result<Loaded> {
    if measurements.is_empty() || start > end {
        return Ok(Loaded::default());
    }
    let mut names: Vec<String> = fields.to_vec();
    if let Some(condition) = condition {
        condition.walk(&mut |e| {
            if let Expr::VarRef { name, .. } = e {
                names.push(name.clone());
            }
            true
        });
    }
    names.sort();
    names.dedup();
    // What looks like a tag is taken for one, unless a field of that name turns up.
    let mut pushed = Vec::new();
    let tags = condition.and_then(|c| tag_predicate(c, &|_| true, &mut pushed));
    let told = !pushed.is_empty() && !run.block_on(run.env.may_be_fields(bucket, measurements, &pushed))?;
    if told {
        pushed.clear();
    }
    let first = scan(run, bucket, measurements, &names, (start, end), tags.map(|t| (t, pushed.as_slice())))?;
    let decided = told && condition.is_some_and(|c| decided_by_tags(c, &mut Vec::new()).is_some());
    let mut loaded = match pushed.iter().any(|name| first.types.contains_key(name)) {
        false => first,
        true => {
            let types = first.types;
            drop(first.series);
            let mut pushed = Vec::new();
            let tags =
                condition.and_then(|c| tag_predicate(c, &|name| !types.contains_key(name), &mut pushed));
            scan(run, bucket, measurements, &names, (start, end), tags.map(|t| (t, [].as_slice())))?
        }
    };
    if let Some(condition) = condition.filter(|_| !decided) {
        let types = &loaded.types;
        for series in &mut loaded.series {
            let rows: Vec<usize> = match eval(condition, &SeriesFrame { series, types }) {
                Column::Boolean(holds) => (0..holds.len()).filter(|r| holds[*r] == Some(true)).collect(),
                _ => Vec::new(),
            };
            if rows.len() < series.times.len() {
                series.times = rows.iter().map(|r| series.times[*r]).collect();
                for column in series.fields.values_mut() {
                    *column = column.take(&rows);
                }
            }
        }
        loaded.series.retain(|s| !s.times.is_empty());
    }
    Ok(loaded)
}

fn scan(
    run: &Run<'_>,
    bucket: Id,
    measurements: &[String],
    names: &[String],
    (start, end): (i64, i64),
    tags: Option<(Predicate, &[String])>,
) -> Result<Loaded> {
    let mut predicate = measured(measurements, names);
    if let Some((tags, pushed)) = tags {
        let or_field =
            if pushed.is_empty() { tags } else { Predicate::Or(vec![tags, any(&ColumnRef::Field, pushed)]) };
        predicate = predicate.and(or_field);
    }
    let request = ScanRequest { bucket, range: TimeRange { start, stop: end.saturating_add(1) }, predicate };
    let mut out = Loaded::default();
    run.block_on(async {
        let mut batches = run.env.scan(request).await?;
        let mut memory = 0usize;
        while let Some(batch) = batches.next().await {
            let batch = batch?;
            run.check()?;
            let columns: Vec<(String, Column)> =
                batch.fields.iter().map(|f| (f.name.to_string(), Column::of_field(f))).collect();
            memory += columns.iter().map(|(_, c)| c.memory()).sum::<usize>() + batch.rows() * 8;
            if memory > run.limits.memory {
                return Err(too_much());
            }
            for (i, key) in batch.series.iter().enumerate() {
                let rows = batch.offsets[i]..batch.offsets[i + 1];
                append(
                    &mut out,
                    &batch.measurement,
                    key,
                    &batch.times.values()[rows.clone()],
                    &columns,
                    rows,
                );
            }
        }
        Ok(())
    })?;
    for series in &out.series {
        for (name, column) in &series.fields {
            let Some(ty) = column.ty() else { continue };
            let known = out.types.entry(name.clone()).or_insert(ty);
            if rank(ty) < rank(*known) {
                *known = ty;
            }
        }
    }
    Ok(out)
}

fn append(
    out: &mut Loaded,
    measurement: &Arc<str>,
    key: SeriesKey<'_>,
    times: &[i64],
    columns: &[(String, Column)],
    rows: std::ops::Range<usize>,
) {
    let tags: Vec<(String, String)> = key.tags().map(|(k, v)| (k.into_owned(), v.into_owned())).collect();
    let continues = out.series.last().is_some_and(|s| s.measurement == *measurement && s.tags == tags);
    if !continues {
        let measurement = Arc::clone(measurement);
        out.series.push(Series { measurement, tags, times: Vec::new(), fields: BTreeMap::new() });
    }
    let Some(series) = out.series.last_mut() else { return };
    let before = series.times.len();
    series.times.extend_from_slice(times);
    let mut here: BTreeMap<&str, Column> = BTreeMap::new();
    for (name, column) in columns {
        let part = column.slice(rows.clone());
        if (0..part.len()).all(|r| part.is_null(r)) {
            continue;
        }
        // Two columns of one name differ in type: each row has a value in one of them.
        let joined = match here.get(name.as_str()) {
            Some(known) => known.or_else(&part),
            None => part,
        };
        here.insert(name, joined);
    }
    for (name, column) in here {
        let known = series.fields.entry(name.to_owned()).or_insert_with(|| {
            let mut nulls = Column::empty(column.ty());
            (0..before).for_each(|_| nulls.push(Value::Null));
            nulls
        });
        if let (Some(a), Some(b)) = (known.ty(), column.ty())
            && rank(b) < rank(a)
            && let Some(cast) = known.cast(b)
        {
            *known = cast;
        }
        known.append(&column);
    }
    let rows = series.times.len();
    for column in series.fields.values_mut() {
        while column.len() < rows {
            column.push(Value::Null);
        }
    }
}
