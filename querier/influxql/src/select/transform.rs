//! Functions of a point and those before it.

use weir_influxql_syntax::{Expr, Op};

use super::stream::Stream;
use crate::column::{Column, Value};
use crate::error::{InfluxQlError, Result};

/// Whether the function transforms a sequence of points.
pub(crate) fn is_transformation(name: &str) -> bool {
    matches!(
        name,
        "derivative"
            | "non_negative_derivative"
            | "difference"
            | "non_negative_difference"
            | "cumulative_sum"
            | "moving_average"
            | "elapsed"
            | "exponential_moving_average"
            | "double_exponential_moving_average"
            | "triple_exponential_moving_average"
            | "triple_exponential_derivative"
            | "relative_strength_index"
            | "kaufmans_efficiency_ratio"
            | "kaufmans_adaptive_moving_average"
            | "chande_momentum_oscillator"
    )
}

fn integer(expr: Option<&Expr>) -> Option<i64> {
    match expr?.unparen() {
        Expr::Integer(v) | Expr::Duration(v) => Some(*v),
        Expr::Binary { op: Op::Mul, lhs, rhs } => Some(integer(Some(lhs))? * integer(Some(rhs))?),
        _ => None,
    }
}

/// How many windows before the first are read, so that the first has one to be compared with.
pub(crate) fn extra_windows(name: &str, _args: &[Expr]) -> i64 {
    i64::from(is_transformation(name) && name != "cumulative_sum")
}

/// Applies a transformation to each group of a stream.
pub(crate) fn transform(
    name: &str,
    args: &[Expr],
    input: &Stream,
    interval: i64,
    ascending: bool,
) -> Result<Stream> {
    let mut out = Stream::empty(0);
    let mut value = match (name, &input.value) {
        ("difference" | "non_negative_difference" | "cumulative_sum", Column::Integer(_)) => {
            Column::Integer(Vec::new())
        }
        ("difference" | "non_negative_difference" | "cumulative_sum", Column::Unsigned(_)) => {
            Column::Unsigned(Vec::new())
        }
        ("elapsed", _) => Column::Integer(Vec::new()),
        _ => Column::Float(Vec::new()),
    };
    if name != "elapsed" && matches!(input.value, Column::String(_) | Column::Boolean(_)) {
        let kind = if matches!(input.value, Column::String(_)) { "string" } else { "boolean" };
        return Err(InfluxQlError::invalid(format!(
            "unsupported {} iterator type: *query.{kind}InterruptIterator",
            super::types::spoken(name)
        )));
    }
    let mut states: hashbrown::HashMap<u32, State> = hashbrown::HashMap::new();
    for row in 0..input.len() {
        if input.value.is_null(row) {
            continue;
        }
        let state =
            states.entry(input.group[row]).or_insert_with(|| State::new(name, args, interval, ascending));
        if let Some(v) = state.next(input.time[row], &input.value.get(row)) {
            out.group.push(input.group[row]);
            out.time.push(input.time[row]);
            value.push(v);
        }
    }
    out.value = value;
    Ok(out)
}

/// An exponential average that begins as a plain one: the weight of a new value shrinks until it is constant.
struct Ema {
    period: i64,
    simple: bool,
    count: i64,
    last: f64,
}

impl Ema {
    fn new(period: i64, simple: bool) -> Self {
        Self { period: period.max(1), simple, count: 0, last: 0.0 }
    }

    fn add(&mut self, v: f64) -> f64 {
        self.count = (self.count + 1).min(self.period + 1);
        let n = self.count as f64;
        let weight = if self.count == 1 {
            1.0
        } else if self.simple && self.count <= self.period {
            1.0 / n
        } else {
            2.0 / (self.count.min(self.period) as f64 + 1.0)
        };
        self.last += weight * (v - self.last);
        self.last
    }
}

enum Kind {
    Derivative { unit: i64, positive: bool },
    Difference { positive: bool },
    Elapsed(i64),
    Sum(Value),
    Moving(usize),
    Ema,
    Dema,
    Tema,
    Trix,
    Rsi,
    Ker,
    Kama,
    Cmo,
    CmoSmooth,
}

