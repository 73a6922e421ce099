//! Columns built cell by cell, for operators whose output is not a kernel of whole arrays.

use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::{BooleanBuilder, Float64Builder, Int64Builder, StringBuilder, UInt64Builder};

use crate::{ColumnType, Scalar};

/// A builder of one column.
#[derive(Debug)]
pub enum ColumnBuilder {
    /// Of booleans.
    Bool(BooleanBuilder),
    /// Of signed integers.
    Int(Int64Builder),
    /// Of unsigned integers.
    UInt(UInt64Builder),
    /// Of floats.
    Float(Float64Builder),
    /// Of texts.
    String(StringBuilder),
    /// Of times.
    Time(Int64Builder),
}

impl ColumnBuilder {
    /// A builder for `ty` with room for `capacity` cells.
    pub fn new(ty: ColumnType, capacity: usize) -> Self {
        match ty {
            ColumnType::Bool => Self::Bool(BooleanBuilder::with_capacity(capacity)),
            ColumnType::Int => Self::Int(Int64Builder::with_capacity(capacity)),
            ColumnType::UInt => Self::UInt(UInt64Builder::with_capacity(capacity)),
            ColumnType::Float => Self::Float(Float64Builder::with_capacity(capacity)),
            ColumnType::String => Self::String(StringBuilder::with_capacity(capacity, capacity * 8)),
            ColumnType::Time => Self::Time(Int64Builder::with_capacity(capacity)),
        }
    }

    /// The type of the column.
    pub fn ty(&self) -> ColumnType {
        match self {
            Self::Bool(_) => ColumnType::Bool,
            Self::Int(_) => ColumnType::Int,
            Self::UInt(_) => ColumnType::UInt,
            Self::Float(_) => ColumnType::Float,
            Self::String(_) => ColumnType::String,
            Self::Time(_) => ColumnType::Time,
        }
    }

    /// Appends a cell. Answers false, and appends null, if the value is of another type.
    pub fn push(&mut self, value: &Scalar) -> bool {
        match (self, value) {
            (Self::Bool(b), Scalar::Bool(v)) => b.append_value(*v),
            (Self::Int(b), Scalar::Int(v)) | (Self::Time(b), Scalar::Time(v)) => b.append_value(*v),
            (Self::UInt(b), Scalar::UInt(v)) => b.append_value(*v),
            (Self::Float(b), Scalar::Float(v)) => b.append_value(*v),
            (Self::String(b), Scalar::String(v)) => b.append_value(v),
            (this, value) => {
                this.push_null();
                return value.is_null();
            }
        }
        true
    }

    /// Appends a null.
    pub fn push_null(&mut self) {
        match self {
            Self::Bool(b) => b.append_null(),
            Self::Int(b) | Self::Time(b) => b.append_null(),
            Self::UInt(b) => b.append_null(),
            Self::Float(b) => b.append_null(),
            Self::String(b) => b.append_null(),
        }
    }

    /// The finished array.
    pub fn finish(mut self) -> ArrayRef {
        match &mut self {
            Self::Bool(b) => Arc::new(b.finish()),
            Self::Int(b) | Self::Time(b) => Arc::new(b.finish()),
            Self::UInt(b) => Arc::new(b.finish()),
            Self::Float(b) => Arc::new(b.finish()),
            Self::String(b) => Arc::new(b.finish()),
        }
    }
}
