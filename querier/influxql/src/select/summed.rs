//! Aggregates that the scan sums up: of plain fields, where the condition speaks of tags only.
//!
//! The scan answers a summary a series and window; here the summaries of a group's series are put together. What a
//! summary cannot tell, or would tell with other digits than users know, is computed of the rows, as everything else.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::Array;
use futures::TryStreamExt;
use weir_batch::{
    FieldType, Predicate, ReduceRequest, ReducedBatch, ReducedField, Reductions, ScanRequest, ScanWindows,
    TimeRange,
};
use weir_influxql_syntax::{DataType, Expr, Field};
use weir_model::Id;

use super::aggregate::Function;
use super::load::measured;
use super::stream::{Group, Stream};
use super::transform::{extra_windows, is_transformation};
use super::{Found, Input, Running, collect, expand, field_type};
use crate::column::{Column, Value};
use crate::error::Result;
use crate::time::MIN_TIME;

/// Sums of floats depend on their order. Fewer values than this of several series are added one by one, in the order
/// that users know; more are added series by series, which is as exact.
const ORDERED_VALUES: u64 = 100_000;

/// Summaries of the measurements of a bucket.
pub(crate) struct Summed {
    batches: Vec<ReducedBatch>,
    /// The group of each series of each batch.
    groups: Vec<Vec<u32>>,
}

impl Summed {
    /// Whether nothing was found.
    pub(super) fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }

    /// The type of a field that there is.
    pub(super) fn type_of(&self, name: &str) -> Option<FieldType> {
        let fields = self.batches.iter().flat_map(|b| &b.fields);
        fields.filter(|f| *f.name == *name).map(|f| f.ty).min_by_key(|ty| crate::env::rank(*ty))
    }
}

/// A call that summaries answer.
struct Asked<'a> {
    function: Function,
    field: &'a str,
    ty: DataType,
}

/// What summaries a call needs; `None` if they do not answer it.
fn asked(call: &Expr) -> Option<Asked<'_>> {
    let Expr::Call { name, args } = call else { return None };
    if is_transformation(name) {
        return asked(args.first().filter(|a| matches!(a, Expr::Call { .. }))?);
    }
    let [Expr::VarRef { name: field, ty }] = &args[..] else { return None };
    let function = match name.as_str() {
        "count" => Function::Count,
        "sum" => Function::Sum,
        "mean" => Function::Mean,
        "spread" => Function::Spread,
        "min" => Function::Min,
        "max" => Function::Max,
        "first" => Function::First,
        "last" => Function::Last,
        _ => return None,
    };
    Some(Asked { function, field, ty: *ty })
}

