//! `labelReplace(…)`.

use std::collections::HashSet;
use std::sync::Arc;

use weir_table::{Column, ColumnBuilder, ColumnType, Scalar, TableBatch};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run, collect};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::stdlib::lazy::lazy;
use crate::tables::Call;
use crate::tables::keys::table_key;
use crate::tables::rows::keep_runs;
use crate::value::{Regexp, Value};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "internal/promql",
    name: "labelReplace",
    signature: "(<-tables: stream[{A with _value: float}], source: string, destination: string, regex: string, \
                replacement: string) => stream[{B with _value: float}]",
    doc: "Sets a label to what a pattern makes of another label, in tables where the pattern matches all of it.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
struct LabelReplace {
    source: Arc<str>,
    destination: Arc<str>,
    pattern: Arc<Regexp>,
    replacement: Arc<str>,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let (source, destination) = (args.required("source")?, args.required("destination")?);
    let pattern: Arc<str> = args.required("regex")?;
    let pattern = Regexp::new(&format!("^(?:{pattern})$")).map_err(|_| {
        FluxError::invalid(format!("invalid regular expression in labelReplace(): {pattern}"))
    })?;
    args.transform(LabelReplace {
        source,
        destination,
        pattern: Arc::new(pattern),
        replacement: args.required("replacement")?,
    })
}

impl LabelReplace {
    /// The text of a label in a table's group key.
    fn text(batch: &TableBatch, label: &str, run: usize) -> Arc<str> {
        match batch.find(label) {
            Some(i) if batch.columns[i].ty == ColumnType::String && batch.columns[i].is_key() => {
                match batch.cell(i, run, 0) {
                    Scalar::String(s) => s,
                    _ => "".into(),
                }
            }
            _ => "".into(),
        }
    }

    /// The tables of a batch, with nothing but their labels and values: those that keep their labels, those whose label
    /// is replaced, and those that lose it, as one without text is none.
    fn apply(&self, batch: &TableBatch) -> Result<Vec<TableBatch>> {
        if batch.find("_value").is_none() {
            return Err(FluxError::invalid("value column not found: _value"));
        }
        let (mut kept, mut replaced, mut lost) = (Vec::new(), Vec::new(), Vec::new());
        let mut labels = ColumnBuilder::new(ColumnType::String, batch.runs());
        for run in 0..batch.runs() {
            match self.pattern.regex().captures(&Self::text(batch, &self.source, run)) {
                None => kept.push(run as u32),
                Some(found) => {
                    let mut new = String::new();
                    found.expand(&self.replacement, &mut new);
                    if new.is_empty() {
                        lost.push(run as u32);
                    } else {
                        replaced.push(run as u32);
                        labels.push(&Scalar::String(new.into()));
                    }
                }
            }
        }
        let tables = |runs: &[u32], without: Option<&str>| {
            let mut out = keep_runs(batch, runs);
            out.columns.retain(|c| (c.is_key() && Some(&*c.label) != without) || &*c.label == "_value");
            out.columns.sort_by_key(|c| !c.is_key());
            out
        };
        let old = Some(&*self.destination);
        let mut named = tables(&replaced, old);
        let label = Column::key(Arc::clone(&self.destination), ColumnType::String, labels.finish());
        let labels = named.columns.iter().take_while(|c| c.is_key()).count();
        named.columns.insert(labels, label);
        let mut out = vec![tables(&kept, None), named, tables(&lost, old)];
        out.retain(|b| b.runs() > 0);
        Ok(out)
    }
}

impl Spec for LabelReplace {
    fn name(&self) -> &'static str {
        "labelReplace"
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let (input, replace, run) = (inputs.remove(0), self.clone(), run.clone());
        let call = Call::of(node);
        Ok(lazy(move || {
            let mut seen = HashSet::new();
            let mut out = Vec::new();
            for batch in &collect(input, &run)?.batches {
                for batch in replace.apply(batch).map_err(|e| call.tell(e))? {
                    if (0..batch.runs()).any(|run| !seen.insert(table_key(&batch, run))) {
                        let error = FluxError::invalid("two tables come to have the same labels");
                        return Err(call.tell(error));
                    }
                    out.push(batch);
                }
            }
            Ok(out)
        }))
    }
}
