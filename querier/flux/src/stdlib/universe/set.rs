//! `set(key:, value:)`: the same text in a column of all rows.

use std::sync::Arc;

use weir_table::{Column, ColumnType, Scalar, TableBatch, repeat};

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{KeyUse, Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::{Rekeyed, rekey};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "set",
    signature: "(<-tables: stream[A], key: string, value: string) => stream[A] where A: Record",
    doc: "Sets a column of each row to a text.",
    body: Body::Native(call),
};

/// Sets columns to values.
#[derive(Debug, Clone)]
pub(crate) struct SetColumns {
    /// The name shown in errors.
    pub(crate) name: &'static str,
    /// Labels and values.
    pub(crate) values: Vec<(Arc<str>, ColumnType, Scalar)>,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let value = (args.required("key")?, ColumnType::String, Scalar::String(args.required("value")?));
    args.transform(SetColumns { name: "set", values: vec![value] })
}

impl Spec for SetColumns {
    fn name(&self) -> &'static str {
        self.name
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn key(&self) -> KeyUse {
        KeyUse::Kept
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let set = self.clone();
        rekey(inputs, run, node, move |mut batch: TableBatch| {
            let mut may_collide = false;
            for (label, ty, value) in &set.values {
                let in_key = batch.is_key(label);
                may_collide |= in_key;
                let column = match in_key {
                    true => Column::key(Arc::clone(label), *ty, repeat(value, *ty, batch.runs())),
                    false => Column::row(Arc::clone(label), *ty, repeat(value, *ty, batch.rows())),
                };
                batch.set_column(column);
            }
            Ok(Some(Rekeyed { batch, may_collide }))
        })
    }
}
