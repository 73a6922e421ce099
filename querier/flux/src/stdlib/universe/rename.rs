//! `rename(columns:, fn:)`: other names for columns.

use std::collections::HashMap;
use std::sync::Arc;

use weir_table::TableBatch;

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::tables_in_turn;
use crate::value::{Function, Record, Value};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "rename",
    signature: "(<-tables: stream[A], ?fn: (column: string) => string, ?columns: B) => stream[C] \
                where A: Record, B: Record, C: Record",
    doc: "Renames columns, by a record of old and new names or by a function of the name.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
enum Names {
    Record(Vec<(Arc<str>, Arc<str>)>),
    Function(Function),
}

/// Other names for columns.
#[derive(Debug, Clone)]
pub(crate) struct Rename(Names);

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let columns = args.optional::<Arc<Record>>("columns")?;
    let names = match (columns, args.optional::<Function>("fn")?) {
        (Some(columns), None) => {
            let pairs = columns.iter().map(|(from, to)| match to {
                Value::String(to) => Ok((Arc::clone(from), Arc::clone(to))),
                other => Err(FluxError::invalid(format!(
                    "rename error: columns object contains non-string value of type {}",
                    other.nature()
                ))),
            });
            Names::Record(pairs.collect::<Result<_>>()?)
        }
        (None, Some(function)) => Names::Function(function),
        (None, None) => {
            return Err(FluxError::invalid("rename error: neither column list nor map function provided"));
        }
        (Some(_), Some(_)) => {
            return Err(FluxError::invalid("rename error: both column list and map function provided"));
        }
    };
    args.transform(Rename(names))
}

impl Rename {
    /// Old and new names, if they were given as a record.
    pub(crate) fn pairs(&self) -> Option<&[(Arc<str>, Arc<str>)]> {
        match &self.0 {
            Names::Record(pairs) => Some(pairs),
            Names::Function(_) => None,
        }
    }

    fn name_of(
        &self,
        label: &Arc<str>,
        seen: &mut HashMap<Arc<str>, Arc<str>>,
        cx: &Context,
    ) -> Result<Arc<str>> {
        match &self.0 {
            Names::Record(pairs) => {
                let new = pairs.iter().find(|(from, _)| from == label).map_or(label, |(_, to)| to);
                Ok(Arc::clone(new))
            }
            Names::Function(function) => {
                if let Some(known) = seen.get(label) {
                    return Ok(Arc::clone(known));
                }
                match cx.call(function, Args::new([("column", Value::String(Arc::clone(label)))]))? {
                    Value::String(new) => {
                        seen.insert(Arc::clone(label), Arc::clone(&new));
                        Ok(new)
                    }
                    other => {
                        Err(FluxError::invalid(format!("fn must return a string, got {}", other.nature())))
                    }
                }
            }
        }
    }
}

impl Spec for Rename {
    fn name(&self) -> &'static str {
        "rename"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let rename = self.clone();
        let cx = run.context.clone();
        let mut seen = HashMap::new();
        tables_in_turn(inputs, run, node, move |mut batch: TableBatch| {
            if let Names::Record(pairs) = &rename.0
                && let Some((missing, _)) = pairs.iter().find(|(from, _)| batch.find(from).is_none())
            {
                return Err(FluxError::invalid(format!("rename error: column \"{missing}\" doesn't exist")));
            }
            for i in 0..batch.columns.len() {
                let new = rename.name_of(&batch.columns[i].label, &mut seen, &cx)?;
                batch.columns[i].label = new;
            }
            for (j, column) in batch.columns.iter().enumerate() {
                if let Some(i) = batch.columns[..j].iter().position(|c| c.label == column.label) {
                    return Err(FluxError::invalid(format!(
                        "column {i} and {j} have the same name (\"{}\") which is not allowed",
                        column.label
                    )));
                }
            }
            Ok(Some(batch))
        })
    }
}
