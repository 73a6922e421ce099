//! `catch(fn:)`: errors as values.

use weir_model::ErrorCode;
use weir_table::ColumnType;

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "experimental",
    name: "catch",
    signature: "(fn: () => A) => {value: A, code: uint, msg: string}",
    doc: "Calls a function, and answers its value or the error it ended in.",
    body: Body::Native(call),
};

fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    let function = args.function("fn")?;
    let (value, code, message) = match cx.call(&function, Args::default().at(args.location.clone())) {
        Ok(value) => (value, Value::Null(Some(ColumnType::UInt)), Value::Null(Some(ColumnType::String))),
        Err(e) => (Value::Null(None), Value::UInt(number(e.code)), e.message.into()),
    };
    Ok(Value::record([("value", value), ("code", code), ("msg", message)]))
}

/// The language's number for a code.
fn number(code: ErrorCode) -> u64 {
    match code {
        ErrorCode::Canceled => 1,
        ErrorCode::Invalid => 3,
        ErrorCode::NotFound => 5,
        ErrorCode::Forbidden => 7,
        ErrorCode::NotImplemented => 12,
        ErrorCode::Unavailable => 14,
        ErrorCode::Unauthorized => 16,
        _ => 13,
    }
}
