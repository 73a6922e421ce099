//! `labelReplace(…)`.

use std::sync::Arc;

use weir_table::{Column, ColumnBuilder, ColumnType, Scalar, TableBatch};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::{Rekeyed, rekey};
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
    let (source, destination) = (args.required("source")?, args.required::<Arc<str>>("destination")?);
    let pattern: Arc<str> = args.required("regex")?;
    let is_name =
        |c: (usize, char)| c.1 == '_' || c.1.is_ascii_alphabetic() || (c.0 > 0 && c.1.is_ascii_digit());
    if destination.is_empty() || !destination.char_indices().all(is_name) {
        return Err(FluxError::invalid(format!(
            "invalid destination label name in labelReplace(): {destination}"
        )));
    }
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
    fn apply(&self, mut batch: TableBatch) -> Result<Rekeyed> {
        let text = |label: &str, run: usize| match batch.find(label) {
            Some(i) if batch.columns[i].ty == ColumnType::String && batch.columns[i].is_key() => {
                match batch.cell(i, run, 0) {
                    Scalar::String(s) => s,
                    _ => "".into(),
                }
            }
            _ => "".into(),
        };
        let mut changed = false;
        let mut labels = ColumnBuilder::new(ColumnType::String, batch.runs());
        for run in 0..batch.runs() {
            let (source, old) = (text(&self.source, run), text(&self.destination, run));
            let new: Arc<str> = match self.pattern.regex().captures(&source) {
                Some(found) => {
                    let mut out = String::new();
                    found.expand(&self.replacement, &mut out);
                    out.into()
                }
                None => Arc::clone(&old),
            };
            changed |= new != old;
            // A label without text is no label.
            labels.push(&if new.is_empty() { Scalar::Null } else { Scalar::String(new) });
        }
        if changed {
            let column = Column::key(Arc::clone(&self.destination), ColumnType::String, labels.finish());
            batch.columns.retain(|c| c.label != self.destination);
            batch.columns.push(column);
        }
        Ok(Rekeyed { batch, may_collide: changed })
    }
}

impl Spec for LabelReplace {
    fn name(&self) -> &'static str {
        "labelReplace"
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let replace = self.clone();
        rekey(inputs, run, node, move |batch| replace.apply(batch).map(Some))
    }
}