struct State {
    kind: Kind,
    ascending: bool,
    last: Option<(i64, Value)>,
    window: std::collections::VecDeque<f64>,
    emas: [Ema; 3],
    seen: i64,
    hold: i64,
    period: usize,
    previous: f64,
}

fn number(v: &Value) -> f64 {
    match v {
        Value::Float(x) => *x,
        Value::Integer(x) => *x as f64,
        Value::Unsigned(x) => *x as f64,
        _ => f64::NAN,
    }
}

impl State {
    fn new(name: &str, args: &[Expr], interval: i64, ascending: bool) -> Self {
        let of_aggregate = matches!(args.first().map(Expr::unparen), Some(Expr::Call { .. }));
        let default_unit = if interval > 0 && of_aggregate { interval } else { 1_000_000_000 };
        let period = integer(args.get(1)).unwrap_or(1).clamp(1, 1 << 40);
        let warmup = match args.get(3) {
            Some(Expr::String(text)) => text.as_str(),
            _ => "",
        };
        let simple = warmup == "simple";
        let mut ema_period = period;
        let (kind, hold) = match name {
            "derivative" | "non_negative_derivative" => {
                let unit = integer(args.get(1)).unwrap_or(default_unit);
                (Kind::Derivative { unit, positive: name != "derivative" }, 0)
            }
            "difference" | "non_negative_difference" => {
                (Kind::Difference { positive: name != "difference" }, 0)
            }
            "elapsed" => (Kind::Elapsed(integer(args.get(1)).unwrap_or(1).max(1)), 0),
            "cumulative_sum" => (Kind::Sum(Value::Null), 0),
            "moving_average" => (Kind::Moving(period as usize), 0),
            "exponential_moving_average" => (Kind::Ema, period - 1),
            "double_exponential_moving_average" => (Kind::Dema, period - 1),
            "triple_exponential_moving_average" => (Kind::Tema, period - 1),
            "triple_exponential_derivative" => (Kind::Trix, period),
            "relative_strength_index" => {
                ema_period = 2 * period - 1;
                (Kind::Rsi, period)
            }
            "kaufmans_efficiency_ratio" => (Kind::Ker, period),
            "kaufmans_adaptive_moving_average" => (Kind::Kama, period),
            _ if matches!(warmup, "simple" | "exponential") => (Kind::CmoSmooth, period - 1),
            _ => (Kind::Cmo, period - 1),
        };
        let explicit = match kind {
            Kind::Derivative { .. }
            | Kind::Difference { .. }
            | Kind::Elapsed(_)
            | Kind::Sum(_)
            | Kind::Moving(_) => None,
            _ => integer(args.get(2)).filter(|h| *h >= 0),
        };
        Self {
            kind,
            ascending,
            last: None,
            window: std::collections::VecDeque::new(),
            emas: [Ema::new(ema_period, simple), Ema::new(ema_period, simple), Ema::new(ema_period, simple)],
            seen: 0,
            hold: explicit.unwrap_or(hold),
            period: period as usize,
            previous: 0.0,
        }
    }

