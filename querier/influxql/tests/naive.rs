//! The engine against an evaluator that is as simple as can be: a list of points, gone through row by row. Random small
//! data and random queries must give the same rows.

#![allow(clippy::unwrap_used, reason = "a panic is a failure here")]

#[path = "support/memory.rs"]
mod memory;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::AtomicBool;

use proptest::prelude::*;
use weir_influxql::{Engine, Request, Value};

const SECOND: i64 = 1_000_000_000;

/// A point: its second, its tags `a` and `b`, its fields `f` and `i`.
#[derive(Debug, Clone)]
struct Point {
    second: i64,
    tags: [Option<u8>; 2],
    f: Option<i32>,
    i: Option<i32>,
}

const TAGS: [&str; 2] = ["a", "b"];
const FUNCTIONS: [&str; 10] =
    ["count", "sum", "mean", "min", "max", "first", "last", "spread", "stddev", "median"];

#[derive(Debug, Clone, Copy, PartialEq)]
enum Fill {
    Default,
    None,
    Number(i32),
    Previous,
}

#[derive(Debug, Clone)]
struct Query {
    /// Functions of one field; none for rows as they are.
    calls: Vec<&'static str>,
    /// Whether of the field `f`; else of `i`.
    float: bool,
    both: bool,
    tag: Option<(usize, u8, bool)>,
    field: Option<(bool, &'static str, i32)>,
    start: i64,
    stop: i64,
    dims: Vec<usize>,
    every: Option<i64>,
    fill: Fill,
    descending: bool,
    limit: Option<(usize, usize)>,
}

impl Query {
    fn name(float: bool) -> &'static str {
        if float { "f" } else { "i" }
    }

    fn fields(&self) -> Vec<bool> {
        if self.both { vec![self.float, !self.float] } else { vec![self.float] }
    }

    fn text(&self) -> String {
        let field = Self::name(self.float);
        let columns: Vec<String> = if self.calls.is_empty() {
            self.fields().into_iter().map(|f| Self::name(f).to_owned()).collect()
        } else {
            self.calls.iter().map(|c| format!("{c}({field})")).collect()
        };
        let mut out = format!("SELECT {} FROM m WHERE ", columns.join(", "));
        let _ = write!(out, "time >= {}s AND time < {}s", self.start, self.stop);
        if let Some((tag, value, equal)) = self.tag {
            let _ = write!(out, " AND {} {} 'v{value}'", TAGS[tag], if equal { "=" } else { "!=" });
        }
        if let Some((float, op, value)) = self.field {
            let _ = write!(out, " AND {} {op} {value}", Self::name(float));
        }
        let mut dims: Vec<String> = self.dims.iter().map(|d| TAGS[*d].to_owned()).collect();
        dims.extend(self.every.map(|every| format!("time({every}s)")));
        if !dims.is_empty() {
            let _ = write!(out, " GROUP BY {}", dims.join(", "));
        }
        if self.every.is_some() {
            match self.fill {
                Fill::Default => {}
                Fill::None => out.push_str(" fill(none)"),
                Fill::Number(v) => out.push_str(&format!(" fill({v})")),
                Fill::Previous => out.push_str(" fill(previous)"),
            }
        }
        if self.descending {
            out.push_str(" ORDER BY time DESC");
        }
        if let Some((limit, offset)) = self.limit {
            let _ = write!(out, " LIMIT {limit} OFFSET {offset}");
        }
        out
    }

    fn holds(&self, p: &Point) -> bool {
        let tag = self.tag.is_none_or(|(tag, value, equal)| (p.tags[tag] == Some(value)) == equal);
        let field = self.field.is_none_or(|(float, op, value)| {
            let Some(v) = number(p, float) else { return false };
            let value = f64::from(value);
            match op {
                ">" => v > value,
                "<=" => v <= value,
                "!=" => v != value,
                _ => v == value,
            }
        });
        (self.start..self.stop).contains(&p.second) && tag && field
    }
}

/// The value of a field: `f` has halves.
fn number(p: &Point, float: bool) -> Option<f64> {
    if float { p.f.map(|v| f64::from(v) / 2.0) } else { p.i.map(f64::from) }
}

/// A row: the group's tags, the second, the values.
type Row = (Vec<String>, i64, Vec<Option<f64>>);

