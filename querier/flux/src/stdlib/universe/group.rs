//! `group(columns:, mode:)`: other tables out of the same rows.

use std::sync::Arc;

use weir_table::TableBatch;

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Operator, Order, Regrouper, Run};
use crate::plan::{Node, Spec, labels};
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "group",
    signature: "(<-tables: stream[A], ?mode: string, ?columns: [string]) => stream[A] where A: Record",
    doc: "Regroups the rows: one table for each distinct value of the columns (or of all but the columns, in mode \
          \"except\").",
    body: Body::Native(call),
};

/// A grouping.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// Whether `columns` are those left out of the key.
    pub except: bool,
    /// The labels.
    pub columns: Vec<Arc<str>>,
    /// Which columns beside the key anybody looks at; all, if it is not known.
    pub wanted: Option<Vec<Arc<str>>>,
    /// The order of the tables.
    pub order: Order,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let except = match &*args.string_or("mode", "by")? {
        "by" => false,
        "except" => true,
        other => {
            return Err(FluxError::invalid(format!(
                "invalid mode: must be either \"by\" or \"except\", got \"{other}\""
            )));
        }
    };
    let columns = args.strings("columns")?.unwrap_or_default();
    args.transform(Group { except, columns, wanted: None, order: Order::Keys })
}

impl Group {
    /// Whether the label is part of the new key.
    pub(crate) fn is_key(&self, label: &str) -> bool {
        // Columns that only the plan knows, such as weights, are values.
        !label.starts_with('\0') && self.columns.iter().any(|c| **c == *label) != self.except
    }
}

impl Spec for Group {
    fn name(&self) -> &'static str {
        "group"
    }

    fn details(&self) -> String {
        let wanted = self.wanted.as_ref().map_or(String::new(), |w| format!(" of {}", labels(w)));
        format!("{}{}{wanted}", if self.except { "except " } else { "" }, labels(&self.columns))
    }

    fn by_appearance(&self) -> Option<Arc<dyn Spec>> {
        Some(Arc::new(Self { order: Order::Appearance, ..self.clone() }))
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, _node: &Node) -> Result<BoxOperator> {
        let group = self.clone();
        let wanted = self.wanted.clone();
        let mut regrouped = Regrouped::new(inputs.remove(0), run, move |_, label| group.is_key(label));
        regrouped.wanted = wanted;
        regrouped.order = self.order;
        Ok(Box::new(regrouped))
    }
}

/// Decides whether a column of a batch becomes a key column, by its label.
type IsKey = dyn Fn(&TableBatch, &str) -> bool + Send;

/// All rows of a stream in other tables.
pub(crate) struct Regrouped {
    input: Option<BoxOperator>,
    run: Run,
    is_key: Box<IsKey>,
    wanted: Option<Vec<Arc<str>>>,
    order: Order,
    tables: Option<BoxOperator>,
}

impl Regrouped {
    /// Groups a stream by the columns for which `is_key` answers true.
    pub(crate) fn over(
        input: BoxOperator,
        run: &Run,
        is_key: impl Fn(&TableBatch, &str) -> bool + Send + 'static,
    ) -> BoxOperator {
        Box::new(Self::new(input, run, is_key))
    }

    /// The same tables in the order of their keys, as the reference's groups are.
    pub(crate) fn by_keys(self) -> Self {
        Self { order: Order::Keys, ..self }
    }

    /// Groups a stream by the columns for which `is_key` answers true.
    pub(crate) fn new(
        input: BoxOperator,
        run: &Run,
        is_key: impl Fn(&TableBatch, &str) -> bool + Send + 'static,
    ) -> Self {
        Self {
            input: Some(input),
            run: run.clone(),
            is_key: Box::new(is_key),
            wanted: None,
            order: Order::Appearance,
            tables: None,
        }
    }
}

impl Operator for Regrouped {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        if let Some(mut input) = self.input.take() {
            let mut regrouper = Regrouper::new(&self.run).of(self.wanted.take()).in_order(self.order);
            while let Some(batch) = input.next()? {
                let key = batch.columns.iter().map(|c| Arc::clone(&c.label));
                let key = key.filter(|label| (self.is_key)(&batch, label)).collect();
                regrouper.push(batch, key)?;
            }
            drop(input);
            self.tables = Some(regrouper.finish()?);
        }
        match &mut self.tables {
            Some(tables) => tables.next(),
            None => Ok(None),
        }
    }
}
