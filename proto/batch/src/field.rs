//! Field types and typed vectors of field values.

use std::fmt;

/// The type of a field's values. A field has one type within a bucket, shard group and measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldType {
    /// 64-bit IEEE float.
    Float,
    /// Signed 64-bit integer.
    Integer,
    /// Unsigned 64-bit integer.
    Unsigned,
    /// True or false.
    Boolean,
    /// UTF-8 text.
    String,
}

impl FieldType {
    /// The name used in error messages and in the file index: `float`, `integer`, `unsigned`, `boolean`, `string`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Float => "float",
            Self::Integer => "integer",
            Self::Unsigned => "unsigned",
            Self::Boolean => "boolean",
            Self::String => "string",
        }
    }

    /// The type of this name; the inverse of [`FieldType::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Float, Self::Integer, Self::Unsigned, Self::Boolean, Self::String]
            .into_iter()
            .find(|t| t.as_str() == name)
    }
}

impl fmt::Display for FieldType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A vector of values of one type. Strings lie in one buffer: value `i` is `bytes[offsets[i]..offsets[i + 1]]`.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldValues {
    /// Floats.
    Float(Vec<f64>),
    /// Signed integers.
    Integer(Vec<i64>),
    /// Unsigned integers.
    Unsigned(Vec<u64>),
    /// Booleans.
    Boolean(Vec<bool>),
    /// Strings: `offsets` starts with 0 and has one entry more than there are values.
    String {
        /// Ends of the values in `bytes`, with a leading 0.
        offsets: Vec<u32>,
        /// The texts, one after the other.
        bytes: String,
    },
}

impl FieldValues {
    /// An empty vector of this type.
    pub fn empty(ty: FieldType) -> Self {
        match ty {
            FieldType::Float => Self::Float(Vec::new()),
            FieldType::Integer => Self::Integer(Vec::new()),
            FieldType::Unsigned => Self::Unsigned(Vec::new()),
            FieldType::Boolean => Self::Boolean(Vec::new()),
            FieldType::String => Self::String { offsets: vec![0], bytes: String::new() },
        }
    }

    /// The type of the values.
    pub fn field_type(&self) -> FieldType {
        match self {
            Self::Float(_) => FieldType::Float,
            Self::Integer(_) => FieldType::Integer,
            Self::Unsigned(_) => FieldType::Unsigned,
            Self::Boolean(_) => FieldType::Boolean,
            Self::String { .. } => FieldType::String,
        }
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Float(v) => v.len(),
            Self::Integer(v) => v.len(),
            Self::Unsigned(v) => v.len(),
            Self::Boolean(v) => v.len(),
            Self::String { offsets, .. } => offsets.len().saturating_sub(1),
        }
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text at `index`, if these are strings and there is one.
    pub fn string(&self, index: usize) -> Option<&str> {
        match self {
            Self::String { offsets, bytes } => {
                let (start, end) = (*offsets.get(index)? as usize, *offsets.get(index + 1)? as usize);
                bytes.get(start..end)
            }
            _ => None,
        }
    }

    /// Whether texts begin and end where characters do, in order.
    pub(crate) fn check(&self) -> bool {
        match self {
            Self::String { offsets, bytes } => {
                offsets.first() == Some(&0)
                    && offsets.last().is_some_and(|end| *end as usize <= bytes.len())
                    && offsets.is_sorted()
                    && offsets.iter().all(|at| bytes.is_char_boundary(*at as usize))
            }
            _ => true,
        }
    }

    /// Bytes the values take in memory.
    pub fn memory_size(&self) -> usize {
        match self {
            Self::Float(v) => v.capacity() * 8,
            Self::Integer(v) => v.capacity() * 8,
            Self::Unsigned(v) => v.capacity() * 8,
            Self::Boolean(v) => v.capacity(),
            Self::String { offsets, bytes } => offsets.capacity() * 4 + bytes.capacity(),
        }
    }
}
