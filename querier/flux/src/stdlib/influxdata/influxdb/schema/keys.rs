//! The tag keys of a stream: the labels of the group keys in one table.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::values::one_column;
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
    name: "_tagKeys",
    signature: "(<-tables: stream[A]) => stream[{_value: string}] where A: Record",
    doc: "The labels of a stream's group keys: `_start` and `_stop` first, the others sorted.",
    body: Body::Native(call),
};

/// The labels of all group keys.
#[derive(Debug, Clone)]
pub struct TagKeys;

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    args.transform(TagKeys)
}

impl Spec for TagKeys {
    fn name(&self) -> &'static str {
        "ReadTagKeys"
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, _node: &Node) -> Result<BoxOperator> {
        let (mut input, run) = (inputs.remove(0), run.clone());
        Ok(lazy(move || {
            // False goes before true: the bounds are listed before the tags.
            let mut labels: BTreeSet<(bool, Arc<str>)> = BTreeSet::new();
            while let Some(batch) = input.next()? {
                run.check()?;
                for column in batch.key_columns().filter(|_| batch.rows() > 0) {
                    let is_tag = !matches!(&*column.label, "_start" | "_stop");
                    labels.insert((is_tag, Arc::clone(&column.label)));
                }
            }
            Ok(vec![one_column("_value", labels.iter().map(|(_, label)| &**label))])
        }))
    }
}