fn naive(points: &[Point], query: &Query) -> Vec<Row> {
    let mut groups: BTreeMap<Vec<String>, Vec<&Point>> = BTreeMap::new();
    for p in points.iter().filter(|p| query.holds(p)) {
        let key = query.dims.iter().map(|d| p.tags[*d].map_or(String::new(), |v| format!("v{v}")));
        groups.entry(key.collect()).or_default().push(p);
    }
    let mut out = Vec::new();
    for (tags, mut points) in groups {
        points.sort_by_key(|p| p.second);
        let mut rows = if query.calls.is_empty() { raw(&points, query) } else { called(&points, query) };
        if query.descending && (query.every.is_none() || query.calls.is_empty()) {
            rows.reverse();
        }
        let (limit, offset) = query.limit.unwrap_or((usize::MAX, 0));
        out.push(
            rows.into_iter().skip(offset).take(limit).map(|(t, v)| (tags.clone(), t, v)).collect::<Vec<_>>(),
        );
    }
    if query.descending {
        out.reverse();
    }
    out.into_iter().flatten().collect()
}

fn raw(points: &[&Point], query: &Query) -> Vec<(i64, Vec<Option<f64>>)> {
    let row = |p: &&Point| {
        let values: Vec<_> = query.fields().into_iter().map(|float| number(p, float)).collect();
        values.iter().any(Option::is_some).then_some((p.second, values))
    };
    points.iter().filter_map(row).collect()
}

fn called(points: &[&Point], query: &Query) -> Vec<(i64, Vec<Option<f64>>)> {
    let values: Vec<(i64, f64)> =
        points.iter().filter_map(|p| Some((p.second, number(p, query.float)?))).collect();
    if values.is_empty() {
        return Vec::new();
    }
    let Some(every) = query.every else {
        let results: Vec<(i64, Option<f64>)> = query.calls.iter().map(|c| call(c, &values)).collect();
        let selector = matches!(query.calls[..], ["min" | "max" | "first" | "last"]);
        let time = if selector { results[0].0 } else { query.start };
        return vec![(time, results.into_iter().map(|r| r.1).collect())];
    };
    let mut windows: Vec<i64> =
        (query.start.div_euclid(every)..=(query.stop - 1).div_euclid(every)).map(|w| w * every).collect();
    if query.descending {
        windows.reverse();
    }
    let mut out: Vec<(i64, Vec<Option<f64>>)> = Vec::new();
    for start in windows {
        let here: Vec<(i64, f64)> =
            values.iter().filter(|(t, _)| (start..start + every).contains(t)).copied().collect();
        let row = if !here.is_empty() {
            query.calls.iter().map(|c| call(c, &here).1).collect()
        } else {
            match query.fill {
                Fill::None => continue,
                Fill::Number(v) => vec![Some(f64::from(v)); query.calls.len()],
                Fill::Previous => out.last().map_or(vec![None; query.calls.len()], |(_, row)| row.clone()),
                Fill::Default => query.calls.iter().map(|c| (*c == "count").then_some(0.0)).collect(),
            }
        };
        out.push((start, row));
    }
    out
}

fn call(name: &str, values: &[(i64, f64)]) -> (i64, Option<f64>) {
    let n = values.len() as f64;
    let sum: f64 = values.iter().map(|v| v.1).sum();
    let pick = |better: fn(f64, f64) -> bool| {
        let best = values.iter().copied().reduce(|old, new| if better(new.1, old.1) { new } else { old });
        best.map_or((0, None), |(t, v)| (t, Some(v)))
    };
    let (low, high) = (pick(|a, b| a < b), pick(|a, b| a > b));
    let of = |value: f64| (0, Some(value));
    match name {
        "count" => of(n),
        "sum" => of(sum),
        "mean" => of(sum / n),
        "min" => low,
        "max" => high,
        "first" => (values[0].0, Some(values[0].1)),
        "last" => (values[values.len() - 1].0, Some(values[values.len() - 1].1)),
        "spread" => (0, high.1.zip(low.1).map(|(a, b)| a - b)),
        "stddev" => {
            let squares: f64 = values.iter().map(|v| (v.1 - sum / n).powi(2)).sum();
            (0, (values.len() > 1).then(|| (squares / (n - 1.0)).sqrt()))
        }
        _ => {
            let mut sorted: Vec<f64> = values.iter().map(|v| v.1).collect();
            sorted.sort_by(f64::total_cmp);
            let middle = sorted.len() / 2;
            of(if sorted.len() % 2 == 1 {
                sorted[middle]
            } else {
                (sorted[middle - 1] + sorted[middle]) / 2.0
            })
        }
    }
}

