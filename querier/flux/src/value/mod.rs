//! Values of the language.

mod compare;
mod convert;
mod display;
mod function;
pub(crate) mod limits;
mod quoted;
mod record;
mod regexp;
mod regexp_refused;
mod shown;

use std::collections::BTreeMap;
use std::sync::Arc;

use weir_table::time::Duration;
use weir_table::{ColumnType, Scalar};

pub use compare::DictKey;
pub use convert::FromValue;
pub use display::write_float;
pub use function::{Closure, Function, NativeFunction};
pub(crate) use quoted::quoted;
pub use record::Record;
pub use regexp::{Regexp, translate};
pub use shown::shown;
pub(crate) use shown::shown_with;

use crate::plan::Node;

/// A value. Cheap to clone.
#[derive(Debug, Clone)]
pub enum Value {
    /// No value; of the given column type where that is known.
    Null(Option<ColumnType>),
    /// A boolean.
    Bool(bool),
    /// A signed integer.
    Int(i64),
    /// An unsigned integer.
    UInt(u64),
    /// A float.
    Float(f64),
    /// Text.
    String(Arc<str>),
    /// Bytes.
    Bytes(Arc<[u8]>),
    /// Nanoseconds since 1970.
    Time(i64),
    /// A duration.
    Duration(Duration),
    /// A regular expression.
    Regexp(Arc<Regexp>),
    /// An array.
    Array(Arc<Vec<Value>>),
    /// A record.
    Record(Arc<Record>),
    /// A dictionary.
    Dict(Arc<BTreeMap<DictKey, Value>>),
    /// A function.
    Function(Function),
    /// A stream of tables that is still to be computed.
    Stream(Arc<Node>),
    /// A dynamic value: null, bool, int, uint, float, string, time, duration, or an array or record of dynamic.
    Dynamic(Arc<Value>),
    /// A package that was imported.
    Package(&'static str),
}

impl Value {
    /// A string.
    pub fn string(text: impl Into<Arc<str>>) -> Self {
        Self::String(text.into())
    }

    /// An array.
    pub fn array(items: Vec<Self>) -> Self {
        Self::Array(Arc::new(items))
    }

    /// A record.
    pub fn record<K: Into<Arc<str>>>(fields: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::Record(Arc::new(fields.into_iter().map(|(k, v)| (k.into(), v)).collect()))
    }

    /// Whether this is null, or dynamic and holds null.
    pub fn is_null(&self) -> bool {
        match self {
            Self::Null(_) => true,
            Self::Dynamic(inner) => inner.is_null(),
            _ => false,
        }
    }

    /// The cell of a column this value can be; `None` for values that no column holds.
    pub fn to_scalar(&self) -> Option<Scalar> {
        Some(match self {
            Self::Null(_) => Scalar::Null,
            Self::Bool(v) => Scalar::Bool(*v),
            Self::Int(v) => Scalar::Int(*v),
            Self::UInt(v) => Scalar::UInt(*v),
            Self::Float(v) => Scalar::Float(*v),
            Self::String(v) => Scalar::String(Arc::clone(v)),
            Self::Time(v) => Scalar::Time(*v),
            _ => return None,
        })
    }

    /// The value of a cell; `ty` is the column's type, kept by nulls.
    pub fn from_scalar(scalar: Scalar, ty: ColumnType) -> Self {
        match scalar {
            Scalar::Null => Self::Null(Some(ty)),
            Scalar::Bool(v) => Self::Bool(v),
            Scalar::Int(v) => Self::Int(v),
            Scalar::UInt(v) => Self::UInt(v),
            Scalar::Float(v) => Self::Float(v),
            Scalar::String(v) => Self::String(v),
            Scalar::Time(v) => Self::Time(v),
        }
    }

    /// The column type that holds the value; typed nulls have one too.
    pub fn column_type(&self) -> Option<ColumnType> {
        match self {
            Self::Null(ty) => *ty,
            Self::Bool(_) => Some(ColumnType::Bool),
            Self::Int(_) => Some(ColumnType::Int),
            Self::UInt(_) => Some(ColumnType::UInt),
            Self::Float(_) => Some(ColumnType::Float),
            Self::String(_) => Some(ColumnType::String),
            Self::Time(_) => Some(ColumnType::Time),
            _ => None,
        }
    }

    /// The nature of the value, as run-time messages name it: `int`, `object`, `array`, `function`…
    pub fn nature(&self) -> &'static str {
        match self {
            Self::Null(_) => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::UInt(_) => "uint",
            Self::Float(_) => "float",
            Self::String(_) => "string",
            Self::Bytes(_) => "bytes",
            Self::Time(_) => "time",
            Self::Duration(_) => "duration",
            Self::Regexp(_) => "regexp",
            Self::Array(_) => "array",
            Self::Record(_) | Self::Package(_) => "object",
            Self::Dict(_) => "dictionary",
            Self::Function(_) => "function",
            Self::Stream(_) => "stream",
            Self::Dynamic(_) => "dynamic",
        }
    }
}

impl From<bool> for Value {
    fn from(v: bool) -> Self {
        Self::Bool(v)
    }
}

impl From<i64> for Value {
    fn from(v: i64) -> Self {
        Self::Int(v)
    }
}

impl From<u64> for Value {
    fn from(v: u64) -> Self {
        Self::UInt(v)
    }
}

impl From<f64> for Value {
    fn from(v: f64) -> Self {
        Self::Float(v)
    }
}

impl From<&str> for Value {
    fn from(v: &str) -> Self {
        Self::String(v.into())
    }
}

impl From<String> for Value {
    fn from(v: String) -> Self {
        Self::String(v.into())
    }
}
