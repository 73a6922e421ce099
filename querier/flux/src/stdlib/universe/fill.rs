//! `fill(column:, value:, usePrevious:)`: values in the place of nulls.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, UInt32Array};
use weir_table::{Column, ColumnData, ColumnType, Scalar, TableBatch, repeat, take};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{KeyUse, Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::rows::or_else;
use crate::tables::{Rekeyed, rekey};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "fill",
    signature: "(<-tables: stream[A], ?column: string, ?value: B, ?usePrevious: bool) => stream[C] \
                where A: Record, C: Record",
    doc: "Puts a value, or the value of the row before, in the place of nulls in a column.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
enum With {
    Value(ColumnType, Scalar),
    Previous,
}

/// Fills nulls of a column.
#[derive(Debug, Clone)]
pub(crate) struct Fill {
    column: Arc<str>,
    with: With,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let column = args.string_or("column", "_value")?;
    let with = match (args.get("value"), args.optional::<bool>("usePrevious")?) {
        (Some(value), None) => match (value.column_type(), value.to_scalar()) {
            (Some(ty), Some(scalar)) => With::Value(ty, scalar),
            _ => {
                return Err(FluxError::invalid(
                    "value type for fill must be a valid primitive type (bool, int, uint, float, string, time)",
                ));
            }
        },
        (None, Some(true)) => With::Previous,
        // Nothing to fill with: the reference fails too.
        (None, Some(false)) => {
            return Err(FluxError::internal("fill without usePrevious requires a value"));
        }
        _ => return Err(FluxError::invalid("fill requires exactly one of value or usePrevious")),
    };
    args.transform(Fill { column, with })
}

impl Fill {
    fn apply(&self, mut batch: TableBatch) -> Result<Rekeyed> {
        let same = |batch| Ok(Rekeyed { batch, may_collide: false });
        let Some(index) = batch.find(&self.column) else {
            return match &self.with {
                With::Value(ty, value) => {
                    let values = repeat(value, *ty, batch.rows());
                    batch.columns.push(Column::row(Arc::clone(&self.column), *ty, values));
                    same(batch)
                }
                // What was before a column that is not there is not there either.
                With::Previous => same(batch),
            };
        };
        let column = &batch.columns[index];
        let array = column.data.array();
        if column.is_key() && array.null_count() == 0 {
            return same(batch);
        }
        if let With::Value(ty, _) = &self.with
            && *ty != column.ty
        {
            return Err(FluxError::invalid(format!("fill column type mismatch: {}/{ty}", column.ty)));
        }
        if array.null_count() == 0 {
            return same(batch);
        }
        let filled = match (&self.with, &column.data) {
            (With::Previous, ColumnData::Key(_)) => return same(batch),
            (With::Value(ty, value), ColumnData::Row(a)) => {
                ColumnData::Row(or_else(a, &repeat(value, *ty, 1)))
            }
            (With::Value(ty, value), ColumnData::Key(a)) => {
                ColumnData::Key(or_else(a, &repeat(value, *ty, 1)))
            }
            (With::Previous, ColumnData::Row(a)) => ColumnData::Row(previous(a, &batch.offsets)),
        };
        let may_collide = matches!(filled, ColumnData::Key(_));
        batch.columns[index].data = filled;
        Ok(Rekeyed { batch, may_collide })
    }
}

/// The array with the last value before each null in its place; nulls that begin a run stay.
fn previous(array: &ArrayRef, offsets: &[usize]) -> ArrayRef {
    let mut indices: Vec<Option<u32>> = Vec::with_capacity(array.len());
    for w in offsets.windows(2) {
        let mut last = None;
        for i in w[0]..w[1] {
            if array.is_valid(i) {
                last = Some(i as u32);
            }
            indices.push(last);
        }
    }
    take(array, &UInt32Array::from(indices))
}

impl Spec for Fill {
    fn name(&self) -> &'static str {
        "fill"
    }

    fn key(&self) -> KeyUse {
        KeyUse::Kept
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let fill = self.clone();
        rekey(inputs, run, node, move |batch| fill.apply(batch).map(Some))
    }
}
