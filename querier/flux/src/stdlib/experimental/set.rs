//! `set(o:)`: columns of constants.

use std::sync::Arc;

use weir_table::{Column, ColumnType, Scalar, repeat};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::{Rekeyed, rekey};
use crate::value::{Record, Value};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "experimental",
    name: "set",
    signature: "(<-tables: stream[A], o: B) => stream[C] where A: Record, B: Record, C: Record",
    doc: "Sets columns to the values of a record, in all rows.",
    body: Body::Native(call),
};

#[derive(Debug)]
pub(crate) struct Set {
    cells: Vec<(Arc<str>, ColumnType, Scalar)>,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let record: Arc<Record> = args.required("o")?;
    let mut cells = Vec::with_capacity(record.len());
    for (label, value) in record.iter() {
        match (value.column_type(), value.to_scalar()) {
            (Some(ty), Some(scalar)) => cells.push((Arc::clone(label), ty, scalar)),
            _ => {
                return Err(FluxError::invalid(format!(
                    "cannot set column \"{label}\" to a value of type {}",
                    value.nature()
                )));
            }
        }
    }
    args.transform(Set { cells })
}

impl Spec for Set {
    fn name(&self) -> &'static str {
        "experimental-set"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let cells = self.cells.clone();
        rekey(inputs, run, node, move |mut batch| {
            let mut may_collide = false;
            for (label, ty, value) in &cells {
                let column = if batch.is_key(label) {
                    may_collide = true;
                    Column::key(Arc::clone(label), *ty, repeat(value, *ty, batch.runs()))
                } else {
                    Column::row(Arc::clone(label), *ty, repeat(value, *ty, batch.rows()))
                };
                batch.set_column(column);
            }
            Ok(Some(Rekeyed { batch, may_collide }))
        })
    }
}
