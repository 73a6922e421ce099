//! Powers, roots and logarithms.

use weir_table::ColumnType;

use super::{of_floats, unexpected};
use crate::stdlib::native::natives;
use crate::value::Value;

of_floats! {
    EXP = "exp", "The base-e exponential.", [x] f64::exp;
    EXP2 = "exp2", "The base-2 exponential.", [x] f64::exp2;
    EXPM1 = "expm1", "The base-e exponential minus 1.", [x] f64::exp_m1;
    LOG = "log", "The natural logarithm.", [x] f64::ln;
    LOG10 = "log10", "The decimal logarithm.", [x] f64::log10;
    LOG1P = "log1p", "The natural logarithm of 1 plus the argument.", [x] f64::ln_1p;
    LOG2 = "log2", "The binary logarithm.", [x] f64::log2;
    SQRT = "sqrt", "The square root.", [x] f64::sqrt;
    CBRT = "cbrt", "The cube root.", [x] f64::cbrt;
    POW = "pow", "`x` to the power of `y`.", [x, y] f64::powf;
    HYPOT = "hypot", "The length of the hypotenuse.", [p, q] f64::hypot;
}

natives! { "math":
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
