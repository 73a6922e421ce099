//! Angles and hyperbolas.

use super::{required, x, xy};
use crate::stdlib::native::natives;
use crate::value::Value;

natives! { "math":
    SIN = "sin", "(x: float) => float", "The sine of an angle in radians.",
        |args, _| x(args, f64::sin);
    COS = "cos", "(x: float) => float", "The cosine of an angle in radians.",
        |args, _| x(args, f64::cos);
    TAN = "tan", "(x: float) => float", "The tangent of an angle in radians.",
        |args, _| x(args, f64::tan);
    ASIN = "asin", "(x: float) => float", "The arcsine, in radians.",
        |args, _| x(args, f64::asin);
    ACOS = "acos", "(x: float) => float", "The arccosine, in radians.",
        |args, _| x(args, f64::acos);
    ATAN = "atan", "(x: float) => float", "The arctangent, in radians.",
        |args, _| x(args, f64::atan);
    SINH = "sinh", "(x: float) => float", "The hyperbolic sine.",
        |args, _| x(args, f64::sinh);
    COSH = "cosh", "(x: float) => float", "The hyperbolic cosine.",
        |args, _| x(args, f64::cosh);
    TANH = "tanh", "(x: float) => float", "The hyperbolic tangent.",
        |args, _| x(args, f64::tanh);
    ASINH = "asinh", "(x: float) => float", "The inverse hyperbolic sine.",
        |args, _| x(args, libm::asinh);
    ACOSH = "acosh", "(x: float) => float", "The inverse hyperbolic cosine.",
        |args, _| x(args, libm::acosh);
    ATANH = "atanh", "(x: float) => float", "The inverse hyperbolic tangent.",
        |args, _| x(args, libm::atanh);
    ATAN2 = "atan2", "(x: float, y: float) => float", "The angle of a point, in radians.",
        |args, _| xy(args, |x, y| x.atan2(y));
    SINCOS = "sincos", "(x: float) => {sin: float, cos: float}", "The sine and the cosine of an angle in radians.",
        |args, _| {
            let (sin, cos) = required(args, "x", "sincos")?.sin_cos();
            Ok(Value::record([("sin", Value::Float(sin)), ("cos", Value::Float(cos))]))
        };
}
