//! `cumulativeSum(columns:)`: running sums.

use std::sync::Arc;

use arrow_array::types::ArrowPrimitiveType;
use arrow_array::{ArrayRef, PrimitiveArray};
use weir_table::TableBatch;

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{KeyUse, Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::numbers::{Numbers, is_valid};
use crate::tables::per_tables;
use crate::tables::rows::put;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "cumulativeSum",
    signature: "(<-tables: stream[A], ?columns: [string]) => stream[B] where A: Record, B: Record",
    doc: "The sum of all values up to each row. Nulls add nothing; a column of no numbers stays as it is.",
    body: Body::Native(call),
};

/// Running sums.
#[derive(Debug, Clone)]
pub(crate) struct CumulativeSum {
    /// Of which columns.
    pub(crate) columns: Vec<Arc<str>>,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    args.transform(CumulativeSum {
        columns: args.strings("columns")?.unwrap_or_else(|| vec!["_value".into()]),
    })
}

fn running<T: ArrowPrimitiveType>(
    array: &PrimitiveArray<T>,
    offsets: &[usize],
    zero: T::Native,
    add: impl Fn(T::Native, T::Native) -> T::Native,
) -> ArrayRef {
    let values = array.values();
    let mut out: Vec<T::Native> = Vec::with_capacity(values.len());
    for w in offsets.windows(2) {
        let mut sum = zero;
        for i in w[0]..w[1] {
            if is_valid(array, i) {
                sum = add(sum, values[i]);
            }
            out.push(sum);
        }
    }
    Arc::new(PrimitiveArray::<T>::from_iter_values(out))
}

impl CumulativeSum {
    fn apply(&self, mut batch: TableBatch) -> Result<TableBatch> {
        for index in 0..batch.columns.len() {
            let column = &batch.columns[index];
            if !self.columns.contains(&column.label) || column.is_key() {
                continue;
            }
            let (label, ty) = (Arc::clone(&column.label), column.ty);
            let values = match Numbers::of(ty, column.data.array()) {
                Some(Numbers::Int(a)) => running(a, &batch.offsets, 0, i64::wrapping_add),
                Some(Numbers::UInt(a)) => running(a, &batch.offsets, 0, u64::wrapping_add),
                Some(Numbers::Float(a)) => running(a, &batch.offsets, 0.0, |s, v| s + v),
                // What is no number stays as it is.
                None => continue,
            };
            put(&mut batch, &label, ty, values);
        }
        Ok(batch)
    }
}

impl Spec for CumulativeSum {
    fn name(&self) -> &'static str {
        "cumulativeSum"
    }

    fn key(&self) -> KeyUse {
        KeyUse::Kept
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let sum = self.clone();
        per_tables(inputs, run, node, move |batch| sum.apply(batch).map(Some))
    }
}
