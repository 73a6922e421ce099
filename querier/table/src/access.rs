//! Typed views of arrays: what an operator reads cells through.
//!
//! A view is `None` when the array is of another type, so a wrong guess is an error path and not a panic.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type, UInt32Type, UInt64Type};
use arrow_array::{Array, BooleanArray, DictionaryArray, Float64Array, Int64Array, StringArray, UInt64Array};
use arrow_schema::DataType;

macro_rules! view {
    ($(#[$doc:meta])* $name:ident, $array:ty, $item:ty, $cast:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name<'a>(pub &'a $array);

        impl<'a> $name<'a> {
            /// The view, if the array is of this type.
            pub fn of(array: &'a dyn Array) -> Option<Self> {
                let cast: fn(&'a dyn Array) -> Option<&'a $array> = $cast;
                cast(array).map(Self)
            }

            /// The value at `i`; `None` for null.
            pub fn get(&self, i: usize) -> Option<$item> {
                (!self.0.is_null(i)).then(|| self.0.value(i))
            }

            /// How many cells there are.
            pub fn len(&self) -> usize {
                self.0.len()
            }

            /// Whether there is no cell.
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }
        }
    };
}

view!(
    /// Booleans.
    Bools, BooleanArray, bool, |a| a.as_boolean_opt()
);
view!(
    /// Signed integers and times.
    Ints, Int64Array, i64, |a| a.as_primitive_opt::<Int64Type>()
);
view!(
    /// Unsigned integers.
    Uints, UInt64Array, u64, |a| a.as_primitive_opt::<UInt64Type>()
);
view!(
    /// Floats.
    Floats, Float64Array, f64, |a| a.as_primitive_opt::<Float64Type>()
);

/// Texts, plain or dictionary-coded.
#[derive(Debug, Clone, Copy)]
pub enum Strings<'a> {
    /// One text a cell.
    Plain(&'a StringArray),
    /// A code a cell.
    Dictionary(&'a DictionaryArray<UInt32Type>, &'a StringArray),
}

impl<'a> Strings<'a> {
    /// The view, if the array is of text.
    pub fn of(array: &'a dyn Array) -> Option<Self> {
        match array.data_type() {
            DataType::Utf8 => array.as_string_opt::<i32>().map(Self::Plain),
            DataType::Dictionary(..) => {
                let dictionary = array.as_dictionary_opt::<UInt32Type>()?;
                Some(Self::Dictionary(dictionary, dictionary.values().as_string_opt::<i32>()?))
            }
            _ => None,
        }
    }

    /// The text at `i`; `None` for null.
    pub fn get(&self, i: usize) -> Option<&'a str> {
        match self {
            Self::Plain(a) => (!a.is_null(i)).then(|| a.value(i)),
            Self::Dictionary(a, values) => {
                if a.is_null(i) {
                    return None;
                }
                let code = a.keys().value(i) as usize;
                (!values.is_null(code)).then(|| values.value(code))
            }
        }
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Plain(a) => a.len(),
            Self::Dictionary(a, _) => a.len(),
        }
    }

    /// Whether there is no cell.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
