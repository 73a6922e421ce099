//! Rounding, remainders, and the greater and lesser of two.

use super::{required, x, xy};
use crate::stdlib::native::natives;
use crate::value::Value;

natives! { "math":
    ABS = "abs", "(x: float) => float", "The number without its sign.",
        |args, _| x(args, f64::abs);
    CEIL = "ceil", "(x: float) => float", "The least integer that is not less.",
        |args, _| x(args, f64::ceil);
    FLOOR = "floor", "(x: float) => float", "The greatest integer that is not greater.",
        |args, _| x(args, f64::floor);
    TRUNC = "trunc", "(x: float) => float", "The integer part.",
        |args, _| x(args, f64::trunc);
    ROUND = "round", "(x: float) => float", "The nearest integer; halves go away from zero.",
        |args, _| x(args, f64::round);
    ROUNDTOEVEN = "roundtoeven", "(x: float) => float", "The nearest integer; halves go to the even one.",
        |args, _| x(args, f64::round_ties_even);
    COPYSIGN = "copysign", "(x: float, y: float) => float", "`x` with the sign of `y`.",
        |args, _| xy(args, f64::copysign);
    DIM = "dim", "(x: float, y: float) => float", "By how much `x` is greater than `y`, or 0.",
        |args, _| xy(args, |x, y| if x - y <= 0.0 { 0.0 } else { x - y });
    MOD = "mod", "(x: float, y: float) => float", "The remainder of a division, with the sign of `x`.",
        |args, _| xy(args, |x, y| x % y);
    REMAINDER = "remainder", "(x: float, y: float) => float", "The IEEE 754 remainder of a division.",
        |args, _| xy(args, libm::remainder);
    M_MAX = "mMax", "(x: float, y: float) => float", "The greater of two numbers.",
        |args, _| xy(args, greater);
    M_MIN = "mMin", "(x: float, y: float) => float", "The lesser of two numbers.",
        |args, _| xy(args, |x, y| -greater(-x, -y));
    NEXTAFTER = "nextafter", "(x: float, y: float) => float", "The next float after `x` towards `y`.",
        |args, _| xy(args, libm::nextafter);
    MODF = "modf", "(f: float) => {int: float, frac: float}", "The integer part and the fraction.",
        |args, _| {
            let f = required(args, "f", "modf")?;
            let (int, frac) = (f.trunc(), if f.is_infinite() { f64::NAN } else { f - f.trunc() });
            Ok(Value::record([("int", Value::Float(int)), ("frac", Value::Float(frac.copysign(f)))]))
        };
}

/// The greater; infinity before NaN before numbers, and 0 before -0.
fn greater(x: f64, y: f64) -> f64 {
    if x == f64::INFINITY || y == f64::INFINITY {
        f64::INFINITY
    } else if x.is_nan() || y.is_nan() {
        f64::NAN
    } else if x == 0.0 && y == 0.0 {
        if x.is_sign_negative() { y } else { x }
    } else if x > y {
        x
    } else {
        y
    }
}
