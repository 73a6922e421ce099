//! Functions of all points of a window.

use std::cmp::Ordering;

use hashbrown::{HashMap, HashSet};

use super::stream::Stream;
use crate::column::{Column, Value};
use crate::error::{InfluxQlError, Result};

/// What a function makes of a window: a value, at a time if it is a point's, and the row it is from.
pub(crate) struct Emitted {
    pub(crate) time: Option<i64>,
    pub(crate) value: Value,
    pub(crate) row: Option<usize>,
}

impl Emitted {
    fn value(value: Value) -> Vec<Self> {
        vec![Self { time: None, value, row: None }]
    }
}

/// An aggregate or a selector, with its parameter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Function {
    Count,
    CountDistinct,
    Sum,
    Mean,
    Median,
    Mode,
    Spread,
    Stddev,
    Min,
    Max,
    First,
    Last,
    Distinct,
    Percentile(f64),
    Sample(usize),
    Top(usize),
    Bottom(usize),
    Integral(f64),
}

impl Function {
    /// Whether points must come in the order of their times.
    pub(crate) fn ordered(&self) -> bool {
        matches!(
            self,
            Self::CountDistinct
                | Self::Median
                | Self::Mode
                | Self::Distinct
                | Self::Percentile(_)
                | Self::Sample(_)
                | Self::Top(_)
                | Self::Bottom(_)
                | Self::Integral(_)
        )
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Count | Self::CountDistinct => "count",
            Self::Sum => "sum",
            Self::Mean => "mean",
            Self::Median => "median",
            Self::Mode => "mode",
            Self::Spread => "spread",
            Self::Stddev => "stddev",
            Self::Min => "min",
            Self::Max => "max",
            Self::First => "first",
            Self::Last => "last",
            Self::Distinct => "distinct",
            Self::Percentile(_) => "percentile",
            Self::Sample(_) => "sample",
            Self::Top(_) => "top",
            Self::Bottom(_) => "bottom",
            Self::Integral(_) => "integral",
        }
    }

    /// Refuses columns of types that the function does not take.
    pub(crate) fn check(&self, column: &Column) -> Result<()> {
        let any = matches!(
            self,
            Self::Count
                | Self::CountDistinct
                | Self::Mode
                | Self::First
                | Self::Last
                | Self::Distinct
                | Self::Sample(_)
        );
        let kind = match column {
            Column::String(_) if !any => "string",
            Column::Boolean(_) if !any && !matches!(self, Self::Min | Self::Max) => "boolean",
            _ => return Ok(()),
        };
        Err(InfluxQlError::invalid(format!(
            "unsupported {} iterator type: *query.{kind}InterruptIterator",
            self.name()
        )))
    }

    /// Applies the function to the rows of a window; none is null.
    pub(crate) fn apply(&self, input: &Stream, rows: &[usize]) -> Vec<Emitted> {
        let at =
            |row: usize| Emitted { time: Some(input.time[row]), value: input.value.get(row), row: Some(row) };
        match self {
            Self::Count => Emitted::value(Value::Integer(rows.len() as i64)),
            Self::CountDistinct => {
                Emitted::value(Value::Integer(first_of_each(&input.value, rows).len() as i64))
            }
            Self::Sum => Emitted::value(sum(&input.value, rows)),
            Self::Mean => {
                let sum: f64 = values(&input.value, rows).iter().sum();
                Emitted::value(Value::Float(sum / rows.len() as f64))
            }
            Self::Median => Emitted::value(median(&input.value, rows)),
            Self::Mode => Emitted::value(mode(input, rows)),
            Self::Spread => Emitted::value(spread(&input.value, rows)),
            Self::Stddev => Emitted::value(stddev(&input.value, rows)),
            Self::Min | Self::Max => {
                let wanted = if *self == Self::Min { Ordering::Less } else { Ordering::Greater };
                best(rows, |new, old| match compare(&input.value, new, old) {
                    Ordering::Equal => input.time[new] < input.time[old],
                    order => order == wanted,
                })
                .map(at)
                .into_iter()
                .collect()
            }
            Self::First | Self::Last => {
                let wanted = if *self == Self::First { Ordering::Less } else { Ordering::Greater };
                best(rows, |new, old| match input.time[new].cmp(&input.time[old]) {
                    // Of one time the greater, but of booleans the one that is further from the other end.
                    Ordering::Equal => match &input.value {
                        Column::Boolean(_) => compare(&input.value, new, old) == wanted,
                        _ => compare(&input.value, new, old).is_gt(),
                    },
                    order => order == wanted,
                })
                .map(at)
                .into_iter()
                .collect()
            }
            Self::Distinct => {
                let mut found = first_of_each(&input.value, rows);
                found.sort_by(|a, b| {
                    input.time[*a].cmp(&input.time[*b]).then_with(|| compare(&input.value, *a, *b))
                });
                found.into_iter().map(at).collect()
            }
            Self::Percentile(percentile) => {
                let index = (rows.len() as f64 * percentile / 100.0 + 0.5).floor() as i64 - 1;
                let Some(index) = usize::try_from(index).ok().filter(|i| *i < rows.len()) else {
                    return Vec::new();
                };
                let mut sorted = rows.to_vec();
                super::go_sort::sort(&mut sorted, |a, b| compare(&input.value, *a, *b).is_lt());
                vec![at(sorted[index])]
            }
            Self::Sample(n) => {
                use rand::seq::IteratorRandom;
                let mut chosen = rows.iter().copied().sample(&mut rand::rng(), *n);
                chosen.sort_by_key(|r| input.time[*r]);
                chosen.into_iter().map(at).collect()
            }
            Self::Top(n) | Self::Bottom(n) => {
                let top = matches!(self, Self::Top(_));
                let mut sorted = rows.to_vec();
                // The best first; of equal values the earlier.
                sorted.sort_by(|a, b| {
                    let order = compare(&input.value, *a, *b);
                    let order = if top { order.reverse() } else { order };
                    order.then_with(|| input.time[*a].cmp(&input.time[*b]))
                });
                sorted.truncate(*n);
                sorted.sort_by_key(|r| input.time[*r]);
                sorted.into_iter().map(at).collect()
            }
            Self::Integral(unit) => Emitted::value(Value::Float(area(input, rows, *unit))),
        }
    }
}

