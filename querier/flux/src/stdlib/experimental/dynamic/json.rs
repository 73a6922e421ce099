//! Dynamic values from and to JSON.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::stdlib::experimental::json::parse::read;
use crate::stdlib::json::encode::write_value;
use crate::stdlib::native::natives;
use crate::value::Value;

natives! { "experimental/dynamic":
    JSON_PARSE = "jsonParse", "(data: bytes) => dynamic", "Reads JSON; numbers become floats.",
        |args, _| {
            let data: Arc<[u8]> = args.required("data")?;
            Ok(value(&read(&data)?))
        };
    JSON_ENCODE = "jsonEncode", "(v: dynamic) => bytes", "A dynamic value as JSON.",
        |args, _| {
            let mut out = String::new();
            write_value(&*super::argument(args)?, &mut out)?;
            Ok(Value::Bytes(out.into_bytes().into()))
        };
}

fn value(json: &Json) -> Value {
    Value::Dynamic(Arc::new(match json {
        Json::Null => Value::Null(None),
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => Value::Float(n.as_f64().unwrap_or(f64::NAN)),
        Json::String(s) => Value::from(s.as_str()),
        Json::Array(items) => Value::array(items.iter().map(value).collect()),
        Json::Object(fields) => Value::record(fields.iter().map(|(k, v)| (k.as_str(), value(v)))),
    }))
}
