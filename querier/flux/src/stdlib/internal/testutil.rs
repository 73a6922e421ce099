//! `internal/testutil`: values that defeat the type checker, for tests of scripts.

use crate::error::FluxError;
use crate::registry::Package;
use crate::stdlib::native::natives;
use crate::value::Value;

/// The package.
pub static PACKAGE: Package = Package {
    path: "internal/testutil",
    name: "testutil",
    members: &[&FAIL, &MAKE_ANY, &MAKE_RECORD, &YIELD],
};

natives! { "internal/testutil":
    FAIL = "fail", "() => bool", "Fails whenever it is called.", |_, _| Err(FluxError::new(weir_model::ErrorCode::Canceled, "fail"));
    YIELD = "yield", "(<-v: A) => A", "The value as it is.", |args, _| args.pipe("v");
    MAKE_RECORD = "makeRecord", "(o: A) => B where A: Record, B: Record",
        "The record as it is; the type checker forgets its fields.", |args, _| args.required("o");
    MAKE_ANY = "makeAny", "(typ: string) => A",
        "A value of the type with this name, which the type checker takes for any type.",
        |args, _| {
            let name: std::sync::Arc<str> = args.required("typ")?;
            Ok(match &*name {
                "string" => Value::from(""),
                "int" => Value::Int(0),
                "uint" => Value::UInt(0),
                "float" => Value::Float(0.0),
                "bool" => Value::Bool(false),
                "time" => Value::Time(0),
                "duration" => Value::Duration(weir_table::time::Duration::from_nanoseconds(0)),
                "bytes" => Value::Bytes(Vec::new().into()),
                other => return Err(FluxError::invalid(format!("type {other} is not supported"))),
            })
        };
}
