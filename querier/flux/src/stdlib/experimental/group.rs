//! `group(columns:, mode: "extend")`: more columns in the group key.

use std::sync::Arc;

use weir_table::TableBatch;

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, PerBatch, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::stdlib::universe::group::Regrouped;
use crate::tables::Call;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "experimental",
    name: "group",
    signature: "(<-tables: stream[A], mode: string, columns: [string]) => stream[A] where A: Record",
    doc: "Adds columns to the group key.",
    body: Body::Native(call),
};

/// More key columns.
#[derive(Debug, Clone)]
pub(super) struct Extend {
    /// The labels.
    columns: Vec<Arc<str>>,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let mode: Arc<str> = args.required("mode")?;
    if &*mode != "extend" {
        return Err(FluxError::invalid(format!(
            "invalid group mode \"{mode}\"; experimental.group requires mode \"extend\""
        )));
    }
    args.transform(Extend { columns: args.required("columns")? })
}

impl Spec for Extend {
    fn name(&self) -> &'static str {
        "experimental-group"
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let (extend, call) = (self.clone(), Call::of(node));
        let having = PerBatch::rows(inputs.remove(0), run, move |batch| {
            match extend.columns.iter().find(|c| batch.find(c).is_none()) {
                Some(label) => Err(call.tell(FluxError::invalid(format!("unknown column \"{label}\"")))),
                None => Ok(Some(batch)),
            }
        });
        let columns = self.columns.clone();
        let is_key = move |batch: &TableBatch, label: &str| {
            columns.iter().any(|c| **c == *label) || batch.is_key(label)
        };
        Ok(Box::new(Regrouped::new(having, run, is_key).by_keys()))
    }
}
