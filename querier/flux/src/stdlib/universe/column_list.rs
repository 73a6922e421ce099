//! What `keep` and `drop` have in common: columns by a list of names, or by a function of the name.

use std::collections::HashMap;
use std::sync::Arc;

use weir_table::{Column, TableBatch};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec, labels};
use crate::tables::{Rekeyed, rekey};
use crate::value::{Function, Value};

/// Which columns are meant.
#[derive(Debug, Clone)]
pub(crate) enum Which {
    /// These.
    List(Vec<Arc<str>>),
    /// Those for which a function of the name answers true.
    Function(Function),
}

/// Keeps or drops some columns.
#[derive(Debug, Clone)]
pub(crate) struct Project {
    /// Whether the columns are kept; else they are dropped.
    pub(crate) keep: bool,
    /// Which columns.
    pub(crate) which: Which,
}

impl Project {
    /// Reads the arguments of `keep` or `drop`.
    pub(super) fn read(keep: bool, args: &Args) -> Result<Self> {
        let name = if keep { "keep" } else { "drop" };
        let which = match (args.strings("columns")?, args.optional::<Function>("fn")?) {
            (Some(list), None) => Which::List(list),
            (None, Some(function)) => Which::Function(function),
            (Some(_), Some(_)) => {
                return Err(FluxError::invalid(format!(
                    "{name} error: both column list and predicate provided"
                )));
            }
            (None, None) => {
                return Err(FluxError::invalid(format!(
                    "{name} error: neither column list nor predicate function provided"
                )));
            }
        };
        Ok(Self { keep, which })
    }

    fn meant(&self, label: &Arc<str>, seen: &mut HashMap<Arc<str>, bool>, cx: &Context) -> Result<bool> {
        match &self.which {
            Which::List(list) => Ok(list.contains(label)),
            Which::Function(function) => {
                if let Some(&known) = seen.get(label) {
                    return Ok(known);
                }
                let args = Args::new([("column", Value::String(Arc::clone(label)))]);
                let meant = match cx.call(function, args)? {
                    Value::Bool(b) => b,
                    Value::Null(_) => false,
                    other => {
                        return Err(FluxError::invalid(format!(
                            "fn must return a bool, got {}",
                            other.nature()
                        )));
                    }
                };
                seen.insert(Arc::clone(label), meant);
                Ok(meant)
            }
        }
    }
}

impl Spec for Project {
    fn name(&self) -> &'static str {
        if self.keep { "keep" } else { "drop" }
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn details(&self) -> String {
        match &self.which {
            Which::List(list) => labels(list),
            Which::Function(_) => "by a function".to_owned(),
        }
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let project = self.clone();
        let cx = run.context.clone();
        let mut seen = HashMap::new();
        rekey(inputs, run, node, move |batch| {
            let mut columns: Vec<Column> = Vec::with_capacity(batch.columns.len());
            let mut may_collide = false;
            for column in &batch.columns {
                // Columns that only the plan knows go with the values.
                let hidden = column.label.starts_with('\0');
                if hidden || project.meant(&column.label, &mut seen, &cx)? == project.keep {
                    columns.push(column.clone());
                } else {
                    may_collide |= column.is_key();
                }
            }
            // A table without columns has no rows, but it is still there.
            let batch = if columns.iter().all(|c| c.label.starts_with('\0')) {
                TableBatch::new(Vec::new(), vec![0; batch.runs() + 1])
            } else {
                TableBatch { columns, offsets: batch.offsets, continues: false }
            };
            Ok(Some(Rekeyed { batch, may_collide }))
        })
    }
}
