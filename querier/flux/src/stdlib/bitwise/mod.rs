//! `bitwise`: operations on the bits of integers.

use crate::error::{FluxError, Result};
use crate::eval::Args;
use crate::registry::Package;
use crate::stdlib::native::natives;
use crate::value::Value;

/// The package.
pub static PACKAGE: Package = Package {
    path: "bitwise",
    name: "bitwise",
    members: &[
        &SAND, &SCLEAR, &SLSHIFT, &SNOT, &SOR, &SRSHIFT, &SXOR, &UAND, &UCLEAR, &ULSHIFT, &UNOT, &UOR,
        &URSHIFT, &UXOR,
    ],
};

natives! { "bitwise":
    SAND = "sand", "(a: int, b: int) => int", "The bits that are set in both.", |args, _| ints(args, |a, b| a & b);
    SOR = "sor", "(a: int, b: int) => int", "The bits that are set in either.", |args, _| ints(args, |a, b| a | b);
    SXOR = "sxor", "(a: int, b: int) => int", "The bits that are set in exactly one.", |args, _| ints(args, |a, b| a ^ b);
    SCLEAR = "sclear", "(a: int, b: int) => int", "The bits of `a` that are not set in `b`.", |args, _| ints(args, |a, b| a & !b);
    UAND = "uand", "(a: uint, b: uint) => uint", "The bits that are set in both.", |args, _| uints(args, |a, b| a & b);
    UOR = "uor", "(a: uint, b: uint) => uint", "The bits that are set in either.", |args, _| uints(args, |a, b| a | b);
    UXOR = "uxor", "(a: uint, b: uint) => uint", "The bits that are set in exactly one.", |args, _| uints(args, |a, b| a ^ b);
    UCLEAR = "uclear", "(a: uint, b: uint) => uint", "The bits of `a` that are not set in `b`.", |args, _| uints(args, |a, b| a & !b);
    SNOT = "snot", "(a: int) => int", "All bits turned over.", |args, _| Ok(Value::Int(!args.required::<i64>("a")?));
    UNOT = "unot", "(a: uint) => uint", "All bits turned over.", |args, _| Ok(Value::UInt(!args.required::<u64>("a")?));
    SLSHIFT = "slshift", "(a: int, b: int) => int", "The bits of `a`, moved `b` places to the left.",
        |args, _| {
            let (a, places) = shift(args)?;
            Ok(Value::Int(a.checked_shl(places).unwrap_or(0)))
        };
    SRSHIFT = "srshift", "(a: int, b: int) => int", "The bits of `a`, moved `b` places to the right; the sign stays.",
        |args, _| {
            let (a, places) = shift(args)?;
            Ok(Value::Int(a >> places.min(63)))
        };
    ULSHIFT = "ulshift", "(a: uint, b: uint) => uint", "The bits of `a`, moved `b` places to the left.",
        |args, _| uints(args, |a, b| a.checked_shl(places(b)).unwrap_or(0));
    URSHIFT = "urshift", "(a: uint, b: uint) => uint", "The bits of `a`, moved `b` places to the right.",
        |args, _| uints(args, |a, b| a.checked_shr(places(b)).unwrap_or(0));
}

fn ints(args: &Args, f: fn(i64, i64) -> i64) -> Result<Value> {
    Ok(Value::Int(f(args.required("a")?, args.required("b")?)))
}

fn uints(args: &Args, f: fn(u64, u64) -> u64) -> Result<Value> {
    Ok(Value::UInt(f(args.required("a")?, args.required("b")?)))
}

/// A number of places; more than there are bits is as good as all.
fn places(n: u64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn shift(args: &Args) -> Result<(i64, u32)> {
    let (a, b): (i64, i64) = (args.required("a")?, args.required("b")?);
    let b =
        u64::try_from(b).map_err(|_| FluxError::invalid("cannot shift by a negative number of places"))?;
    Ok((a, places(b)))
}