fn lines(points: &[Point]) -> String {
    let mut out = String::new();
    for p in points {
        out.push('m');
        for (name, value) in TAGS.iter().zip(p.tags) {
            if let Some(value) = value {
                let _ = write!(out, ",{name}=v{value}");
            }
        }
        let f = number(p, true).map(|v| format!("f={v}"));
        let i = p.i.map(|v| format!("i={v}i"));
        let fields: Vec<String> = f.into_iter().chain(i).collect();
        let _ = writeln!(out, " {} {}", fields.join(","), p.second * SECOND);
    }
    out
}

fn engine(points: &[Point], query: &Query) -> Vec<Row> {
    let world = memory::MemoryEnvironment::default();
    world.add("d", &lines(points));
    let request = Request { text: query.text(), database: "d".into(), now: 0, ..Request::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let _entered = runtime.enter();
    let mut out = Vec::new();
    Engine::default()
        .run(&request, &world, &AtomicBool::new(false), &mut |result| {
            assert_eq!(result.error, None);
            for row in result.rows {
                let tags: Vec<String> = row.tags.iter().map(|(_, v)| v.clone()).collect();
                for values in &row.values {
                    let Value::Time(t) = values[0] else { panic!("{values:?}") };
                    let numbers = values[1..].iter().map(|v| match v {
                        Value::Float(v) => Some(*v),
                        Value::Integer(v) => Some(*v as f64),
                        _ => None,
                    });
                    out.push((tags.clone(), t / SECOND, numbers.collect()));
                }
            }
            Ok(())
        })
        .unwrap();
    out
}

fn arb_points() -> impl Strategy<Value = Vec<Point>> {
    let tag = || prop::option::of(0u8..3);
    let value = || prop::option::weighted(0.8, -9i32..10);
    let point = (tag(), tag(), value(), value(), 1i64..4);
    prop::collection::vec(point, 1..40).prop_map(|all| {
        let mut second = 0;
        let points = all.into_iter().map(|(a, b, f, i, step)| {
            second += step;
            Point { second, tags: [a, b], f, i }
        });
        points.filter(|p| p.f.is_some() || p.i.is_some()).collect()
    })
}

fn arb_query() -> impl Strategy<Value = Query> {
    let calls = prop::collection::vec(prop::sample::select(FUNCTIONS.to_vec()), 0..4);
    let tag = prop::option::weighted(0.3, (0usize..2, 0u8..3, any::<bool>()));
    let op = prop::sample::select(vec![">", "<=", "!=", "="]);
    let field = prop::option::weighted(0.3, (any::<bool>(), op, -5i32..6));
    let dims = prop::sample::subsequence(vec![0usize, 1], 0..=2);
    let every = prop::option::of(prop::sample::select(vec![1i64, 3, 7, 10, 60]));
    let fill = prop_oneof![
        3 => Just(Fill::Default),
        1 => Just(Fill::None),
        1 => (-3i32..4).prop_map(Fill::Number),
        1 => Just(Fill::Previous),
    ];
    let limit = prop::option::weighted(0.3, (1usize..5, 0usize..4));
    let shape = (any::<bool>(), any::<bool>(), any::<bool>(), 0i64..30, 1i64..90);
    (calls, tag, field, dims, every, fill, limit, shape).prop_map(
        |(mut calls, tag, field, dims, every, fill, limit, (float, both, descending, start, length))| {
            // Names of columns that repeat are told apart, which is no matter here.
            calls.dedup();
            let every = every.filter(|_| !calls.is_empty());
            let stop = start + length;
            Query { calls, float, both, tag, field, start, stop, dims, every, fill, descending, limit }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_query_gives_what_going_through_the_points_gives(points in arb_points(), query in arb_query()) {
        prop_assume!(!points.is_empty());
        let (got, wanted) = (engine(&points, &query), naive(&points, &query));
        let near = |a: &Option<f64>, b: &Option<f64>| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0),
            (a, b) => a == b,
        };
        let same = got.len() == wanted.len()
            && got.iter().zip(&wanted).all(|(g, w)| {
                (&g.0, g.1) == (&w.0, w.1) && g.2.len() == w.2.len() && g.2.iter().zip(&w.2).all(|(a, b)| near(a, b))
            });
        prop_assert!(same, "{}\ngot    {got:?}\nwanted {wanted:?}\n{}", query.text(), lines(&points));
    }
}
