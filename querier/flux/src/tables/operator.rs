//! Operators over whole tables.

use std::sync::Arc;

use weir_table::TableBatch;

use crate::error::{FluxError, Result};
use crate::exec::{BoxOperator, Operator, PerBatch, PerTables, Regrouper, Run, Whole};
use crate::plan::Node;

/// `f` over batches of whole tables, several at a time where cores are free; its errors tell the call. What `f` answers
/// may take as much room as what it was given, and [`ON_THE_WAY`] besides.
pub fn per_tables<F>(inputs: Vec<BoxOperator>, run: &Run, node: &Node, f: F) -> Result<BoxOperator>
where
    F: Fn(TableBatch) -> Result<Option<TableBatch>> + Send + Sync + 'static,
{
    let memory = Arc::clone(&run.memory);
    less_tables(inputs, run, node, move |batch| {
        let _answer = memory.reserve(batch.memory_size() + batch.rows() * ON_THE_WAY)?;
        f(batch)
    })
}

/// How many bytes a row may take that are gone when the answer is there: places of rows, values that may be null.
const ON_THE_WAY: usize = 24;

/// The same for an `f` whose answers are small: aggregates and selectors.
pub fn less_tables<F>(mut inputs: Vec<BoxOperator>, run: &Run, node: &Node, f: F) -> Result<BoxOperator>
where
    F: Fn(TableBatch) -> Result<Option<TableBatch>> + Send + Sync + 'static,
{
    let call = Call::of(node);
    Ok(PerTables::over(take_input(&mut inputs)?, run, move |batch| {
        // What is not there has no columns that could be missing.
        if batch.runs() == 0 {
            return Ok(None);
        }
        f(batch).map_err(|e| call.tell(e))
    }))
}

/// The same for an `f` that remembers what it saw, or does more than to answer: one batch after the other.
pub fn tables_in_turn<F>(
    mut inputs: Vec<BoxOperator>,
    run: &Run,
    node: &Node,
    mut f: F,
) -> Result<BoxOperator>
where
    F: FnMut(TableBatch) -> Result<Option<TableBatch>> + Send + 'static,
{
    let call = Call::of(node);
    let memory = Arc::clone(&run.memory);
    let input = Whole::over(take_input(&mut inputs)?, run);
    Ok(PerBatch::rows(input, run, move |batch| {
        let _answer = memory.reserve(batch.memory_size())?;
        f(batch).map_err(|e| call.tell(e))
    }))
}

fn take_input(inputs: &mut Vec<BoxOperator>) -> Result<BoxOperator> {
    inputs.pop().ok_or_else(|| FluxError::internal("a transformation has no input"))
}

/// The place and name of a call, for messages.
pub(crate) struct Call(String);

impl Call {
    /// The call that a node stands for.
    pub(crate) fn of(node: &Node) -> Self {
        let function = node.location.function().unwrap_or_else(|| node.spec.name());
        Self(format!("runtime error {}: {function}", node.location))
    }

    /// The error, with the call.
    pub(crate) fn tell(&self, e: FluxError) -> FluxError {
        e.context(&self.0)
    }
}

/// A batch with other columns.
pub struct Rekeyed {
    /// The batch.
    pub batch: TableBatch,
    /// Whether different tables may have become one: a column left the group key, or its values there changed.
    pub may_collide: bool,
}

/// `f` over batches of whole tables, and tables that came to have the same group key put together.
pub fn rekey<F>(mut inputs: Vec<BoxOperator>, run: &Run, node: &Node, f: F) -> Result<BoxOperator>
where
    F: FnMut(TableBatch) -> Result<Option<Rekeyed>> + Send + 'static,
{
    let input = Some(Whole::over(take_input(&mut inputs)?, run));
    Ok(Box::new(Rekey { input, f, call: Call::of(node), run: run.clone(), merged: None }))
}

struct Rekey<F> {
    input: Option<BoxOperator>,
    f: F,
    call: Call,
    run: Run,
    merged: Option<BoxOperator>,
}

impl<F: FnMut(TableBatch) -> Result<Option<Rekeyed>>> Rekey<F> {
    fn change(&mut self, batch: TableBatch) -> Result<Option<Rekeyed>> {
        let _answer = self.run.memory.reserve(batch.memory_size())?;
        (self.f)(batch).map_err(|e| self.call.tell(e))
    }
}

impl<F: FnMut(TableBatch) -> Result<Option<Rekeyed>> + Send> Operator for Rekey<F> {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        loop {
            self.run.check()?;
            if let Some(merged) = &mut self.merged {
                return merged.next().map_err(|e| self.call.tell(e));
            }
            let Some(input) = &mut self.input else { return Ok(None) };
            let Some(batch) = input.next()? else { return Ok(None) };
            let Some(changed) = self.change(batch)? else { continue };
            if !changed.may_collide {
                return Ok(Some(changed.batch));
            }
            // From here on any table may belong to an earlier one, so all must be seen first.
            let mut all = Regrouper::new(&self.run);
            all.push_tables(changed.batch)?;
            if let Some(mut input) = self.input.take() {
                while let Some(batch) = input.next()? {
                    self.run.check()?;
                    if let Some(changed) = self.change(batch)? {
                        all.push_tables(changed.batch)?;
                    }
                }
            }
            self.merged = Some(all.finish().map_err(|e| self.call.tell(e))?);
        }
    }
}
