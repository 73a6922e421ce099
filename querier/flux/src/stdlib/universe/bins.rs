//! `linearBins` and `logarithmicBins`: bounds for `histogram`.

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::stdlib::native::natives;
use crate::value::Value;

/// More bins than this are a mistake.
const MAX_BINS: i64 = 1_000_000;

natives! { "universe":
    LINEAR_BINS = "linearBins", "(start: float, width: float, count: int, ?infinity: bool) => [float]",
        "Bounds that lie the same width apart, and infinity unless that is not wanted.", linear;
    LOGARITHMIC_BINS = "logarithmicBins", "(start: float, factor: float, count: int, ?infinity: bool) => [float]",
        "Bounds of which each is a factor times the one before, and infinity unless that is not wanted.", logarithmic;
}

fn linear(args: &mut Args, _cx: &Context) -> Result<Value> {
    let (start, width): (f64, f64) = (args.required("start")?, args.required("width")?);
    let mut bound = start;
    bins(args, || {
        let this = bound;
        bound += width;
        this
    })
}

fn logarithmic(args: &mut Args, _cx: &Context) -> Result<Value> {
    let (start, factor): (f64, f64) = (args.required("start")?, args.required("factor")?);
    let mut bound = start;
    bins(args, || {
        let this = bound;
        bound *= factor;
        this
    })
}

fn bins(args: &Args, mut next: impl FnMut() -> f64) -> Result<Value> {
    let count: i64 = args.required("count")?;
    if !(0..=MAX_BINS).contains(&count) {
        return Err(FluxError::invalid(format!("count must be between 0 and {MAX_BINS}, got {count}")));
    }
    let mut out: Vec<Value> = (0..count).map(|_| Value::Float(next())).collect();
    if args.or("infinity", true)? {
        out.push(Value::Float(f64::INFINITY));
    }
    Ok(Value::array(out))
}
