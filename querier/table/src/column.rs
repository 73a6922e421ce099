//! Column types.

use std::fmt;

use arrow_schema::DataType;

/// The type of a column's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ColumnType {
    /// True or false.
    Bool,
    /// Signed 64-bit integer.
    Int,
    /// Unsigned 64-bit integer.
    UInt,
    /// 64-bit float.
    Float,
    /// UTF-8 text; the array is Utf8 or Dictionary(UInt32, Utf8).
    String,
    /// Nanoseconds since 1970 UTC, in an Int64 array.
    Time,
}

impl ColumnType {
    /// The plain Arrow type of this column type.
    pub fn data_type(self) -> DataType {
        match self {
            Self::Bool => DataType::Boolean,
            Self::Int | Self::Time => DataType::Int64,
            Self::UInt => DataType::UInt64,
            Self::Float => DataType::Float64,
            Self::String => DataType::Utf8,
        }
    }

    /// The name Flux gives the type: `bool`, `int`, `uint`, `float`, `string`, `time`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Int => "int",
            Self::UInt => "uint",
            Self::Float => "float",
            Self::String => "string",
            Self::Time => "time",
        }
    }

    /// Whether values are added and averaged.
    pub fn is_numeric(self) -> bool {
        matches!(self, Self::Int | Self::UInt | Self::Float)
    }
}

impl fmt::Display for ColumnType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
