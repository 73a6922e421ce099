//! `csv.from(csv:)`.

use std::sync::Arc;

use weir_annotated_csv::{DecodeError, decode, decode_raw};
use weir_table::TableBatch;

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Collected, Operator, Ready, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "csv",
    name: "from",
    signature: "(?csv: string, ?file: string, ?mode: string) => stream[A] where A: Record",
    doc: "Reads tables from annotated CSV text, or one table of strings from any CSV with mode \"raw\".",
    body: Body::Native(call),
};

#[derive(Debug)]
struct FromCsv {
    text: Source,
    raw: bool,
}

#[derive(Debug)]
enum Source {
    Text(Arc<str>),
    /// A file, in worlds that have files: servers have none.
    File(Arc<str>),
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let (csv, file) = (args.string_or("csv", "")?, args.string_or("file", "")?);
    let text = match (csv.is_empty(), file.is_empty()) {
        (true, true) => return Err(FluxError::invalid("must provide csv raw text or filename")),
        (false, false) => {
            return Err(FluxError::invalid("must provide exactly one of the parameters csv or file"));
        }
        (false, true) => Source::Text(csv),
        (true, false) => Source::File(file),
    };
    // Any other word means annotations too, as in the reference.
    let raw = &*args.string_or("mode", "annotations")? == "raw";
    Ok(args.source(FromCsv { text, raw }))
}

impl Spec for FromCsv {
    fn name(&self) -> &'static str {
        "csv.from"
    }

    fn open(&self, _inputs: Vec<BoxOperator>, run: &Run, _node: &Node) -> Result<BoxOperator> {
        let text = match &self.text {
            Source::Text(text) => Arc::clone(text),
            Source::File(path) => {
                let text = run.block_on(run.environment().read_file(path));
                text.map_err(|e| failed(&format!("csv.from() failed to read file: {}", e.message), true))?
                    .into()
            }
        };
        Ok(Box::new(Reader { text: Some(text), raw: self.raw, run: run.clone(), ready: Ready::default() }))
    }
}

/// Reads the text when the first table is asked for.
struct Reader {
    text: Option<Arc<str>>,
    raw: bool,
    run: Run,
    ready: Ready,
}

impl Operator for Reader {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        self.run.check()?;
        if let Some(text) = self.text.take() {
            // A cell of one digit and its comma becomes a number of eight bytes.
            let _decoding = self.run.memory.reserve(text.len().saturating_mul(4))?;
            let batches = if self.raw { decode_raw(&text) } else { decode(&text) };
            self.ready = Collected::of(batches.map_err(|e| wrong(&e))?, &self.run.memory)?.into();
        }
        Ok(self.ready.pop())
    }
}

fn wrong(error: &DecodeError) -> FluxError {
    if error.is_unannotated() {
        let advice = "consider using the mode: \"raw\" for csv that is not expected to have annotations.";
        return failed(&format!("{error}. {advice}"), true);
    }
    failed(&error.to_string(), error.is_structural())
}

fn failed(message: &str, invalid: bool) -> FluxError {
    let message = format!("error in csv.from(): {message}");
    if invalid { FluxError::invalid(message) } else { FluxError::internal(message) }
}
