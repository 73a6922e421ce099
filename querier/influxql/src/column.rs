//! Columns of values.

use std::sync::Arc;

use arrow_array::{Array, BooleanArray, Float64Array, Int64Array, StringArray, UInt64Array};
use weir_batch::{FieldArray, FieldType};

/// One value.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum Value {
    Null,
    Float(f64),
    Integer(i64),
    Unsigned(u64),
    String(Arc<str>),
    Boolean(bool),
    /// Nanoseconds since 1970, shown as `epoch` and `tz()` say.
    Time(i64),
}

/// Values of one type, or nothing but nulls.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Column {
    Null(usize),
    Float(Vec<Option<f64>>),
    Integer(Vec<Option<i64>>),
    Unsigned(Vec<Option<u64>>),
    String(Vec<Option<Arc<str>>>),
    Boolean(Vec<Option<bool>>),
}

/// Does the same with the vector inside, whatever its type.
macro_rules! each {
    ($column:expr, $nulls:pat => $none:expr, $values:ident => $some:expr) => {
        match $column {
            Column::Null($nulls) => $none,
            Column::Float($values) => Column::Float($some),
            Column::Integer($values) => Column::Integer($some),
            Column::Unsigned($values) => Column::Unsigned($some),
            Column::String($values) => Column::String($some),
            Column::Boolean($values) => Column::Boolean($some),
        }
    };
}

impl Column {
    pub(crate) fn empty(ty: Option<FieldType>) -> Self {
        match ty {
            None => Self::Null(0),
            Some(FieldType::Float) => Self::Float(Vec::new()),
            Some(FieldType::Integer) => Self::Integer(Vec::new()),
            Some(FieldType::Unsigned) => Self::Unsigned(Vec::new()),
            Some(FieldType::String) => Self::String(Vec::new()),
            Some(FieldType::Boolean) => Self::Boolean(Vec::new()),
        }
    }

    pub(crate) fn ty(&self) -> Option<FieldType> {
        match self {
            Self::Null(_) => None,
            Self::Float(_) => Some(FieldType::Float),
            Self::Integer(_) => Some(FieldType::Integer),
            Self::Unsigned(_) => Some(FieldType::Unsigned),
            Self::String(_) => Some(FieldType::String),
            Self::Boolean(_) => Some(FieldType::Boolean),
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Null(n) => *n,
            Self::Float(v) => v.len(),
            Self::Integer(v) => v.len(),
            Self::Unsigned(v) => v.len(),
            Self::String(v) => v.len(),
            Self::Boolean(v) => v.len(),
        }
    }

    pub(crate) fn is_null(&self, row: usize) -> bool {
        match self {
            Self::Null(_) => true,
            Self::Float(v) => v[row].is_none(),
            Self::Integer(v) => v[row].is_none(),
            Self::Unsigned(v) => v[row].is_none(),
            Self::String(v) => v[row].is_none(),
            Self::Boolean(v) => v[row].is_none(),
        }
    }

    pub(crate) fn get(&self, row: usize) -> Value {
        let value = match self {
            Self::Null(_) => None,
            Self::Float(v) => v[row].map(Value::Float),
            Self::Integer(v) => v[row].map(Value::Integer),
            Self::Unsigned(v) => v[row].map(Value::Unsigned),
            Self::String(v) => v[row].clone().map(Value::String),
            Self::Boolean(v) => v[row].map(Value::Boolean),
        };
        value.unwrap_or(Value::Null)
    }

    /// The rows at these indices.
    #[expect(clippy::clone_on_copy, reason = "one line for texts and for what is copied")]
    pub(crate) fn take(&self, rows: &[usize]) -> Self {
        each!(self, _ => Self::Null(rows.len()), v => rows.iter().map(|r| v[*r].clone()).collect())
    }

    /// The same value so many times.
    pub(crate) fn repeat(value: &Value, rows: usize) -> Self {
        match value {
            Value::Null => Self::Null(rows),
            Value::Float(v) => Self::Float(vec![Some(*v); rows]),
            Value::Integer(v) | Value::Time(v) => Self::Integer(vec![Some(*v); rows]),
            Value::Unsigned(v) => Self::Unsigned(vec![Some(*v); rows]),
            Value::String(v) => Self::String(vec![Some(Arc::clone(v)); rows]),
            Value::Boolean(v) => Self::Boolean(vec![Some(*v); rows]),
        }
    }

