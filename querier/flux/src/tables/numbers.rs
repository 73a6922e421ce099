//! Numbers of a column, run by run.

use arrow_array::types::{ArrowPrimitiveType, Float64Type, Int64Type, UInt64Type};
use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, PrimitiveArray, UInt64Array};
use weir_table::{ColumnType, Floats, Ints, Uints};

/// A column of numbers.
#[derive(Debug, Clone, Copy)]
pub enum Numbers<'a> {
    /// Signed integers.
    Int(&'a Int64Array),
    /// Unsigned integers.
    UInt(&'a UInt64Array),
    /// Floats.
    Float(&'a Float64Array),
}

impl<'a> Numbers<'a> {
    /// The numbers of an array of values of type `ty`; `None` if it holds none.
    pub fn of(ty: ColumnType, array: &'a ArrayRef) -> Option<Self> {
        match ty {
            ColumnType::Int => Ints::of(array).map(|a| Self::Int(a.0)),
            ColumnType::UInt => Uints::of(array).map(|a| Self::UInt(a.0)),
            ColumnType::Float => Floats::of(array).map(|a| Self::Float(a.0)),
            ColumnType::Bool | ColumnType::String | ColumnType::Time => None,
        }
    }

    /// `f` of the numbers of each run as floats, nulls left out.
    pub fn floats_by_run<R>(self, offsets: &[usize], mut f: impl FnMut(&[f64]) -> R) -> Vec<R> {
        let mut buffer: Vec<f64> = Vec::new();
        match self {
            Self::Float(a) => by_run(a, offsets, f),
            Self::Int(a) => by_run(a, offsets, |v| {
                buffer.clear();
                buffer.extend(v.iter().map(|&x| x as f64));
                f(&buffer)
            }),
            Self::UInt(a) => by_run(a, offsets, |v| {
                buffer.clear();
                buffer.extend(v.iter().map(|&x| x as f64));
                f(&buffer)
            }),
        }
    }

    /// All numbers as floats, null where they are.
    pub fn to_floats(self) -> Float64Array {
        match self {
            Self::Float(a) => a.clone(),
            Self::Int(a) => a.unary::<_, Float64Type>(|v| v as f64),
            Self::UInt(a) => a.unary::<_, Float64Type>(|v| v as f64),
        }
    }
}

/// `f` of the values of each run, nulls left out.
pub fn by_run<T: ArrowPrimitiveType, R>(
    array: &PrimitiveArray<T>,
    offsets: &[usize],
    mut f: impl FnMut(&[T::Native]) -> R,
) -> Vec<R> {
    let values = array.values();
    let runs = offsets.windows(2);
    match array.nulls().filter(|n| n.null_count() > 0) {
        None => runs.map(|w| f(&values[w[0]..w[1]])).collect(),
        Some(nulls) => {
            let mut buffer: Vec<T::Native> = Vec::new();
            runs.map(|w| {
                buffer.clear();
                buffer.extend((w[0]..w[1]).filter(|&i| nulls.is_valid(i)).map(|i| values[i]));
                f(&buffer)
            })
            .collect()
        }
    }
}

/// Whether the cell is there.
pub fn is_valid<T: ArrowPrimitiveType>(array: &PrimitiveArray<T>, i: usize) -> bool {
    array.nulls().is_none_or(|n| n.is_valid(i))
}

/// Types whose values are integers.
pub trait Integer: ArrowPrimitiveType {}

impl Integer for Int64Type {}
impl Integer for UInt64Type {}
