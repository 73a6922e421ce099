//! Calls over points: windows, fills, and joining what several calls give.

use std::collections::{BTreeMap, BTreeSet};

use weir_influxql_syntax::{Expr, Fill};

use super::aggregate::{Function, buckets};
use super::integral;
use super::predict::Forecast;
use super::stream::Stream;
use super::transform::{extra_windows, is_transformation, transform};
use super::{Input, Running};
use crate::column::{Column, Value};
use crate::error::{InfluxQlError, Result};
use crate::time::{MAX_TIME, MIN_TIME};

/// A forecast has this many points at most.
const FORECAST: usize = 1_000_000;
/// More windows than this are refused rather than filled.
const WINDOWS: usize = 20_000_000;

impl Running<'_> {
    /// The points that a call gives.
    pub(super) fn call(&self, call: &Expr, refs: &[Expr], selector: bool) -> Result<Stream> {
        self.call_in(call, refs, selector, (self.start, self.end))
    }

    fn call_in(&self, call: &Expr, refs: &[Expr], selector: bool, range: (i64, i64)) -> Result<Stream> {
        let Expr::Call { name, args } = call else {
            return Err(InfluxQlError::invalid("a call is expected"));
        };
        let first =
            args.first().ok_or_else(|| InfluxQlError::invalid(format!("{name}() has no argument")))?;
        if is_transformation(name) {
            let range = self.extended(extra_windows(name, args));
            let inner = match first {
                Expr::Call { .. } => self.call_in(first, &[], false, range)?,
                field => self.source(Some(field), &[], range, true, &self.group_by)?,
            };
            return transform(name, args, &inner, self.windows.every, self.ascending);
        }
        if matches!(name.as_str(), "holt_winters" | "holt_winters_with_fit") {
            let whole = |expr: Option<&Expr>| match expr.map(Expr::unparen) {
                Some(Expr::Integer(v)) => usize::try_from(*v).unwrap_or(0).min(FORECAST),
                _ => 0,
            };
            let forecast = Forecast {
                n: whole(args.get(1)),
                season: whole(args.get(2)),
                with_fit: name == "holt_winters_with_fit",
                every: self.windows.every,
            };
            return Ok(forecast.of(&self.call_in(first, &[], false, range)?));
        }
        let number = |expr: Option<&Expr>| match expr.map(Expr::unparen) {
            Some(Expr::Integer(v) | Expr::Duration(v)) => *v as f64,
            Some(Expr::Number(v)) => *v,
            _ => 0.0,
        };
        let last = number(args.last()).max(0.0) as usize;
        let (function, field) = match (name.as_str(), first) {
            ("count", Expr::Call { args, .. }) => (Function::CountDistinct, args.first().unwrap_or(first)),
            // Counting exactly is the better estimate.
            ("count_hll", Expr::Call { args, .. }) => {
                (Function::CountDistinct, args.first().unwrap_or(first))
            }
            ("count", _) => (Function::Count, first),
            ("sum", _) => (Function::Sum, first),
            ("mean", _) => (Function::Mean, first),
            ("median", _) => (Function::Median, first),
            ("mode", _) => (Function::Mode, first),
            ("spread", _) => (Function::Spread, first),
            ("stddev", _) => (Function::Stddev, first),
            ("min", _) => (Function::Min, first),
            ("max", _) => (Function::Max, first),
            ("first", _) => (Function::First, first),
            ("last", _) => (Function::Last, first),
            ("distinct", _) => (Function::Distinct, first),
            ("percentile", _) => (Function::Percentile(number(args.get(1))), first),
            ("sample", _) => (Function::Sample(last), first),
            ("top", _) => (Function::Top(last), first),
            ("bottom", _) => (Function::Bottom(last), first),
            ("integral", _) => {
                let unit = if args.len() > 1 { number(args.get(1)) } else { 1e9 };
                (Function::Integral(unit), first)
            }
            _ => return Err(InfluxQlError::invalid(format!("unsupported call: {name}"))),
        };
        let fills = !matches!(
            function,
            Function::Top(_)
                | Function::Bottom(_)
                | Function::Sample(_)
                | Function::Distinct
                | Function::Integral(_)
        );
        let fills = self.windows.every > 0 && fills && self.fill != Fill::None;
        if self.is_summed() {
            let out = self.of_summaries(&function, field, range, selector && self.windows.every == 0);
            return if fills { self.filled(out, name, range) } else { Ok(out) };
        }
        let mut group_by = self.group_by.clone();
        let mut input;
        if matches!(function, Function::Top(_) | Function::Bottom(_)) && args.len() > 2 {
            // The best of each combination of tags, then the best of these.
            group_by.extend(args[1..args.len() - 1].iter().filter_map(|a| match a {
                Expr::VarRef { name, .. } => Some(name.clone()),
                _ => None,
            }));
            input = self.source(Some(field), refs, range, false, &group_by)?;
            let best = if matches!(function, Function::Top(_)) { Function::Max } else { Function::Min };
            input = self.regrouped(self.reduce(&best, &input, range, true)?);
        } else if matches!(function, Function::First | Function::Last)
            && self.windows.every == 0
            && !self.of_subquery_only()
        {
            input = self.ends(field, refs, range, function == Function::First)?;
        } else if let Function::Integral(unit) = function
            && self.windows.every > 0
        {
            input = self.source(Some(field), refs, range, true, &group_by)?;
            function.check(&input.value)?;
            return Ok(integral::of_windows(&input, unit, self.ascending, |t| {
                let start = self.windows.start(t, range.0);
                let next = self.windows.next(start, true);
                if self.ascending { (start, next) } else { (next, start) }
            }));
        } else {
            input = self.source(Some(field), refs, range, function.ordered(), &group_by)?;
        }
        function.check(&input.value)?;
        // A window of a subquery that begins before the range ends the reading, as users of the reference know it.
        if self.windows.every == 0
            && self.of_subquery_only()
            && let Some(early) = input.time.iter().position(|time| *time < range.0)
        {
            input = input.take(&(0..early).collect::<Vec<_>>());
        }
        let real_times = matches!(function, Function::Top(_) | Function::Bottom(_) | Function::Sample(_))
            || (selector && self.windows.every == 0);
        let mut out = self.reduce(&function, &input, range, real_times)?;
        if matches!((&function, &input.value), (Function::Integral(_), Column::Float(_))) {
            // As users know it: the area under integers stands at the start of the range, that under floats at 1970.
            out.time.fill(0);
        }
        if fills {
            out = self.filled(out, name, range)?;
        }
        Ok(out)
    }

    fn of_subquery_only(&self) -> bool {
        self.inputs.iter().all(|i| matches!(i, Input::Subquery(_)))
    }

    /// Groups points again by what this SELECT groups by.
    fn regrouped(&self, mut stream: Stream) -> Stream {
        let mut groups = self.run.groups.borrow_mut();
        let mut known: BTreeMap<u32, u32> = BTreeMap::new();
        for group in &mut stream.group {
            *group = *known.entry(*group).or_insert_with(|| {
                let mut subset = groups.get(*group).clone();
                subset.tags =
                    subset.tags.iter().filter(|(k, _)| self.group_by.contains(k)).cloned().collect();
                groups.number(subset)
            });
        }
        stream
    }

    /// The first or last two points of every group, which is where the first or last one is looked for when there are
    /// no windows: of several at one time, the greater of these two counts.
    fn ends(&self, field: &Expr, refs: &[Expr], range: (i64, i64), first: bool) -> Result<Stream> {
        let all = self.source_in_order(field, refs, range, first)?;
        let mut rows = Vec::new();
        let mut seen: hashbrown::HashMap<u32, usize> = hashbrown::HashMap::new();
        for row in 0..all.len() {
            let n = seen.entry(all.group[row]).or_default();
            *n += 1;
            if *n <= 2 {
                rows.push(row);
            }
        }
        Ok(all.take(&rows))
    }

    fn source_in_order(
        &self,
        field: &Expr,
        refs: &[Expr],
        range: (i64, i64),
        ascending: bool,
    ) -> Result<Stream> {
        // Each series gives its two outermost points only: more are never looked at.
        let mut found: Vec<Stream> = Vec::new();
        let mut whole = Vec::new();
        for input in &self.inputs {
            match input {
                Input::Measurements(loaded) => {
                    for series in &loaded.series {
                        let Some(stream) =
                            self.of_series(loaded, series, Some(field), refs, range, &self.group_by)
                        else {
                            continue;
                        };
                        let stream = if self.ascending == ascending { stream } else { stream.reversed() };
                        let rows: Vec<usize> = (0..stream.len().min(2)).collect();
                        found.push(stream.take(&rows));
                    }
                }
                Input::Subquery(output) => {
                    whole.extend(self.of_subquery(output, Some(field), refs, range, &self.group_by));
                }
                Input::Summed(_) => {}
            }
        }
        self.slimit(&mut found)?;
        let mut by_group: BTreeMap<u32, Vec<Stream>> = BTreeMap::new();
        for stream in found {
            by_group.entry(stream.group[0]).or_default().push(stream);
        }
        let ranks = self.run.groups.borrow().ranks(&self.outer_dims);
        let mut merged: Vec<Stream> =
            by_group.into_values().map(|s| Stream::merge(s, &ranks, ascending, refs.len())).collect();
        merged.extend(whole);
        Ok(Stream::concat(merged, refs.len()))
    }

    /// Applies a function to the windows of every group.
    fn reduce(
        &self,
        function: &Function,
        input: &Stream,
        range: (i64, i64),
        real_times: bool,
    ) -> Result<Stream> {
        let (ranks, full) = {
            let groups = self.run.groups.borrow();
            let all: Vec<String> =
                self.group_by.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
            (groups.ranks(&self.outer_dims), groups.ranks(&all))
        };
        let all = buckets(input, &ranks, &full, self.ascending, |t| self.windows.start(t, range.0));
        let mut out = Stream::empty(input.aux.len());
        let mut value = match function {
            Function::Mean | Function::Median | Function::Stddev | Function::Integral(_)
                if !matches!(input.value, Column::String(_)) =>
            {
                Column::Float(Vec::new())
            }
            Function::Count | Function::CountDistinct => Column::Integer(Vec::new()),
            _ => Column::empty(input.value.ty()),
        };
        let mut aux: Vec<Column> = input.aux.iter().map(|c| Column::empty(c.ty())).collect();
        let mut i = 0;
        while i < all.len() {
            // All groups that share a place in one window are ordered by the times of their points.
            let end = (i..all.len())
                .find(|j| (all[*j].place, all[*j].start) != (all[i].place, all[i].start))
                .unwrap_or(all.len());
            let mut emitted = Vec::new();
            for bucket in &all[i..end] {
                for e in function.apply(input, &bucket.rows) {
                    emitted.push((bucket.group, e));
                }
            }
            if emitted.iter().all(|(_, e)| e.time.is_some()) {
                emitted.sort_by_key(|(_, e)| e.time);
                if !self.ascending {
                    emitted.reverse();
                }
            }
            for (group, e) in emitted {
                let start = all[i].start;
                let shown = if start == MIN_TIME { 0 } else { start };
                out.group.push(group);
                out.time.push(if real_times { e.time.unwrap_or(shown) } else { shown });
                value.push(e.value);
                for (column, from) in aux.iter_mut().zip(&input.aux) {
                    column.push(e.row.map_or(Value::Null, |r| from.get(r)));
                }
            }
            i = end;
        }
        out.value = value;
        out.aux = aux;
        self.run.check()?;
        Ok(out)
    }

    /// Puts points into the windows that have none.
    fn filled(&self, input: Stream, call: &str, range: (i64, i64)) -> Result<Stream> {
        let (first, last) = if self.ascending { range } else { (range.1, range.0) };
        let bounded = first != MIN_TIME && first != MAX_TIME;
        let begin = self.windows.start(first, range.0);
        let end = self.windows.start(last, range.0);
        let mut by_group: Vec<(u32, Vec<usize>)> = Vec::new();
        let mut known: hashbrown::HashMap<u32, usize> = hashbrown::HashMap::new();
        for row in 0..input.len() {
            let at = *known.entry(input.group[row]).or_insert_with(|| {
                by_group.push((input.group[row], Vec::new()));
                by_group.len() - 1
            });
            by_group[at].1.push(row);
        }
        let mut out = Stream::empty(input.aux.len());
        out.value = Column::empty(input.value.ty());
        out.aux = input.aux.iter().map(|c| Column::empty(c.ty())).collect();
        let before = |a: i64, b: i64| if self.ascending { a < b } else { a > b };
        for (group, rows) in by_group {
            let mut window = if bounded { begin } else { input.time[rows[0]] };
            let mut next = 0;
            let mut previous: Option<usize> = None;
            loop {
                let more = next < rows.len();
                let within = !before(end, window) && (self.ascending || end != MIN_TIME);
                if !more && !within {
                    break;
                }
                if more && !before(window, input.time[rows[next]]) {
                    // The point of this window; or one of a window that was passed, which a change of the clock made.
                    let row = rows[next];
                    push_row(&mut out, &input, row);
                    if input.time[row] == window {
                        window = self.windows.next(window, self.ascending);
                    }
                    previous = Some(row);
                    next += 1;
                    continue;
                }
                out.group.push(group);
                out.time.push(window);
                let following = rows.get(next).copied();
                let value = self.fill_value(call, &input, window, previous, following);
                out.value.push(value);
                let number = match self.fill {
                    Fill::Integer(v) => Value::Integer(v),
                    Fill::Float(v) => Value::Float(v),
                    _ => Value::Null,
                };
                out.aux.iter_mut().for_each(|c| c.push(filling(number.clone(), c)));
                if out.len() > WINDOWS {
                    return Err(InfluxQlError::invalid("the query has too many windows"));
                }
                window = self.windows.next(window, self.ascending);
            }
        }
        Ok(out)
    }

    fn fill_value(
        &self,
        call: &str,
        input: &Stream,
        window: i64,
        previous: Option<usize>,
        next: Option<usize>,
    ) -> Value {
        match self.fill {
            Fill::Default | Fill::Null if call == "count" => Value::Integer(0),
            Fill::Default | Fill::Null | Fill::None => Value::Null,
            // A number is what a text or a boolean is not.
            Fill::Integer(_) | Fill::Float(_) if matches!(input.value, Column::String(_)) => {
                Value::String("".into())
            }
            Fill::Integer(_) | Fill::Float(_) if matches!(input.value, Column::Boolean(_)) => {
                Value::Boolean(false)
            }
            Fill::Integer(v) => filling(Value::Integer(v), &input.value),
            Fill::Float(v) => filling(Value::Float(v), &input.value),
            Fill::Previous => previous.map_or(Value::Null, |row| input.value.get(row)),
            Fill::Linear => match (previous, next) {
                (Some(a), Some(b)) => {
                    let every = self.windows.every.max(1);
                    let at = |t: i64| t.div_euclid(every);
                    let (ta, tb) = (at(input.time[a]), at(input.time[b]));
                    linear(at(window) - ta, tb - ta, &input.value.get(a), &input.value.get(b))
                }
                _ => Value::Null,
            },
        }
    }

    /// Joins what calls give into rows: by group and time.
    pub(super) fn join(
        &self,
        calls: &[Expr],
        refs: &[Expr],
        streams: Vec<Stream>,
        known: &mut BTreeMap<String, Column>,
    ) -> (Vec<u32>, Vec<i64>) {
        if let [stream] = &streams[..] {
            known.insert(calls[0].to_string(), stream.value.clone());
            for (r, column) in refs.iter().zip(&stream.aux) {
                known.insert(r.to_string(), column.clone());
            }
            return (stream.group.clone(), stream.time.clone());
        }
        let all: Vec<String> = self.group_by.iter().cloned().collect();
        let full = self.run.groups.borrow().ranks(&all);
        let mut at = vec![0usize; streams.len()];
        let (mut group, mut time) = (Vec::new(), Vec::new());
        let mut columns: Vec<Column> = streams.iter().map(|s| Column::empty(s.value.ty())).collect();
        let default = match self.fill {
            Fill::Integer(v) => Value::Integer(v),
            Fill::Float(v) => Value::Float(v),
            _ => Value::Null,
        };
        let mut last = vec![Value::Null; streams.len()];
        loop {
            let mut best: Option<(u32, i64, u32)> = None;
            for (s, i) in streams.iter().zip(&at) {
                if *i >= s.len() {
                    continue;
                }
                let here = (full[s.group[*i] as usize], s.time[*i], s.group[*i]);
                let better = best.is_none_or(|b| {
                    let order = (here.0, here.1).cmp(&(b.0, b.1));
                    if self.ascending { order.is_lt() } else { order.is_gt() }
                });
                if better {
                    best = Some(here);
                }
            }
            let Some((rank, t, g)) = best else { break };
            group.push(g);
            time.push(t);
            for (k, s) in streams.iter().enumerate() {
                let i = at[k];
                let value = if i < s.len() && full[s.group[i] as usize] == rank && s.time[i] == t {
                    at[k] += 1;
                    s.value.get(i)
                } else if self.fill == Fill::Previous {
                    last[k].clone()
                } else if s.value.ty().is_none() {
                    Value::Null
                } else {
                    default.clone()
                };
                last[k].clone_from(&value);
                columns[k].push(value);
            }
        }
        for (call, column) in calls.iter().zip(columns) {
            known.insert(call.to_string(), column);
        }
        (group, time)
    }
}

