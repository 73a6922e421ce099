//! Error, gamma and Bessel functions.

use weir_table::ColumnType;

use super::{inverse, of_floats, required, unexpected};
use crate::error::Result;
use crate::eval::Args;
use crate::stdlib::native::natives;
use crate::value::Value;

of_floats! {
    ERF = "erf", "The error function.", [x] libm::erf;
    ERFC = "erfc", "The complementary error function.", [x] libm::erfc;
    ERFINV = "erfinv", "The inverse of the error function.", [x] inverse::erfinv;
    ERFCINV = "erfcinv", "The inverse of the complementary error function.", [x] |x| inverse::erfinv(1.0 - x);
    GAMMA = "gamma", "The gamma function.", [x] libm::tgamma;
    J0 = "j0", "The Bessel function of the first kind, order 0.", [x] libm::j0;
    J1 = "j1", "The Bessel function of the first kind, order 1.", [x] libm::j1;
    Y0 = "y0", "The Bessel function of the second kind, order 0.", [x] libm::y0;
    Y1 = "y1", "The Bessel function of the second kind, order 1.", [x] libm::y1;
}

natives! { "math":
    JN = "jn", "(n: int, x: float) => float", "The Bessel function of the first kind, order `n`.",
        |args, _| bessel(args, libm::jn);
    YN = "yn", "(n: int, x: float) => float", "The Bessel function of the second kind, order `n`.",
        |args, _| bessel(args, libm::yn);
    LGAMMA = "lgamma", "(x: float) => {lgamma: float, sign: int}", "The natural logarithm of the absolute value of the gamma function, and its sign.",
        |args, _| {
            let x = required(args, "x", "lgamma")?;
            let (lgamma, sign) = match x {
                f64::NEG_INFINITY => (x, 1),
                0.0 => (f64::INFINITY, 1), // also the negative zero
                x => libm::lgamma_r(x),
            };
            let sign = if sign < 0 { -1 } else { 1 };
            Ok(Value::record([("lgamma", Value::Float(lgamma)), ("sign", Value::Int(sign))]))
        };
}

fn bessel(args: &Args, f: fn(i32, f64) -> f64) -> Result<Value> {
    match (args.get("n"), args.get("x")) {
        (Some(Value::Int(n)), Some(Value::Float(x))) => {
            let order = i32::try_from(*n).unwrap_or(if *n < 0 { i32::MIN } else { i32::MAX });
            Ok(Value::Float(f(order, *x)))
        }
        (Some(Value::Null(_)), Some(_)) | (Some(_), Some(Value::Null(_))) => {
            Ok(Value::Null(Some(ColumnType::Float)))
        }
        (Some(Value::Int(_)), other) => Err(unexpected("x", "float", other)),
        (other, _) => Err(unexpected("n", "int", other)),
    }
}
