//! `difference(columns:, nonNegative:, keepFirst:, initialZero:)`: how much each row differs from the one before.

use std::sync::Arc;

use arrow_array::types::{ArrowPrimitiveType, Float64Type, Int64Type};
use arrow_array::{ArrayRef, PrimitiveArray};
use weir_table::{ColumnType, TableBatch};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{KeyUse, Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::numbers::{Numbers, is_valid};
use crate::tables::per_tables;
use crate::tables::rows::{put, take_ranges};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "difference",
    signature: "(<-tables: stream[A], ?nonNegative: bool, ?columns: [string], ?keepFirst: bool, \
                ?initialZero: bool) => stream[B] where A: Record, B: Record",
    doc: "The difference between each value and the one before it. The first row, which has none, is left out.",
    body: Body::Native(call),
};

/// Differences of neighbours.
#[derive(Debug, Clone)]
pub(crate) struct Difference {
    /// Of which columns.
    pub(crate) columns: Vec<Arc<str>>,
    /// Whether a value that is less than the one before has no difference.
    pub(crate) non_negative: bool,
    /// Whether the first row is kept, with null.
    pub(crate) keep_first: bool,
    /// With `non_negative`: whether a lesser value counts as grown from zero.
    pub(crate) initial_zero: bool,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    args.transform(Difference {
        columns: args.strings("columns")?.unwrap_or_else(|| vec!["_value".into()]),
        non_negative: args.or("nonNegative", false)?,
        keep_first: args.or("keepFirst", false)?,
        initial_zero: args.or("initialZero", false)?,
    })
}

impl Difference {
    fn apply(&self, batch: &TableBatch) -> Result<TableBatch> {
        let skip = usize::from(!self.keep_first);
        let mut out = take_ranges(batch, |run| (run.start + skip).min(run.end)..run.end);
        for column in batch.columns.iter().filter(|c| self.columns.contains(&c.label)) {
            let Some(numbers) = Numbers::of(column.ty, column.data.array()) else {
                return Err(FluxError::invalid(match column.ty {
                    ColumnType::Time => {
                        "difference does not support time columns. Try the elapsed function".into()
                    }
                    ty => format!("difference does not support column \"{}\" of type \"{ty}\"", column.label),
                }));
            };
            // The key stays what it is.
            if column.is_key() {
                continue;
            }
            let offsets = &batch.offsets;
            let (ty, values): (_, ArrayRef) = match numbers {
                Numbers::Int(a) => {
                    let values = self.steps::<_, Int64Type>(a, offsets, |p, v| (v.wrapping_sub(p), v));
                    (ColumnType::Int, Arc::new(values))
                }
                Numbers::UInt(a) => {
                    let step = |p: u64, v: u64| (v.wrapping_sub(p) as i64, v as i64);
                    (ColumnType::Int, Arc::new(self.steps::<_, Int64Type>(a, offsets, step)))
                }
                Numbers::Float(a) => {
                    let values = self.steps::<_, Float64Type>(a, offsets, |p, v| (v - p, v));
                    (ColumnType::Float, Arc::new(values))
                }
            };
            put(&mut out, &column.label, ty, values);
        }
        Ok(out)
    }

    /// The differences of a column. `step` answers the difference and the value: where the first is not
    /// from zero up, the value fell.
    fn steps<T: ArrowPrimitiveType, O: ArrowPrimitiveType>(
        &self,
        array: &PrimitiveArray<T>,
        offsets: &[usize],
        step: impl Fn(T::Native, T::Native) -> (O::Native, O::Native),
    ) -> PrimitiveArray<O> {
        let values = array.values();
        let mut out: Vec<Option<O::Native>> = Vec::with_capacity(values.len());
        for w in offsets.windows(2) {
            let mut previous = None;
            for i in w[0]..w[1] {
                let difference = match (previous, is_valid(array, i)) {
                    (_, false) => None,
                    (None, true) => (self.keep_first && self.initial_zero).then(O::Native::default),
                    (Some(p), true) => match step(p, values[i]) {
                        (difference, _) if !self.non_negative || difference >= O::Native::default() => {
                            Some(difference)
                        }
                        (_, whole) => (self.initial_zero && whole >= O::Native::default()).then_some(whole),
                    },
                };
                if i > w[0] || self.keep_first {
                    out.push(difference);
                }
                if is_valid(array, i) {
                    previous = Some(values[i]);
                }
            }
        }
        out.into_iter().collect()
    }
}

impl Spec for Difference {
    fn name(&self) -> &'static str {
        "difference"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn key(&self) -> KeyUse {
        KeyUse::Kept
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let difference = self.clone();
        per_tables(inputs, run, node, move |batch| difference.apply(&batch).map(Some))
    }
}