/// The row that is better than all before it.
fn best(rows: &[usize], better: impl Fn(usize, usize) -> bool) -> Option<usize> {
    rows.iter().copied().reduce(|old, new| if better(new, old) { new } else { old })
}

fn compare(column: &Column, a: usize, b: usize) -> Ordering {
    match column {
        Column::Float(v) => v[a].partial_cmp(&v[b]).unwrap_or(Ordering::Equal),
        Column::Integer(v) => v[a].cmp(&v[b]),
        Column::Unsigned(v) => v[a].cmp(&v[b]),
        Column::String(v) => v[a].cmp(&v[b]),
        Column::Boolean(v) => v[a].cmp(&v[b]),
        Column::Null(_) => Ordering::Equal,
    }
}

fn values(column: &Column, rows: &[usize]) -> Vec<f64> {
    match column {
        Column::Float(v) => rows.iter().filter_map(|r| v[*r]).collect(),
        Column::Integer(v) => rows.iter().filter_map(|r| v[*r].map(|v| v as f64)).collect(),
        Column::Unsigned(v) => rows.iter().filter_map(|r| v[*r].map(|v| v as f64)).collect(),
        _ => Vec::new(),
    }
}

fn sum(column: &Column, rows: &[usize]) -> Value {
    match column {
        Column::Integer(v) => Value::Integer(rows.iter().filter_map(|r| v[*r]).fold(0, i64::wrapping_add)),
        Column::Unsigned(v) => Value::Unsigned(rows.iter().filter_map(|r| v[*r]).fold(0, u64::wrapping_add)),
        other => Value::Float(values(other, rows).iter().sum()),
    }
}

fn spread(column: &Column, rows: &[usize]) -> Value {
    match column {
        Column::Integer(v) => {
            let (min, max) =
                (rows.iter().filter_map(|r| v[*r]).min(), rows.iter().filter_map(|r| v[*r]).max());
            Value::Integer(max.unwrap_or(0).wrapping_sub(min.unwrap_or(0)))
        }
        Column::Unsigned(v) => {
            let (min, max) =
                (rows.iter().filter_map(|r| v[*r]).min(), rows.iter().filter_map(|r| v[*r]).max());
            Value::Unsigned(max.unwrap_or(0) - min.unwrap_or(0))
        }
        other => {
            let v = values(other, rows);
            let (min, max) = (
                v.iter().copied().fold(f64::INFINITY, f64::min),
                v.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            );
            Value::Float(max - min)
        }
    }
}

fn median(column: &Column, rows: &[usize]) -> Value {
    let mut v = values(column, rows);
    if v.is_empty() {
        return Value::Null;
    }
    v.sort_by(f64::total_cmp);
    let middle = v.len() / 2;
    Value::Float(if v.len() % 2 == 1 { v[middle] } else { v[middle - 1] + (v[middle] - v[middle - 1]) / 2.0 })
}

