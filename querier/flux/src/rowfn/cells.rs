//! Cells of vectors as values, one after the other.

use arrow_array::types::UInt32Type;
use arrow_array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, Float64Array, Int64Array, StringArray, UInt64Array,
};
use weir_table::{Bools, ColumnType, Floats, Ints, Strings, Uints};

use super::column::Vector;
use crate::value::Value;

/// Reads a column's cells. The text of a code is made once.
pub(super) enum Cells<'a> {
    Bools(&'a BooleanArray),
    Ints(&'a Int64Array),
    Times(&'a Int64Array),
    Uints(&'a UInt64Array),
    Floats(&'a Float64Array),
    Texts(Strings<'a>),
    Codes(&'a DictionaryArray<UInt32Type>, &'a StringArray, Vec<Option<Value>>),
    /// Whatever else: by row.
    Other(&'a Vector),
}

impl<'a> Cells<'a> {
    /// The cells of an array; `None` if it is not of the type.
    pub(super) fn of_array(ty: ColumnType, array: &'a ArrayRef) -> Option<Self> {
        Some(match ty {
            ColumnType::Bool => Self::Bools(Bools::of(array)?.0),
            ColumnType::Int => Self::Ints(Ints::of(array)?.0),
            ColumnType::Time => Self::Times(Ints::of(array)?.0),
            ColumnType::UInt => Self::Uints(Uints::of(array)?.0),
            ColumnType::Float => Self::Floats(Floats::of(array)?.0),
            ColumnType::String => match Strings::of(array)? {
                Strings::Dictionary(codes, texts) if texts.len() <= codes.len() => {
                    Self::Codes(codes, texts, vec![None; texts.len()])
                }
                texts => Self::Texts(texts),
            },
        })
    }

    /// The cells of a vector of one value a row.
    pub(super) fn of(vector: &'a Vector) -> Self {
        match vector {
            Vector::Rows(ty, array) => Self::of_array(*ty, array),
            _ => None,
        }
        .unwrap_or(Self::Other(vector))
    }

    /// The cell of a row; `run` is the row's table.
    pub(super) fn get(&mut self, run: usize, row: usize) -> Value {
        let (value, ty) = match self {
            Self::Bools(a) => (a.is_valid(row).then(|| Value::Bool(a.value(row))), ColumnType::Bool),
            Self::Ints(a) => (a.is_valid(row).then(|| Value::Int(a.value(row))), ColumnType::Int),
            Self::Times(a) => (a.is_valid(row).then(|| Value::Time(a.value(row))), ColumnType::Time),
            Self::Uints(a) => (a.is_valid(row).then(|| Value::UInt(a.value(row))), ColumnType::UInt),
            Self::Floats(a) => (a.is_valid(row).then(|| Value::Float(a.value(row))), ColumnType::Float),
            Self::Texts(a) => (a.get(row).map(Value::from), ColumnType::String),
            Self::Codes(codes, texts, known) => {
                let code = codes.is_valid(row).then(|| codes.keys().value(row) as usize);
                let text = code
                    .filter(|code| texts.is_valid(*code))
                    .map(|code| known[code].get_or_insert_with(|| Value::from(texts.value(code))).clone());
                (text, ColumnType::String)
            }
            Self::Other(vector) => return vector.value(run, row),
        };
        value.unwrap_or(Value::Null(Some(ty)))
    }
}