impl Running<'_> {
    /// Reads summaries instead of rows, if they answer all calls of the statement.
    pub(super) fn summed_inputs(&self, found: &[Found<'_>], fields: &[Field]) -> Result<Option<Vec<Input>>> {
        let (mut calls, mut refs) = (Vec::new(), Vec::new());
        for field in expand::shown_fields(fields) {
            collect(&field.expr, &mut calls, &mut refs);
        }
        if calls.is_empty() || !refs.is_empty() || self.series != (0, 0) {
            return Ok(None);
        }
        let Some(asked) = calls.iter().map(asked).collect::<Option<Vec<_>>>() else { return Ok(None) };
        // All calls look at the same windows.
        let extra = |call: &Expr| match call {
            Expr::Call { name, args } if is_transformation(name) => extra_windows(name, args),
            _ => 0,
        };
        if calls.iter().any(|c| extra(c) != extra(&calls[0])) {
            return Ok(None);
        }
        let range = self.widest_range();
        let Some(windows) = self.scan_windows(range) else { return Ok(None) };
        let wants = |of: &[Function]| asked.iter().any(|a| of.contains(&a.function));
        let wanted = Reductions {
            sum: wants(&[Function::Sum]),
            float_sum: wants(&[Function::Mean]),
            min: wants(&[Function::Min, Function::Spread]),
            max: wants(&[Function::Max, Function::Spread]),
            first: wants(&[Function::First]),
            last: wants(&[Function::Last]),
            // Groups that are shown as one series are ordered by the times of their points.
            times: wants(&[Function::First, Function::Last])
                || (self.windows.every == 0 && calls.len() == 1)
                || self.group_by.len() > self.outer_dims.len(),
        };
        let names: Vec<String> = asked.iter().map(|a| a.field.to_owned()).collect();
        let mut inputs = Vec::new();
        for found in found {
            let Found::Measurements { bucket, names: measurements } = found else { return Ok(None) };
            let Some(scan) = self.tags_only(*bucket, measurements, &names, range)? else { return Ok(None) };
            let request = ReduceRequest { scan, windows: windows.clone(), wanted };
            let summed = self.read_summaries(request)?;
            if !self.tells(&summed, &asked) {
                return Ok(None);
            }
            inputs.push(Input::Summed(summed));
        }
        Ok(Some(inputs))
    }

    /// The windows as the scan cuts them; `None` where it cannot.
    fn scan_windows(&self, (start, end): (i64, i64)) -> Option<ScanWindows> {
        const MANY: usize = 100_000;
        let every = self.windows.every;
        if every == 0 {
            return Some(ScanWindows::Whole);
        }
        if self.windows.zone.as_ref().is_none_or(|z| *z == jiff::tz::TimeZone::UTC) {
            return Some(ScanWindows::Every { every, offset: self.windows.offset });
        }
        if start == MIN_TIME {
            return None;
        }
        let mut bounds = vec![self.windows.start(start, start)];
        loop {
            let last = bounds[bounds.len() - 1];
            if last > end {
                return Some(ScanWindows::Bounds(bounds.into()));
            }
            let next = self.windows.next(last, true);
            // Where a clock is set back two windows have one start.
            if next <= last || self.windows.start(next, start) != next || bounds.len() > MANY {
                return None;
            }
            bounds.push(next);
        }
    }

    /// The scan for some fields, if the condition speaks of tags only.
    pub(super) fn tags_only(
        &self,
        bucket: Id,
        measurements: &[String],
        fields: &[String],
        (start, end): (i64, i64),
    ) -> Result<Option<ScanRequest>> {
        if measurements.is_empty() || start > end {
            return Ok(None);
        }
        let mut predicate = measured(measurements, fields);
        if let Some(condition) = &self.rest {
            let mut names = Vec::new();
            let Some(tags) = crate::condition::decided_by_tags(condition, &mut names) else {
                return Ok(None);
            };
            if self.run.block_on(self.run.env.may_be_fields(bucket, measurements, &names))? {
                return Ok(None);
            }
            if tags != Predicate::TRUE {
                predicate = predicate.and(tags);
            }
        }
        let range = TimeRange { start, stop: end.saturating_add(1) };
        Ok(Some(ScanRequest { bucket, range, predicate }))
    }

    fn read_summaries(&self, request: ReduceRequest) -> Result<Summed> {
        let limit = self.run.limits.memory;
        let batches = self.run.block_on(async {
            let mut stream = self.run.env.reduce(request).await?;
            let (mut batches, mut memory) = (Vec::new(), 0);
            while let Some(batch) = stream.try_next().await? {
                self.run.check()?;
                memory += batch.memory_size();
                if memory > limit {
                    return Err(super::load::too_much());
                }
                batches.push(batch);
            }
            Ok(batches)
        })?;
        let mut groups = self.run.groups.borrow_mut();
        let mut group_of = |batch: &ReducedBatch, series: usize| {
            let key = batch.series.get(series);
            let value = |k: &String| key.tag(k).map(|v| v.into_owned()).unwrap_or_default();
            let tags = self.group_by.iter().map(|k| (k.clone(), value(k))).collect();
            groups.number(Group { name: Arc::clone(&batch.measurement), tags })
        };
        let groups = batches.iter().map(|b| (0..b.series.len()).map(|s| group_of(b, s)).collect()).collect();
        Ok(Summed { batches, groups })
    }

    /// Whether the summaries give what the rows would give, to the last digit.
    fn tells(&self, summed: &Summed, asked: &[Asked<'_>]) -> bool {
        let mut types: HashMap<&str, FieldType> = HashMap::new();
        let mut counts: HashMap<&str, u64> = HashMap::new();
        for field in summed.batches.iter().flat_map(|b| &b.fields) {
            if *types.entry(&field.name).or_insert(field.ty) != field.ty {
                return false;
            }
            *counts.entry(&field.name).or_default() += field.count.values().iter().sum::<u64>();
        }
        let mut series_of: HashMap<u32, (usize, usize)> = HashMap::new();
        let mut shared = false;
        for (b, groups) in summed.groups.iter().enumerate() {
            for (s, group) in groups.iter().enumerate() {
                let first = *series_of.entry(*group).or_insert((b, s));
                shared |= summed.batches[first.0].series.get(first.1) != summed.batches[b].series.get(s);
            }
        }
        asked.iter().all(|a| {
            let Some(ty) = types.get(a.field) else { return true };
            let numbers = !matches!(ty, FieldType::Boolean | FieldType::String);
            let takes = numbers || matches!(a.function, Function::Count | Function::First | Function::Last);
            let same = field_type(a.ty).is_none_or(|cast| cast == *ty) && a.ty != DataType::Tag;
            let adds = *ty == FieldType::Float && matches!(a.function, Function::Sum | Function::Mean);
            // Which of the points at one time comes first or last depends on the order of all series.
            let ends = matches!(a.function, Function::First | Function::Last);
            let tied = ends && shared && self.windows.every == 0 && self.ties(summed, a);
            takes
                && same
                && !tied
                && !(adds && shared && counts.get(a.field).is_some_and(|n| *n < ORDERED_VALUES))
        })
    }

    /// Whether three or more series of a group have their outermost point at one time: then the order in which series are
    /// read tells which two of them count.
    fn ties(&self, summed: &Summed, asked: &Asked<'_>) -> bool {
        let mut best: HashMap<u32, (i64, usize)> = HashMap::new();
        for (batch, groups) in summed.batches.iter().zip(&summed.groups) {
            for field in batch.fields.iter().filter(|f| *f.name == *asked.field) {
                let first = asked.function == Function::First;
                let picked = if first { &field.first } else { &field.last };
                let Some(times) = picked.as_ref().and_then(|p| p.times.as_ref()) else { continue };
                for (series, group) in groups.iter().enumerate() {
                    for row in batch.offsets[series]..batch.offsets[series + 1] {
                        if field.count.value(row) == 0 {
                            continue;
                        }
                        let t = times.value(row);
                        let known = best.entry(*group).or_insert((t, 0));
                        if t == known.0 {
                            known.1 += 1;
                        } else if (t < known.0) == first {
                            *known = (t, 1);
                        }
                    }
                }
            }
        }
        best.values().any(|(_, series)| *series > 2)
    }

    /// Whether inputs are summaries.
    pub(super) fn is_summed(&self) -> bool {
        self.inputs.iter().any(|i| matches!(i, Input::Summed(_)))
    }

    /// The points that a function gives, as [`Running::reduce`] orders them.
    pub(super) fn of_summaries(
        &self,
        function: &Function,
        field: &Expr,
        range: (i64, i64),
        real_times: bool,
    ) -> Stream {
        let Expr::VarRef { name, .. } = field else { return Stream::empty(0) };
        let mut known: hashbrown::HashMap<(u32, i64), usize> = hashbrown::HashMap::new();
        let mut all: Vec<(u32, i64, Part)> = Vec::new();
        let mut ty = None;
        for input in &self.inputs {
            let Input::Summed(summed) = input else { continue };
            for (batch, groups) in summed.batches.iter().zip(&summed.groups) {
                let Some(field) = batch.fields.iter().find(|f| *f.name == **name) else { continue };
                ty = Some(field.ty);
                for (series, group) in groups.iter().enumerate() {
                    for row in batch.offsets[series]..batch.offsets[series + 1] {
                        if field.count.value(row) == 0 {
                            continue;
                        }
                        let start = match self.windows.every {
                            0 => range.0,
                            _ => batch.starts[row].max(MIN_TIME),
                        };
                        let part = Part::of(function, field, row);
                        match known.entry((*group, start)) {
                            hashbrown::hash_map::Entry::Vacant(entry) => {
                                entry.insert(all.len());
                                all.push((*group, start, part));
                            }
                            hashbrown::hash_map::Entry::Occupied(entry) => {
                                all[*entry.get()].2.add(function, part);
                            }
                        }
                    }
                }
            }
        }
        let (ranks, full) = {
            let groups = self.run.groups.borrow();
            let dims: Vec<String> = self.group_by.iter().cloned().collect();
            (groups.ranks(&self.outer_dims), groups.ranks(&dims))
        };
        all.sort_by(|a, b| {
            let order = (ranks[a.0 as usize], a.1).cmp(&(ranks[b.0 as usize], b.1));
            let order = if self.ascending { order } else { order.reverse() };
            order.then_with(|| full[a.0 as usize].cmp(&full[b.0 as usize]))
        });
        let mut out = Stream::empty(0);
        let mut value = match function {
            Function::Mean => Column::Float(Vec::new()),
            Function::Count => Column::Integer(Vec::new()),
            _ => Column::empty(ty),
        };
        let selects = matches!(function, Function::Min | Function::Max | Function::First | Function::Last);
        for group in all.chunk_by_mut(|a, b| (ranks[a.0 as usize], a.1) == (ranks[b.0 as usize], b.1)) {
            if selects && group.iter().all(|(_, _, part)| part.time.is_some()) {
                group.sort_by_key(|(_, _, part)| part.time);
                if !self.ascending {
                    group.reverse();
                }
            }
            for (number, start, part) in group {
                let shown = if *start == MIN_TIME { 0 } else { *start };
                out.group.push(*number);
                out.time.push(if real_times { part.time.unwrap_or(shown) } else { shown });
                value.push(part.result(function));
            }
        }
        out.value = value;
        out
    }
}

/// What is known of a function in a window.
struct Part {
    count: u64,
    value: Value,
    /// The greatest value, where the spread is wanted.
    other: Value,
    time: Option<i64>,
}

impl Part {
    fn of(function: &Function, field: &ReducedField, row: usize) -> Self {
        let mut part =
            Self { count: field.count.value(row), value: Value::Null, other: Value::Null, time: None };
        let picked = match function {
            Function::Min | Function::Spread => &field.min,
            Function::Max => &field.max,
            Function::First => &field.first,
            Function::Last => &field.last,
            _ => &None,
        };
        if let Some(picked) = picked {
            part.value = value_at(&*picked.values, row);
            part.time = picked.times.as_ref().map(|t| t.value(row));
        }
        match function {
            Function::Sum => {
                part.value = field.sum.as_ref().map_or(Value::Null, |sum| value_at(&**sum, row));
            }
            Function::Mean => {
                part.value = field.float_sum.as_ref().map_or(Value::Null, |sum| value_at(sum, row));
            }
            Function::Spread => {
                part.other = field.max.as_ref().map_or(Value::Null, |max| value_at(&*max.values, row));
            }
            _ => {}
        }
        part
    }

    fn add(&mut self, function: &Function, other: Self) {
        use std::cmp::Ordering::{Equal, Greater, Less};
        self.count += other.count;
        let order = compare(&other.value, &self.value);
        let earlier = other.time.zip(self.time).is_some_and(|(a, b)| a < b);
        let better = match function {
            Function::Min => order == Less || (order == Equal && earlier),
            Function::Max => order == Greater || (order == Equal && earlier),
            // Of several at one time the greatest; of booleans the one that is further from the other end.
            Function::First | Function::Last => match other.time.cmp(&self.time) {
                Equal if *function == Function::First && matches!(self.value, Value::Boolean(_)) => {
                    order == Less
                }
                Equal => order == Greater,
                Less => *function == Function::First,
                Greater => *function == Function::Last,
            },
            Function::Spread => {
                if compare(&other.other, &self.other) == Greater {
                    self.other = other.other;
                }
                order == Less
            }
            _ => {
                self.value = sum(&self.value, &other.value);
                return;
            }
        };
        if better {
            self.value = other.value;
            self.time = other.time;
        }
    }

    fn result(&self, function: &Function) -> Value {
        match function {
            Function::Count => Value::Integer(self.count as i64),
            Function::Mean => match &self.value {
                Value::Float(v) => Value::Float(v / self.count as f64),
                _ => Value::Null,
            },
            Function::Spread => match (&self.value, &self.other) {
                (Value::Float(low), Value::Float(high)) => Value::Float(high - low),
                (Value::Integer(low), Value::Integer(high)) => Value::Integer(high.wrapping_sub(*low)),
                (Value::Unsigned(low), Value::Unsigned(high)) => Value::Unsigned(high.wrapping_sub(*low)),
                _ => Value::Null,
            },
            _ => self.value.clone(),
        }
    }
}

fn sum(a: &Value, b: &Value) -> Value {
    match (a, b) {
        (Value::Float(a), Value::Float(b)) => Value::Float(a + b),
        (Value::Integer(a), Value::Integer(b)) => Value::Integer(a.wrapping_add(*b)),
        (Value::Unsigned(a), Value::Unsigned(b)) => Value::Unsigned(a.wrapping_add(*b)),
        (a, _) => a.clone(),
    }
}

fn compare(a: &Value, b: &Value) -> std::cmp::Ordering {
    use std::cmp::Ordering::Equal;
    match (a, b) {
        (Value::Float(a), Value::Float(b)) => a.partial_cmp(b).unwrap_or(Equal),
        (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
        (Value::Unsigned(a), Value::Unsigned(b)) => a.cmp(b),
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (Value::Boolean(a), Value::Boolean(b)) => a.cmp(b),
        _ => Equal,
    }
}

/// The value at a row of an array of a field's values.
pub(super) fn value_at(values: &dyn Array, row: usize) -> Value {
    use arrow_array::cast::AsArray;
    use arrow_array::types::{Float64Type, Int64Type, UInt64Type};
    if values.is_null(row) {
        return Value::Null;
    }
    if let Some(v) = values.as_primitive_opt::<Float64Type>() {
        Value::Float(v.value(row))
    } else if let Some(v) = values.as_primitive_opt::<Int64Type>() {
        Value::Integer(v.value(row))
    } else if let Some(v) = values.as_primitive_opt::<UInt64Type>() {
        Value::Unsigned(v.value(row))
    } else if let Some(v) = values.as_boolean_opt() {
        Value::Boolean(v.value(row))
    } else if let Some(v) = values.as_string_opt::<i32>() {
        Value::String(Arc::from(v.value(row)))
    } else {
        Value::Null
    }
}
