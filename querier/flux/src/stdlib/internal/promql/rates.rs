//! Rates of change.

use crate::error::{FluxError, Result};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::stdlib::native::natives;
use crate::tables::per_tables;

use super::over_time::each_series;

natives! { "internal/promql":
    EXTRAPOLATED = "extrapolatedRate",
        "(<-tables: stream[{A with _start: time, _stop: time, _time: time, _value: float}], ?isCounter: bool, \
         ?isRate: bool) => stream[{B with _value: float}]",
        "How much the value changed in the whole range, or a second of it, extrapolated to the range's bounds.",
        |args, _| args.transform(Rate::Extrapolated {
            counter: args.or("isCounter", false)?,
            rate: args.or("isRate", false)?,
        });
    INSTANT = "instantRate",
        "(<-tables: stream[{A with _time: time, _value: float}], ?isRate: bool) => stream[{B with _value: float}]",
        "How much the last value changed since the one before, in all or a second.",
        |args, _| args.transform(Rate::Instant { rate: args.or("isRate", false)? });
}

#[derive(Debug, Clone, Copy)]
enum Rate {
    Extrapolated { counter: bool, rate: bool },
    Instant { rate: bool },
}

const SECOND: f64 = 1e9;

impl Rate {
    fn of(self, times: &[i64], values: &[f64], (start, stop): (i64, i64)) -> Option<f64> {
        let (&[.., before, last], &[.., earlier, later]) = (values, times) else { return None };
        match self {
            Self::Instant { rate } => {
                // A counter that fell began anew, from 0.
                let change = if rate && last < before { last } else { last - before };
                let elapsed = (later - earlier) as f64 / SECOND;
                if elapsed == 0.0 {
                    return None;
                }
                Some(if rate { change / elapsed } else { change })
            }
            Self::Extrapolated { counter, rate } => {
                let first = values[0];
                let fallen = |w: &[f64]| if w[1] < w[0] { w[0] } else { 0.0 };
                let lost: f64 = if counter { values.windows(2).map(fallen).sum() } else { 0.0 };
                let change = last - first + lost;
                let before_first = (times[0] - start) as f64 / SECOND;
                let after_last = (stop - later) as f64 / SECOND;
                let sampled = (later - times[0]) as f64 / SECOND;
                let between = sampled / (values.len() - 1) as f64;
                // A series is taken to go on to a bound that is about as near as the next sample would be, else half
                // the way to it; but a counter has not been below zero.
                let reach = |gap: f64| if gap < between * 1.1 { gap } else { between / 2.0 };
                let mut to_start = before_first;
                if counter && change > 0.0 && first >= 0.0 {
                    to_start = to_start.min(sampled * (first / change));
                }
                let whole = sampled + reach(to_start) + reach(after_last);
                let change = change * (whole / sampled);
                Some(if rate { change / ((stop - start) as f64 / SECOND) } else { change })
            }
        }
    }
}

impl Spec for Rate {
    fn name(&self) -> &'static str {
        match self {
            Self::Extrapolated { .. } => "extrapolatedRate",
            Self::Instant { .. } => "instantRate",
        }
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let this = *self;
        per_tables(inputs, run, node, move |batch| {
            if let Self::Extrapolated { .. } = this
                && let Some(missing) = ["_start", "_stop"].iter().find(|l| batch.find(l).is_none())
            {
                return Err(FluxError::invalid(format!("no column \"{missing}\" exists")));
            }
            each_series(&batch, |times, values, bounds| this.of(times, values, bounds)).map(Some)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_reach_to_the_bounds() {
        let s = |n: i64| n * 1_000_000_000;
        let times = [s(10), s(20), s(30)];
        let rate = Rate::Extrapolated { counter: true, rate: true };
        assert_eq!(rate.of(&times, &[10.0, 20.0, 30.0], (s(0), s(40))), Some(1.0));
        // The counter began anew at 20.
        assert_eq!(rate.of(&times, &[100.0, 10.0, 20.0], (s(5), s(35))), Some(1.0));
        assert_eq!(Rate::Instant { rate: true }.of(&times, &[1.0, 9.0, 5.0], (0, 0)), Some(0.5));
        assert_eq!(Rate::Instant { rate: false }.of(&times, &[1.0, 9.0, 5.0], (0, 0)), Some(-4.0));
        assert_eq!(rate.of(&times[..1], &[1.0], (0, 0)), None);
    }
}