    fn next(&mut self, time: i64, value: &Value) -> Option<Value> {
        // Of points at one time the first counts where a change is looked for.
        let rates = matches!(self.kind, Kind::Derivative { .. } | Kind::Difference { .. });
        if rates && self.last.as_ref().is_some_and(|(t, _)| *t == time) {
            return None;
        }
        let last = self.last.replace((time, value.clone()));
        let v = number(value);
        match &mut self.kind {
            Kind::Derivative { unit, positive } => {
                let (t, old) = last?;
                let elapsed = if self.ascending { time - t } else { t - time };
                let diff = match (&old, value) {
                    (Value::Integer(a), Value::Integer(b)) => b.wrapping_sub(*a) as f64,
                    (Value::Unsigned(a), Value::Unsigned(b)) => (i128::from(*b) - i128::from(*a)) as f64,
                    (a, b) => number(b) - number(a),
                };
                let rate = diff / (elapsed as f64 / *unit as f64);
                (!*positive || rate >= 0.0).then_some(Value::Float(rate))
            }
            Kind::Difference { positive } => {
                let (_, old) = last?;
                let falls = match (&old, value) {
                    (Value::Integer(a), Value::Integer(b)) => b.wrapping_sub(*a) < 0,
                    (Value::Unsigned(a), Value::Unsigned(b)) => b < a,
                    (a, b) => number(b) < number(a),
                };
                if *positive && falls {
                    return None;
                }
                Some(match (&old, value) {
                    (Value::Integer(a), Value::Integer(b)) => Value::Integer(b.wrapping_sub(*a)),
                    (Value::Unsigned(a), Value::Unsigned(b)) => Value::Unsigned(b.wrapping_sub(*a)),
                    (a, b) => Value::Float(number(b) - number(a)),
                })
            }
            Kind::Elapsed(unit) => {
                let (t, _) = last?;
                // Backwards in a query that runs backwards, other than derivatives.
                Some(Value::Integer((time - t) / *unit))
            }
            Kind::Sum(sum) => {
                *sum = match (&*sum, value) {
                    (Value::Integer(a), Value::Integer(b)) => Value::Integer(a.wrapping_add(*b)),
                    (Value::Unsigned(a), Value::Unsigned(b)) => Value::Unsigned(a.wrapping_add(*b)),
                    (Value::Null, b) => b.clone(),
                    (a, b) => Value::Float(number(a) + number(b)),
                };
                Some(sum.clone())
            }
            Kind::Moving(n) => {
                // A running sum, whose rounding users see.
                if self.window.len() == *n {
                    self.previous -= self.window.pop_front().unwrap_or_default();
                }
                self.window.push_back(v);
                self.previous += v;
                (self.window.len() == *n).then(|| Value::Float(self.previous / *n as f64))
            }
            _ => self.technical(v),
        }
    }

    /// The indicators of technical analysis.
    fn technical(&mut self, v: f64) -> Option<Value> {
        let index = self.seen;
        self.seen += 1;
        let previous = std::mem::replace(&mut self.previous, v);
        let mut ready = true;
        let out = match self.kind {
            Kind::Ema => self.emas[0].add(v),
            Kind::Dema => {
                let one = self.emas[0].add(v);
                2.0 * one - self.emas[1].add(one)
            }
            Kind::Tema => {
                let one = self.emas[0].add(v);
                let two = self.emas[1].add(one);
                3.0 * one - 3.0 * two + self.emas[2].add(two)
            }
            Kind::Trix => {
                let before = self.emas[2].last;
                let one = self.emas[0].add(v);
                let two = self.emas[1].add(one);
                let three = self.emas[2].add(two);
                if index == 0 { 0.0 } else { (three - before) / before * 100.0 }
            }
            Kind::Rsi | Kind::CmoSmooth => {
                // The first value counts as a change from 0.
                let change = v - previous;
                let (up, down) = (self.emas[0].add(change.max(0.0)), self.emas[1].add((-change).max(0.0)));
                if matches!(self.kind, Kind::Rsi) {
                    100.0 - 100.0 / (1.0 + up / down)
                } else {
                    100.0 * (up - down) / (up + down)
                }
            }
            Kind::Ker | Kind::Kama | Kind::Cmo => {
                self.window.push_back(v);
                if self.window.len() > self.period + 1 {
                    self.window.pop_front();
                }
                let changes = || self.window.iter().zip(self.window.iter().skip(1)).map(|(a, b)| b - a);
                if let Kind::Cmo = self.kind {
                    let up: f64 = changes().filter(|c| *c > 0.0).sum();
                    let down: f64 = changes().filter(|c| *c < 0.0).map(f64::abs).sum();
                    if up + down == 0.0 { 0.0 } else { 100.0 * (up - down) / (up + down) }
                } else {
                    let noise: f64 = changes().map(f64::abs).sum();
                    let first = self.window.front().copied().unwrap_or(v);
                    let ratio = if noise == 0.0 { 1.0 } else { (v - first).abs() / noise };
                    ready = self.window.len() > self.period;
                    if let Kind::Ker = self.kind {
                        ratio
                    } else {
                        let (fast, slow) = (2.0 / 3.0, 2.0 / 31.0);
                        let weight = (ratio * (fast - slow) + slow).powi(2);
                        let last = &mut self.emas[0].last;
                        *last = if ready { *last + weight * (v - *last) } else { v };
                        *last
                    }
                }
            }
            _ => return None,
        };
        (ready && index >= self.hold).then_some(Value::Float(out))
    }
}