/// A number that fills a column. A negative one wraps around in a column of unsigned ones.
fn filling(value: Value, column: &Column) -> Value {
    match (column, value) {
        (Column::Unsigned(_), Value::Integer(v)) => Value::Unsigned(v as u64),
        (Column::Unsigned(_), Value::Float(v)) if v < 0.0 => Value::Unsigned(v as i64 as u64),
        (_, value) => value,
    }
}

fn push_row(out: &mut Stream, input: &Stream, row: usize) {
    out.group.push(input.group[row]);
    out.time.push(input.time[row]);
    out.value.push(input.value.get(row));
    for (column, from) in out.aux.iter_mut().zip(&input.aux) {
        column.push(from.get(row));
    }
}

/// The value `x` of `width` steps on the way from one value to another.
fn linear(x: i64, width: i64, a: &Value, b: &Value) -> Value {
    let (x, width) = (x as f64, width as f64);
    match (a, b) {
        (Value::Float(a), Value::Float(b)) => Value::Float((b - a) / width * x + a),
        (Value::Integer(a), Value::Integer(b)) => {
            Value::Integer((b.wrapping_sub(*a) as f64 / width * x + *a as f64) as i64)
        }
        // A falling line wraps around, as users of unsigned fields know it.
        (Value::Unsigned(a), Value::Unsigned(b)) => {
            Value::Unsigned((b.wrapping_sub(*a) as f64 / width * x + *a as f64) as u64)
        }
        _ => Value::Null,
    }
}
