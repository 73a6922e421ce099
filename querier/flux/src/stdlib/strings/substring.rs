//! Length and parts of a text, in code points.

use std::sync::Arc;

use super::subject;
use crate::error::Result;
use crate::eval::{Args, Context};
use crate::stdlib::native::natives;
use crate::value::Value;

natives! { "strings":
    STRLEN = "strlen", "(v: string) => int", "The number of code points.",
        |args, _| Ok(Value::Int(subject(args)?.chars().count() as i64));
    SUBSTRING = "substring", "(v: string, start: int, end: int) => string",
        "The part from `start` to before `end`, in code points; bounds outside the text are its ends.",
        substring;
}

fn substring(args: &mut Args, _cx: &Context) -> Result<Value> {
    let v: Arc<str> = args.required("v")?;
    let start = usize::try_from(args.required::<i64>("start")?).unwrap_or(0);
    let end = usize::try_from(args.required::<i64>("end")?).unwrap_or(0);
    Ok(Value::from(v.chars().skip(start).take(end.saturating_sub(start)).collect::<String>()))
}
