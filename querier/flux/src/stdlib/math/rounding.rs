//! Rounding, remainders, and the greater and lesser of two.

use super::{of_floats, required};
use crate::stdlib::native::natives;
use crate::value::Value;

of_floats! {
    ABS = "abs", "The number without its sign.", [x] f64::abs;
    CEIL = "ceil", "The least integer that is not less.", [x] f64::ceil;
    FLOOR = "floor", "The greatest integer that is not greater.", [x] f64::floor;
    TRUNC = "trunc", "The integer part.", [x] f64::trunc;
    ROUND = "round", "The nearest integer; halves go away from zero.", [x] f64::round;
    ROUNDTOEVEN = "roundtoeven", "The nearest integer; halves go to the even one.", [x] f64::round_ties_even;
    COPYSIGN = "copysign", "`x` with the sign of `y`.", [x, y] f64::copysign;
    DIM = "dim", "By how much `x` is greater than `y`, or 0.", [x, y] |x, y| if x - y <= 0.0 { 0.0 } else { x - y };
    MOD = "mod", "The remainder of a division, with the sign of `x`.", [x, y] |x, y| x % y;
    REMAINDER = "remainder", "The IEEE 754 remainder of a division.", [x, y] libm::remainder;
    M_MAX = "mMax", "The greater of two numbers.", [x, y] greater;
    M_MIN = "mMin", "The lesser of two numbers.", [x, y] |x, y| -greater(-x, -y);
    NEXTAFTER = "nextafter", "The next float after `x` towards `y`.", [x, y] libm::nextafter;
}

natives! { "math":
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