    /// Appends a value; one of another type is cast among numbers, else it is null.
    pub(crate) fn push(&mut self, value: Value) {
        if let Self::Null(n) = self
            && value != Value::Null
        {
            let rows = *n;
            *self = match value {
                Value::Float(_) => Self::Float(vec![None; rows]),
                Value::Integer(_) | Value::Time(_) => Self::Integer(vec![None; rows]),
                Value::Unsigned(_) => Self::Unsigned(vec![None; rows]),
                Value::String(_) => Self::String(vec![None; rows]),
                Value::Boolean(_) => Self::Boolean(vec![None; rows]),
                Value::Null => return,
            };
        }
        match self {
            Self::Null(n) => *n += 1,
            Self::Float(v) => v.push(match value {
                Value::Float(x) => Some(x),
                Value::Integer(x) => Some(x as f64),
                Value::Unsigned(x) => Some(x as f64),
                _ => None,
            }),
            Self::Integer(v) => v.push(match value {
                Value::Float(x) => Some(x as i64),
                Value::Integer(x) | Value::Time(x) => Some(x),
                Value::Unsigned(x) => Some(x as i64),
                _ => None,
            }),
            Self::Unsigned(v) => v.push(match value {
                Value::Float(x) => Some(x as u64),
                Value::Integer(x) => Some(x as u64),
                Value::Unsigned(x) => Some(x),
                _ => None,
            }),
            Self::String(v) => v.push(match value {
                Value::String(x) => Some(x),
                _ => None,
            }),
            Self::Boolean(v) => v.push(match value {
                Value::Boolean(x) => Some(x),
                _ => None,
            }),
        }
    }

    /// Appends a column, cast like a value is.
    pub(crate) fn append(&mut self, other: &Self) {
        match (&mut *self, other) {
            (Self::Float(a), Self::Float(b)) => a.extend_from_slice(b),
            (Self::Integer(a), Self::Integer(b)) => a.extend_from_slice(b),
            (Self::Unsigned(a), Self::Unsigned(b)) => a.extend_from_slice(b),
            (Self::String(a), Self::String(b)) => a.extend(b.iter().cloned()),
            (Self::Boolean(a), Self::Boolean(b)) => a.extend_from_slice(b),
            (Self::Null(a), Self::Null(b)) => *a += b,
            _ => (0..other.len()).for_each(|r| self.push(other.get(r))),
        }
    }

    /// The values as another type, or `None` where there is no way to it.
    pub(crate) fn cast(&self, to: FieldType) -> Option<Self> {
        use FieldType::{Float, Integer, Unsigned};
        match (self.ty()?, to) {
            (a, b) if a == b => Some(self.clone()),
            (Float | Integer | Unsigned, Float | Integer | Unsigned) => {
                let mut out = Self::empty(Some(to));
                out.append(self);
                Some(out)
            }
            _ => None,
        }
    }

    /// The column of a field in a scan.
    pub(crate) fn of_field(field: &FieldArray) -> Self {
        let any = field.values.as_any();
        if let Some(a) = any.downcast_ref::<Float64Array>() {
            Self::Float(a.iter().collect())
        } else if let Some(a) = any.downcast_ref::<Int64Array>() {
            Self::Integer(a.iter().collect())
        } else if let Some(a) = any.downcast_ref::<UInt64Array>() {
            Self::Unsigned(a.iter().collect())
        } else if let Some(a) = any.downcast_ref::<BooleanArray>() {
            Self::Boolean(a.iter().collect())
        } else if let Some(a) = any.downcast_ref::<StringArray>() {
            Self::String(a.iter().map(|v| v.map(Arc::from)).collect())
        } else {
            Self::Null(field.values.len())
        }
    }

    /// The rows of a range.
    pub(crate) fn slice(&self, range: std::ops::Range<usize>) -> Self {
        each!(self, _ => Self::Null(range.len()), v => v[range].to_vec())
    }

    /// Where one is null, the other's value.
    pub(crate) fn or_else(&self, other: &Self) -> Self {
        let ty = match (self.ty(), other.ty()) {
            (Some(a), Some(b)) => Some(if crate::env::rank(a) <= crate::env::rank(b) { a } else { b }),
            (a, b) => a.or(b),
        };
        let mut out = Self::empty(ty);
        for row in 0..self.len() {
            out.push(if self.is_null(row) { other.get(row) } else { self.get(row) });
        }
        out
    }

    /// The values as floats; texts and booleans are none.
    pub(crate) fn floats(&self) -> Vec<Option<f64>> {
        match self {
            Self::Float(v) => v.clone(),
            Self::Integer(v) => v.iter().map(|v| v.map(|v| v as f64)).collect(),
            Self::Unsigned(v) => v.iter().map(|v| v.map(|v| v as f64)).collect(),
            other => vec![None; other.len()],
        }
    }

    pub(crate) fn memory(&self) -> usize {
        self.len() * 16
    }
}
