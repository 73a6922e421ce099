//! What functions of one value do with whole columns.

use weir_table::ColumnType;

use crate::error::Result;
use crate::eval::{Args, Context};

/// How a function is computed for all rows at once. It answers what the function called row by row answers.
#[derive(Debug, Clone, Copy)]
pub enum Kernel {
    /// A float of the float argument of this name; null of null.
    Float(&'static str, fn(f64) -> f64),
    /// A float of two; null if either is.
    Floats([&'static str; 2], fn(f64, f64) -> f64),
    /// Of the time of this name: the answers' type, and how it comes from the other arguments, which are the same for all
    /// rows.
    Time(&'static str, ColumnType, Prepare),
}

/// Makes a function of a time from all other arguments.
pub type Prepare = fn(&Args, &Context) -> Result<OfTime>;

/// An integer or a time of a time in nanoseconds.
pub type OfTime = Box<dyn Fn(i64) -> Result<i64>>;
