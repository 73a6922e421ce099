//! `math`: numbers. Null in, null out, except where a record comes out.

mod bits;
mod exponential;
mod inverse;
mod numbers;
mod rounding;
mod special;
mod trigonometry;

use weir_table::ColumnType;

use crate::error::{FluxError, Result};
use crate::eval::Args;
use crate::registry::Package;
use crate::value::Value;

/// The package.
pub static PACKAGE: Package = Package {
    path: "math",
    name: "math",
    members: &[
        &bits::FLOAT64BITS,
        &bits::FLOAT64FROMBITS,
        &bits::FREXP,
        &bits::ILOGB,
        &bits::IS_INF,
        &bits::IS_NA_N,
        &bits::LDEXP,
        &bits::LOGB,
        &bits::M_INF,
        &bits::NA_N,
        &bits::SIGNBIT,
        &exponential::CBRT,
        &exponential::EXP,
        &exponential::EXP2,
        &exponential::EXPM1,
        &exponential::HYPOT,
        &exponential::LOG,
        &exponential::LOG10,
        &exponential::LOG1P,
        &exponential::LOG2,
        &exponential::POW,
        &exponential::POW10,
        &exponential::SQRT,
        &numbers::E,
        &numbers::LN10,
        &numbers::LN2,
        &numbers::LOG10E,
        &numbers::LOG2E,
        &numbers::MAXFLOAT,
        &numbers::MAXINT,
        &numbers::MAXUINT,
        &numbers::MININT,
        &numbers::PHI,
        &numbers::PI,
        &numbers::SMALLEST_NONZERO_FLOAT,
        &numbers::SQRT2,
        &numbers::SQRTE,
        &numbers::SQRTPHI,
        &numbers::SQRTPI,
        &rounding::ABS,
        &rounding::CEIL,
        &rounding::COPYSIGN,
        &rounding::DIM,
        &rounding::FLOOR,
        &rounding::MOD,
        &rounding::MODF,
        &rounding::M_MAX,
        &rounding::M_MIN,
        &rounding::NEXTAFTER,
        &rounding::REMAINDER,
        &rounding::ROUND,
        &rounding::ROUNDTOEVEN,
        &rounding::TRUNC,
        &special::ERF,
        &special::ERFC,
        &special::ERFCINV,
        &special::ERFINV,
        &special::GAMMA,
        &special::J0,
        &special::J1,
        &special::JN,
        &special::LGAMMA,
        &special::Y0,
        &special::Y1,
        &special::YN,
        &trigonometry::ACOS,
        &trigonometry::ACOSH,
        &trigonometry::ASIN,
        &trigonometry::ASINH,
        &trigonometry::ATAN,
        &trigonometry::ATAN2,
        &trigonometry::ATANH,
        &trigonometry::COS,
        &trigonometry::COSH,
        &trigonometry::SIN,
        &trigonometry::SINCOS,
        &trigonometry::SINH,
        &trigonometry::TAN,
        &trigonometry::TANH,
    ],
};

/// Defines functions of one or two floats, in brackets their names, that answer a float: for one call, and for columns.
macro_rules! of_floats {
    ($($id:ident = $name:literal, $doc:literal, [$($x:ident),+] $f:expr;)*) => {
        $($crate::stdlib::math::of_floats! { @ $id $name $doc [$($x),+] $f })*
    };
    (@ $id:ident $name:literal $doc:literal [$x:ident] $f:expr) => {
        $crate::stdlib::math::of_floats! {
            @ $id $name $doc concat!("(", stringify!($x), ": float) => float"),
            |args, _| $crate::stdlib::math::one(args, stringify!($x), $f),
            $crate::registry::Kernel::Float(stringify!($x), $f)
        }
    };
    (@ $id:ident $name:literal $doc:literal [$x:ident, $y:ident] $f:expr) => {
        $crate::stdlib::math::of_floats! {
            @ $id $name $doc concat!("(", stringify!($x), ": float, ", stringify!($y), ": float) => float"),
            |args, _| $crate::stdlib::math::two(args, [stringify!($x), stringify!($y)], $f),
            $crate::registry::Kernel::Floats([stringify!($x), stringify!($y)], $f)
        }
    };
    (@ $id:ident $name:literal $doc:literal $signature:expr, $call:expr, $kernel:expr) => {
        #[doc = $doc]
        pub(crate) static $id: $crate::registry::Definition = $crate::registry::Definition {
            package: "math",
            name: $name,
            signature: $signature,
            doc: $doc,
            body: $crate::registry::Body::Columnar($call, $kernel),
        };
    };
}
use of_floats;

/// A function of one float argument of this name.
fn one(args: &Args, name: &str, f: impl Fn(f64) -> f64) -> Result<Value> {
    number(args, name, ColumnType::Float, |x| Value::Float(f(x)))
}

/// A function of two float arguments of these names.
fn two(args: &Args, [a, b]: [&str; 2], f: impl Fn(f64, f64) -> f64) -> Result<Value> {
    match (args.get(a), args.get(b)) {
        (Some(Value::Float(x)), Some(Value::Float(y))) => Ok(Value::Float(f(*x, *y))),
        (Some(Value::Null(_)), Some(_)) | (Some(_), Some(Value::Null(_))) => {
            Ok(Value::Null(Some(ColumnType::Float)))
        }
        (Some(Value::Float(_)), other) => Err(unexpected(b, "float", other)),
        (other, _) => Err(unexpected(a, "float", other)),
    }
}

/// A function of one float argument; null of type `ty` where that is null.
fn number(args: &Args, name: &str, ty: ColumnType, f: impl Fn(f64) -> Value) -> Result<Value> {
    match args.get(name) {
        Some(Value::Float(x)) => Ok(f(*x)),
        Some(Value::Null(_)) => Ok(Value::Null(Some(ty))),
        other => Err(unexpected(name, "float", other)),
    }
}

/// A float argument of a function that has no answer for null.
fn required(args: &Args, name: &str, function: &str) -> Result<f64> {
    match args.get(name) {
        Some(Value::Float(x)) => Ok(*x),
        Some(Value::Null(_)) => Err(FluxError::internal(format!("{function} does not support null values"))),
        other => Err(unexpected(name, "float", other)),
    }
}

/// An argument that is missing, which is the script's fault, or of a type that the checker should have refused.
fn unexpected(name: &str, wanted: &str, got: Option<&Value>) -> FluxError {
    match got {
        None => FluxError::invalid(format!("missing argument {name}")),
        Some(v) => {
            FluxError::internal(format!("cannot convert argument {name} of type {} to {wanted}", v.nature()))
        }
    }
}
