//! Operators.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use weir_model::ErrorCode;
use weir_table::TableBatch;

use super::{Memory, Reservation, Whole};
use crate::env::Environment;
use crate::error::{FluxError, Result};
use crate::eval::Context;

/// A running operation: a stream of batches that is pulled.
pub trait Operator: Send {
    /// The next batch; `None` when there is no more.
    fn next(&mut self) -> Result<Option<TableBatch>>;
}

/// An operator on the heap.
pub type BoxOperator = Box<dyn Operator>;

/// What the operators of one run share.
#[derive(Debug, Clone)]
pub struct Run {
    /// For calling functions that the script passed.
    pub context: Context,
    /// The query's memory.
    pub memory: Arc<Memory>,
    /// Set when the client went away.
    pub cancelled: Arc<AtomicBool>,
    /// For blocking on what is async.
    pub runtime: tokio::runtime::Handle,
}

impl Run {
    /// The world outside.
    pub fn environment(&self) -> &Arc<dyn Environment> {
        self.context.environment()
    }

    /// Fails if the query was cancelled; called between batches and in long loops.
    pub fn check(&self) -> Result<()> {
        if self.cancelled.load(Ordering::Relaxed) {
            return Err(Self::cancelled());
        }
        Ok(())
    }

    /// What a query that was cancelled ends with.
    pub(crate) fn cancelled() -> FluxError {
        FluxError::new(ErrorCode::Canceled, "query was cancelled")
    }

    /// Waits for a future on this (blocking) thread.
    pub fn block_on<T>(&self, future: impl Future<Output = weir_model::Result<T>>) -> Result<T> {
        self.check()?;
        Ok(self.runtime.block_on(future)?)
    }
}

/// An operator that turns each batch into another (or none) without regard to its neighbours.
pub struct PerBatch<F> {
    input: BoxOperator,
    run: Run,
    f: F,
}

impl<F: FnMut(TableBatch) -> Result<Option<TableBatch>> + Send + 'static> PerBatch<F> {
    /// `f` over batches as they come: a table may be split between batches. For operations on single rows.
    pub fn rows(input: BoxOperator, run: &Run, f: F) -> BoxOperator {
        Box::new(Self { input, run: run.clone(), f })
    }

    /// `f` over batches of whole tables. For operations on tables.
    pub fn tables(input: BoxOperator, run: &Run, f: F) -> BoxOperator {
        Self::rows(Whole::over(input, run), run, f)
    }
}

impl<F: FnMut(TableBatch) -> Result<Option<TableBatch>> + Send> Operator for PerBatch<F> {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        loop {
            self.run.check()?;
            match self.input.next()? {
                None => return Ok(None),
                Some(batch) => {
                    if let Some(out) = (self.f)(batch)? {
                        return Ok(Some(out));
                    }
                }
            }
        }
    }
}

/// All batches of a stream, with the memory they take.
#[derive(Debug)]
pub struct Collected {
    /// The batches, of whole tables.
    pub batches: Vec<TableBatch>,
    /// Holds the memory.
    pub reservation: Reservation,
}

/// Pulls a stream to its end.
///
/// # Errors
/// What the stream answers, or that the query's memory is used up.
pub fn collect(input: BoxOperator, run: &Run) -> Result<Collected> {
    let mut whole = Whole::over(input, run);
    let mut reservation = run.memory.reserve(0)?;
    let mut batches = Vec::new();
    while let Some(batch) = whole.next()? {
        run.check()?;
        reservation.grow(batch.memory_size())?;
        batches.push(batch);
    }
    Ok(Collected { batches, reservation })
}
