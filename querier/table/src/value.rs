//! One cell.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::ColumnType;

/// The value of one cell, taken out of its column.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    /// No value.
    Null,
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
    /// Nanoseconds since 1970.
    Time(i64),
}

impl Scalar {
    /// The type of the value; `None` for null.
    pub fn column_type(&self) -> Option<ColumnType> {
        Some(match self {
            Self::Null => return None,
            Self::Bool(_) => ColumnType::Bool,
            Self::Int(_) => ColumnType::Int,
            Self::UInt(_) => ColumnType::UInt,
            Self::Float(_) => ColumnType::Float,
            Self::String(_) => ColumnType::String,
            Self::Time(_) => ColumnType::Time,
        })
    }

    /// Whether there is no value.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Orders two cells of one column: nulls first, false before true, NaN before other floats.
    pub fn compare(&self, other: &Self) -> Ordering {
        use Scalar::{Bool, Float, Int, Null, String, Time, UInt};
        match (self, other) {
            (Null, Null) => Ordering::Equal,
            (Null, _) => Ordering::Less,
            (_, Null) => Ordering::Greater,
            (Bool(a), Bool(b)) => a.cmp(b),
            (Int(a), Int(b)) | (Time(a), Time(b)) => a.cmp(b),
            (UInt(a), UInt(b)) => a.cmp(b),
            (Float(a), Float(b)) => a.partial_cmp(b).unwrap_or_else(|| b.is_nan().cmp(&a.is_nan())),
            (String(a), String(b)) => a.cmp(b),
            _ => self.column_type().cmp(&other.column_type()),
        }
    }
}
