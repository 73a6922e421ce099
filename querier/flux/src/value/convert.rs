//! From values to Rust types: what native functions take their arguments through.

use std::sync::Arc;

use weir_table::time::Duration;

use super::{Function, Record, Regexp, Value};
use crate::plan::Node;

/// A Rust type that an argument can be taken as.
pub trait FromValue: Sized {
    /// The nature such a value has, for the message when it is of another.
    const NATURE: &'static str;

    /// The value as this type; `None` if it is of another.
    fn from_value(value: &Value) -> Option<Self>;
}

macro_rules! from_value {
    ($($ty:ty, $nature:literal, $pattern:pat => $result:expr;)*) => {
        $(impl FromValue for $ty {
            const NATURE: &'static str = $nature;

            fn from_value(value: &Value) -> Option<Self> {
                match value {
                    $pattern => Some($result),
                    _ => None,
                }
            }
        })*
    };
}

from_value! {
    bool, "bool", Value::Bool(v) => *v;
    i64, "int", Value::Int(v) => *v;
    u64, "uint", Value::UInt(v) => *v;
    f64, "float", Value::Float(v) => *v;
    Arc<str>, "string", Value::String(v) => Arc::clone(v);
    String, "string", Value::String(v) => v.to_string();
    Arc<[u8]>, "bytes", Value::Bytes(v) => Arc::clone(v);
    Duration, "duration", Value::Duration(v) => *v;
    Arc<Regexp>, "regexp", Value::Regexp(v) => Arc::clone(v);
    Arc<Vec<Value>>, "array", Value::Array(v) => Arc::clone(v);
    Arc<Record>, "object", Value::Record(v) => Arc::clone(v);
    Function, "function", Value::Function(v) => v.clone();
    Arc<Node>, "stream", Value::Stream(v) => Arc::clone(v);
}

impl FromValue for Value {
    const NATURE: &'static str = "value";

    fn from_value(value: &Value) -> Option<Self> {
        Some(value.clone())
    }
}

impl<T: FromValue> FromValue for Vec<T> {
    const NATURE: &'static str = "array";

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Array(items) => items.iter().map(T::from_value).collect(),
            _ => None,
        }
    }
}