fn stddev(column: &Column, rows: &[usize]) -> Value {
    let v: Vec<f64> = values(column, rows).into_iter().filter(|v| !v.is_nan()).collect();
    if v.len() < 2 {
        return Value::Float(f64::NAN);
    }
    let mean = v.iter().sum::<f64>() / v.len() as f64;
    let squares: f64 = v.iter().map(|x| (x - mean) * (x - mean)).sum();
    Value::Float((squares / (v.len() - 1) as f64).sqrt())
}

fn mode(input: &Stream, rows: &[usize]) -> Value {
    if let Column::Boolean(v) = &input.value {
        let yes = rows.iter().filter(|r| v[**r] == Some(true)).count();
        let first = rows.first().and_then(|r| v[*r]).unwrap_or_default();
        return Value::Boolean(match (2 * yes).cmp(&rows.len()) {
            Ordering::Greater => true,
            Ordering::Less => false,
            Ordering::Equal => first,
        });
    }
    let mut sorted = rows.to_vec();
    super::go_sort::sort(&mut sorted, |a, b| compare(&input.value, *a, *b).is_lt());
    let Some(&first) = sorted.first() else { return Value::Null };
    let (mut most, mut current) = (0, 0);
    let (mut of_most, mut of_current) = (first, first);
    let mut time = input.time[first];
    let mut current_time = time;
    for row in sorted {
        if compare(&input.value, row, of_current) != Ordering::Equal {
            current = 1;
            of_current = row;
            current_time = input.time[row];
            continue;
        }
        current += 1;
        if most > current || (most == current && current_time > time) {
            continue;
        }
        most = current;
        of_most = row;
        time = input.time[row];
    }
    input.value.get(of_most)
}

/// The first row of each value, in order.
fn first_of_each(column: &Column, rows: &[usize]) -> Vec<usize> {
    fn distinct<K: std::hash::Hash + Eq>(rows: &[usize], key: impl Fn(usize) -> K) -> Vec<usize> {
        let mut seen = HashSet::new();
        rows.iter().copied().filter(|r| seen.insert(key(*r))).collect()
    }
    match column {
        Column::Float(v) => distinct(rows, |r| v[r].map(f64::to_bits)),
        Column::Integer(v) => distinct(rows, |r| v[r]),
        Column::Unsigned(v) => distinct(rows, |r| v[r]),
        Column::String(v) => distinct(rows, |r| v[r].clone()),
        Column::Boolean(v) => distinct(rows, |r| v[r]),
        Column::Null(_) => Vec::new(),
    }
}

fn area(input: &Stream, rows: &[usize], unit: f64) -> f64 {
    let v = input.value.floats();
    let mut sum = 0.0;
    let mut last: Option<(i64, f64)> = None;
    for row in rows {
        let (Some(value), time) = (v[*row], input.time[*row]) else { continue };
        if let Some((t, old)) = last
            && t != time
        {
            sum += 0.5 * (value + old) * ((time - t) as f64 / unit);
        }
        last = Some((time, value));
    }
    sum
}

/// The windows of a stream: for each, its rows; in the order of `place`, start and group.
pub(crate) struct Buckets {
    pub(crate) place: u32,
    pub(crate) start: i64,
    pub(crate) group: u32,
    pub(crate) rows: Vec<usize>,
}

/// Puts the rows that have a value into windows.
pub(crate) fn buckets(
    input: &Stream,
    ranks: &[u32],
    full: &[u32],
    ascending: bool,
    start_of: impl Fn(i64) -> i64,
) -> Vec<Buckets> {
    let mut out: Vec<Buckets> = Vec::new();
    let mut known: HashMap<(u32, i64), usize> = HashMap::new();
    let mut last = usize::MAX;
    for row in 0..input.len() {
        if input.value.is_null(row) {
            continue;
        }
        let (group, start) = (input.group[row], start_of(input.time[row]));
        if last == usize::MAX || out[last].group != group || out[last].start != start {
            last = *known.entry((group, start)).or_insert_with(|| {
                out.push(Buckets { place: ranks[group as usize], start, group, rows: Vec::new() });
                out.len() - 1
            });
        }
        out[last].rows.push(row);
    }
    out.sort_by(|a, b| {
        let order = (a.place, a.start).cmp(&(b.place, b.start));
        let order = if ascending { order } else { order.reverse() };
        order.then_with(|| full[a.group as usize].cmp(&full[b.group as usize]))
    });
    out
}
