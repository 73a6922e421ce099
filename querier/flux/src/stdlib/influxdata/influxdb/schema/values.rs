//! The values of a tag in a stream: one sorted table.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow_array::{ArrayRef, StringArray};
use weir_table::{Column, ColumnType, Strings, TableBatch};

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::stdlib::lazy::lazy;
use crate::value::Value;

/// What the package's functions end in.
pub(crate) static DEFINITION: Definition = Definition {
    package: "influxdata/influxdb/schema",
    name: "_tagValues",
    signature: "(<-tables: stream[A], tag: string) => stream[{_value: string}] where A: Record",
    doc: "The values of a tag in a stream, sorted.",
    body: Body::Native(call),
};

/// The distinct values of a column of text.
#[derive(Debug, Clone)]
pub struct TagValues {
    /// The column.
    pub tag: Arc<str>,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    args.transform(TagValues { tag: args.required("tag")? })
}

impl Spec for TagValues {
    fn name(&self) -> &'static str {
        "ReadTagValues"
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, _node: &Node) -> Result<BoxOperator> {
        let (mut input, run, tag) = (inputs.remove(0), run.clone(), Arc::clone(&self.tag));
        Ok(lazy(move || {
            let mut values: BTreeSet<Box<str>> = BTreeSet::new();
            let mut reservation = run.memory.reserve(0)?;
            while let Some(batch) = input.next()? {
                run.check()?;
                let Some(column) = batch.column(&tag) else { continue };
                let Some(texts) = Strings::of(column.data.array()) else { continue };
                for i in 0..texts.len() {
                    // A key column has a cell for each table, of which some may be empty.
                    let seen = !column.is_key() || !batch.run(i).is_empty();
                    if let Some(value) = texts.get(i).filter(|v| seen && !values.contains(*v)) {
                        reservation.grow(value.len() + 32)?;
                        values.insert(value.into());
                    }
                }
            }
            Ok(vec![one_column("_value", values.iter().map(|v| &**v))])
        }))
    }
}

/// One table with one column.
pub(super) fn one_column<'a>(label: &str, values: impl Iterator<Item = &'a str>) -> TableBatch {
    let array: ArrayRef = Arc::new(StringArray::from_iter_values(values));
    let rows = array.len();
    TableBatch::new(vec![Column::row(label, ColumnType::String, array)], vec![0, rows])
}
