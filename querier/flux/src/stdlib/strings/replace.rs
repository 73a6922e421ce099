//! Replacing and repeating.

use super::{number, text};
use crate::error::{FluxError, Result};
use crate::eval::Args;
use crate::stdlib::native::natives;
use crate::value::{Value, limits};

/// The longest text that `repeat` makes.
const MAX_LENGTH: usize = 256 << 20;

natives! { "strings":
    REPLACE = "replace", "(v: string, t: string, u: string, i: int) => string",
        "Replaces the first `i` occurrences of a text by another; all if `i` is negative.",
        |args, _| {
            let (v, t, u) = (text(args, "v")?, text(args, "t")?, text(args, "u")?);
            limits::text(v.len() + v.matches(&*t).count().saturating_mul(u.len()))?;
            Ok(Value::from(match usize::try_from(number(args, "i")?) {
                Ok(n) => v.replacen(&*t, &u, n),
                Err(_) => v.replace(&*t, &u),
            }))
        };
    REPLACE_ALL = "replaceAll", "(v: string, t: string, u: string) => string",
        "Replaces all occurrences of a text by another.",
        |args, _| {
            let (v, t, u) = (text(args, "v")?, text(args, "t")?, text(args, "u")?);
            limits::text(v.len() + v.matches(&*t).count().saturating_mul(u.len()))?;
            Ok(Value::from(v.replace(&*t, &u)))
        };
    REPEAT = "repeat", "(v: string, i: int) => string", "The text `i` times.", repeat;
}

fn repeat(args: &mut Args, _cx: &crate::eval::Context) -> Result<Value> {
    let v = text(args, "v")?;
    let n = usize::try_from(number(args, "i")?)
        .map_err(|_| FluxError::invalid("repeat count must not be negative"))?;
    if v.len().saturating_mul(n) > MAX_LENGTH {
        return Err(FluxError::invalid("repeated text is too long"));
    }
    Ok(Value::from(v.repeat(n)))
}
