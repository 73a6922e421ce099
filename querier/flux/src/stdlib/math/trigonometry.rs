//! Angles and hyperbolas.

use super::{of_floats, required};
use crate::stdlib::native::natives;
use crate::value::Value;

of_floats! {
    SIN = "sin", "The sine of an angle in radians.", [x] f64::sin;
    COS = "cos", "The cosine of an angle in radians.", [x] f64::cos;
    TAN = "tan", "The tangent of an angle in radians.", [x] f64::tan;
    ASIN = "asin", "The arcsine, in radians.", [x] f64::asin;
    ACOS = "acos", "The arccosine, in radians.", [x] f64::acos;
    ATAN = "atan", "The arctangent, in radians.", [x] f64::atan;
    SINH = "sinh", "The hyperbolic sine.", [x] f64::sinh;
    COSH = "cosh", "The hyperbolic cosine.", [x] f64::cosh;
    TANH = "tanh", "The hyperbolic tangent.", [x] f64::tanh;
    ASINH = "asinh", "The inverse hyperbolic sine.", [x] libm::asinh;
    ACOSH = "acosh", "The inverse hyperbolic cosine.", [x] libm::acosh;
    ATANH = "atanh", "The inverse hyperbolic tangent.", [x] libm::atanh;
    ATAN2 = "atan2", "The angle of a point, in radians.", [y, x] f64::atan2;
}

natives! { "math":
    SINCOS = "sincos", "(x: float) => {sin: float, cos: float}", "The sine and the cosine of an angle in radians.",
        |args, _| {
            let (sin, cos) = required(args, "x", "sincos")?.sin_cos();
            Ok(Value::record([("sin", Value::Float(sin)), ("cos", Value::Float(cos))]))
        };
}
