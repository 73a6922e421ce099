//! Selectors: one row of each table, kept whole.
//!
//! Tables without rows, and tables in which the column has no values, stay as tables without rows.

use std::sync::Arc;

use arrow_array::types::ArrowPrimitiveType;
use arrow_array::{Array, ArrayRef, PrimitiveArray};
use weir_table::{ColumnType, Ints, TableBatch};

use super::less_tables;
use super::numbers::Numbers;
use super::rows::{take_rows, without_nulls};
use crate::error::{FluxError, Result};
use crate::eval::Args;
use crate::exec::{BoxOperator, Run};
use crate::plan::{KeyUse, Node, Spec};
use crate::value::Value;

/// Which row is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The first with a value.
    First,
    /// The last with a value.
    Last,
    /// The first with the least value.
    Min,
    /// The first with the greatest value.
    Max,
}

impl Kind {
    /// The function's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Last => "last",
            Self::Min => "min",
            Self::Max => "max",
        }
    }

    /// The row picked of each run of `array`; none where a run has no values. `None` if the type has no order.
    pub fn pick(self, ty: ColumnType, array: &ArrayRef, offsets: &[usize]) -> Option<Vec<Option<usize>>> {
        let valid = |i: &usize| array.is_valid(*i);
        Some(match self {
            Self::First => offsets.windows(2).map(|w| (w[0]..w[1]).find(valid)).collect(),
            Self::Last => offsets.windows(2).map(|w| (w[0]..w[1]).rev().find(valid)).collect(),
            Self::Min | Self::Max => {
                let max = self == Self::Max;
                match Numbers::of(ty, array) {
                    Some(Numbers::Int(a)) => extreme(a, offsets, max),
                    Some(Numbers::UInt(a)) => extreme(a, offsets, max),
                    Some(Numbers::Float(a)) => extreme(a, offsets, max),
                    None if ty == ColumnType::Time => extreme(Ints::of(array)?.0, offsets, max),
                    None => return None,
                }
            }
        })
    }
}

fn extreme<T: ArrowPrimitiveType>(
    array: &PrimitiveArray<T>,
    offsets: &[usize],
    max: bool,
) -> Vec<Option<usize>> {
    let values = array.values();
    let nulls = array.nulls().filter(|n| n.null_count() > 0);
    offsets
        .windows(2)
        .map(|w| {
            let mut best: Option<usize> = None;
            for i in w[0]..w[1] {
                if nulls.is_some_and(|n| n.is_null(i)) {
                    continue;
                }
                // A NaN that comes first stays: no comparison with it holds.
                let better =
                    best.is_none_or(|b| if max { values[i] > values[b] } else { values[i] < values[b] });
                if better {
                    best = Some(i);
                }
            }
            best
        })
        .collect()
}

/// A selector by a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    /// Which row is kept.
    pub kind: Kind,
    /// By which column.
    pub column: Arc<str>,
}

impl Selector {
    /// Ends a call of a selector with the parameter `column`.
    ///
    /// # Errors
    /// When the arguments do not fit.
    pub fn call(kind: Kind, args: &mut Args) -> Result<Value> {
        let column = args.string_or("column", "_value")?;
        args.transform(Self { kind, column })
    }

    /// The selected rows of a batch of whole tables.
    ///
    /// # Errors
    /// When the column is not there, or has no order.
    pub fn apply(&self, batch: &TableBatch) -> Result<TableBatch> {
        let (ty, values) = selected(batch, &self.column)?;
        let picked = self.kind.pick(ty, &values, &batch.offsets).ok_or_else(|| {
            FluxError::invalid(format!(
                "invalid use of function: {} has no implementation for type {ty}",
                self.kind.name()
            ))
        })?;
        let rows = take_picked(batch, picked);
        Ok(if self.kind == Kind::First { rows } else { without_nulls(rows) })
    }
}

/// The column that rows are selected by, one value a row.
///
/// # Errors
/// When it is not there.
pub fn selected(batch: &TableBatch, label: &str) -> Result<(ColumnType, ArrayRef)> {
    match batch.find(label) {
        Some(i) => Ok((batch.columns[i].ty, batch.row_values(i))),
        None => Err(FluxError::invalid(format!("no column \"{label}\" exists"))),
    }
}

/// At most one row of each table.
pub fn take_picked(batch: &TableBatch, picked: Vec<Option<usize>>) -> TableBatch {
    let mut rows = Vec::with_capacity(picked.len());
    let mut offsets = Vec::with_capacity(picked.len() + 1);
    offsets.push(0);
    for row in picked {
        rows.extend(row.map(|r| r as u32));
        offsets.push(rows.len());
    }
    take_rows(batch, rows, offsets)
}

impl Spec for Selector {
    fn name(&self) -> &'static str {
        self.kind.name()
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn key(&self) -> KeyUse {
        KeyUse::Kept
    }

    fn details(&self) -> String {
        if *self.column == *"_value" { String::new() } else { format!("column={}", self.column) }
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let selector = self.clone();
        less_tables(inputs, run, node, move |batch| selector.apply(&batch).map(Some))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::Float64Array;

    #[test]
    fn each_run_gives_one_row() {
        let a: ArrayRef =
            Arc::new(Float64Array::from(vec![None, Some(2.0), Some(5.0), Some(5.0), None, None]));
        let pick = |kind: Kind| kind.pick(ColumnType::Float, &a, &[0, 4, 6]).expect("floats have an order");
        assert_eq!(pick(Kind::First), [Some(1), None]);
        assert_eq!(pick(Kind::Last), [Some(3), None]);
        assert_eq!(pick(Kind::Min), [Some(1), None]);
        assert_eq!(pick(Kind::Max), [Some(2), None]);
    }

    #[test]
    fn a_leading_nan_stays() {
        let a: ArrayRef = Arc::new(Float64Array::from(vec![f64::NAN, 1.0]));
        assert_eq!(Kind::Min.pick(ColumnType::Float, &a, &[0, 2]), Some(vec![Some(0)]));
    }
}
