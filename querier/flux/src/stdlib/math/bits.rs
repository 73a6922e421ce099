//! What a float is made of: sign, exponent, bits; infinities and NaN.

use weir_table::ColumnType;

use super::{number, of_floats, required, unexpected};
use crate::error::Result;
use crate::eval::{Args, Context};
use crate::stdlib::native::natives;
use crate::value::Value;

of_floats! {
    LOGB = "logb", "The binary exponent of a number, as a float.", [x] logb;
}

natives! { "math":
    NA_N = "NaN", "() => float", "The float that is not a number.",
        |_, _| Ok(Value::Float(f64::NAN));
    M_INF = "mInf", "(sign: int) => float", "Infinity with a sign.",
        |args, _| match args.get("sign") {
            Some(Value::Int(n)) => Ok(Value::Float(if *n < 0 { f64::NEG_INFINITY } else { f64::INFINITY })),
            Some(Value::Null(_)) => Ok(Value::Null(Some(ColumnType::Float))),
            other => Err(unexpected("sign", "int", other)),
        };
    IS_NA_N = "isNaN", "(f: float) => bool", "Whether a number is not a number.",
        |args, _| number(args, "f", ColumnType::Bool, |f| Value::Bool(f.is_nan()));
    IS_INF = "isInf", "(f: float, sign: int) => bool", "Whether a number is infinite: with the sign of `sign`, or with either if that is 0.",
        is_inf;
    SIGNBIT = "signbit", "(x: float) => bool", "Whether a number is negative, or negative zero.",
        |args, _| number(args, "x", ColumnType::Bool, |x| Value::Bool(x.is_sign_negative()));
    FLOAT64BITS = "float64bits", "(f: float) => uint", "The bits of a float.",
        |args, _| number(args, "f", ColumnType::UInt, |f| Value::UInt(f.to_bits()));
    FLOAT64FROMBITS = "float64frombits", "(b: uint) => float", "The float of bits.",
        |args, _| match args.get("b") {
            Some(Value::UInt(b)) => Ok(Value::Float(f64::from_bits(*b))),
            Some(Value::Null(_)) => Ok(Value::Null(Some(ColumnType::Float))),
            other => Err(unexpected("b", "uint", other)),
        };
    ILOGB = "ilogb", "(x: float) => int", "The binary exponent as an integer.",
        |args, _| number(args, "x", ColumnType::Int, |x| Value::Int(ilogb(x)));
    FREXP = "frexp", "(f: float) => {frac: float, exp: int}", "A fraction between 0.5 and 1, and the power of two it is to be multiplied by.",
        |args, _| {
            let f = required(args, "f", "frexp")?;
            let (frac, exp) = if f.is_finite() { libm::frexp(f) } else { (f, 0) };
            Ok(Value::record([("frac", Value::Float(frac)), ("exp", Value::Int(exp.into()))]))
        };
    LDEXP = "ldexp", "(frac: float, exp: int) => float", "A fraction times a power of two.",
        ldexp;
}

fn is_inf(args: &mut Args, _cx: &Context) -> Result<Value> {
    match (args.get("f"), args.get("sign")) {
        (Some(Value::Float(f)), Some(Value::Int(sign))) => {
            Ok(Value::Bool(f.is_infinite() && (*sign == 0 || (*sign < 0) == (*f < 0.0))))
        }
        (Some(Value::Null(_)), Some(_)) | (Some(_), Some(Value::Null(_))) => {
            Ok(Value::Null(Some(ColumnType::Bool)))
        }
        (Some(Value::Float(_)), other) => Err(unexpected("sign", "int", other)),
        (other, _) => Err(unexpected("f", "float", other)),
    }
}

fn ldexp(args: &mut Args, _cx: &Context) -> Result<Value> {
    match (args.get("frac"), args.get("exp")) {
        (Some(Value::Float(frac)), Some(Value::Int(exp))) => {
            // Beyond these exponents every result is zero or infinite anyway.
            Ok(Value::Float(libm::ldexp(*frac, (*exp).clamp(-5000, 5000) as i32)))
        }
        (Some(Value::Null(_)), Some(_)) | (Some(_), Some(Value::Null(_))) => {
            Ok(Value::Null(Some(ColumnType::Float)))
        }
        (Some(Value::Float(_)), other) => Err(unexpected("exp", "int", other)),
        (other, _) => Err(unexpected("frac", "float", other)),
    }
}

fn logb(x: f64) -> f64 {
    if x == 0.0 {
        f64::NEG_INFINITY
    } else if x.is_infinite() {
        f64::INFINITY
    } else if x.is_nan() {
        x
    } else {
        ilogb(x) as f64
    }
}

fn ilogb(x: f64) -> i64 {
    if x == 0.0 {
        i32::MIN.into()
    } else if !x.is_finite() {
        i32::MAX.into()
    } else {
        i64::from(libm::frexp(x).1) - 1
    }
}
