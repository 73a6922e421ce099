//! Powers, roots and logarithms.

use weir_table::ColumnType;

use super::{two, unexpected, x, xy};
use crate::stdlib::native::natives;
use crate::value::Value;

natives! { "math":
    EXP = "exp", "(x: float) => float", "The base-e exponential.",
        |args, _| x(args, f64::exp);
    EXP2 = "exp2", "(x: float) => float", "The base-2 exponential.",
        |args, _| x(args, f64::exp2);
    EXPM1 = "expm1", "(x: float) => float", "The base-e exponential minus 1.",
        |args, _| x(args, f64::exp_m1);
    LOG = "log", "(x: float) => float", "The natural logarithm.",
        |args, _| x(args, f64::ln);
    LOG10 = "log10", "(x: float) => float", "The decimal logarithm.",
        |args, _| x(args, f64::log10);
    LOG1P = "log1p", "(x: float) => float", "The natural logarithm of 1 plus the argument.",
        |args, _| x(args, f64::ln_1p);
    LOG2 = "log2", "(x: float) => float", "The binary logarithm.",
        |args, _| x(args, f64::log2);
    SQRT = "sqrt", "(x: float) => float", "The square root.",
        |args, _| x(args, f64::sqrt);
    CBRT = "cbrt", "(x: float) => float", "The cube root.",
        |args, _| x(args, f64::cbrt);
    POW = "pow", "(x: float, y: float) => float", "`x` to the power of `y`.",
        |args, _| xy(args, f64::powf);
    HYPOT = "hypot", "(p: float, q: float) => float", "The length of the hypotenuse.",
        |args, _| two(args, ["p", "q"], f64::hypot);
    POW10 = "pow10", "(n: int) => float", "10 to the power of an integer.",
        |args, _| match args.get("n") {
            Some(Value::Int(n)) => Ok(Value::Float(power_of_ten(*n))),
            Some(Value::Null(_)) => Ok(Value::Null(Some(ColumnType::Float))),
            other => Err(unexpected("n", "int", other)),
        };
}

fn power_of_ten(n: i64) -> f64 {
    match n {
        ..-323 => 0.0,
        309.. => f64::INFINITY,
        // Read from text, since multiplying would lose the last digits.
        n => format!("1e{n}").parse().unwrap_or(f64::NAN),
    }
}
