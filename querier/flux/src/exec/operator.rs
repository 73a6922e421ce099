//! Operators.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use std::time::Duration;

use futures::{Stream, StreamExt};
use weir_model::ErrorCode;
use weir_table::TableBatch;

use super::memory::Hold;
use super::{InOrder, Memory, SpillSpace, Whole, Workers};
use crate::env::Environment;
use crate::error::{FluxError, Result};
use crate::eval::Context;

/// How often a wait looks whether the query was cancelled.
const LOOK: Duration = Duration::from_millis(20);

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
    /// The disk that the query may use for what does not fit into memory.
    pub spill: Option<Arc<SpillSpace>>,
    /// Threads that may help.
    pub workers: Option<Arc<Workers>>,
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

    /// Threads that may work ahead of who reads the answers; `None` where each query works alone, and where the script asks
    /// how long operations take: then they work one after the other.
    pub(super) fn helpers(&self) -> Option<&Arc<Workers>> {
        self.workers.as_ref().filter(|workers| workers.count() > 0 && self.context.profile().is_none())
    }

    /// Fails if the query was cancelled; called between batches and in long loops.
    pub fn check(&self) -> Result<()> {
        if self.cancelled.load(Ordering::Relaxed) { Err(Self::cancelled()) } else { Ok(()) }
    }

    /// What a query that was cancelled ends with.
    pub(crate) fn cancelled() -> FluxError {
        FluxError::new(ErrorCode::Canceled, "query was cancelled")
    }

    /// Waits for a future on this (blocking) thread, or until the query is cancelled.
    pub fn block_on<T>(&self, future: impl Future<Output = weir_model::Result<T>>) -> Result<T> {
        Ok(self.wait(future)??)
    }

    /// Waits for the next item of a stream, or until the query is cancelled.
    pub fn next_of<T>(
        &self,
        stream: &mut (impl Stream<Item = weir_model::Result<T>> + Unpin),
    ) -> Result<Option<T>> {
        Ok(self.wait(stream.next())?.transpose()?)
    }

    fn wait<T>(&self, future: impl Future<Output = T>) -> Result<T> {
        self.check()?;
        self.runtime.block_on(async {
            let mut future = std::pin::pin!(future);
            loop {
                match tokio::time::timeout(LOOK, &mut future).await {
                    Ok(answer) => return Ok(answer),
                    Err(_) => self.check()?,
                }
            }
        })
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
}

impl<F: FnMut(TableBatch) -> Result<Option<TableBatch>> + Send> Operator for PerBatch<F> {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        loop {
            self.run.check()?;
            match self.input.next()? {
                None => return Ok(None),
                Some(batch) => {
                    let out = (self.f)(batch)?;
                    // Kernels that cannot fail end early when the query is cancelled: that is no answer.
                    self.run.check()?;
                    if out.is_some() {
                        return Ok(out);
                    }
                }
            }
        }
    }
}

/// An operator that turns each batch of whole tables into another (or none) without regard to its neighbours, several
/// at a time where cores are free.
pub struct PerTables {
    input: BoxOperator,
    answers: InOrder<Option<(TableBatch, Hold)>>,
}

impl PerTables {
    /// `f` over batches of whole tables.
    pub fn over<F>(input: BoxOperator, run: &Run, f: F) -> BoxOperator
    where
        F: Fn(TableBatch) -> Result<Option<TableBatch>> + Send + Sync + 'static,
    {
        let means = run.clone();
        let answers = InOrder::new(run, move |batch| {
            let Some(out) = f(batch)? else { return Ok(None) };
            // Kernels that cannot fail end early when the query is cancelled: that is no answer.
            means.check()?;
            let hold = means.memory.hold(&out)?;
            Ok(Some((out, hold)))
        });
        Box::new(Self { input: Whole::over(input, run), answers })
    }
}

impl Operator for PerTables {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        loop {
            match self.answers.next(&mut self.input)? {
                None => return Ok(None),
                Some(None) => {}
                // It is counted as long as it is the last by those who watch over this operator.
                Some(Some((batch, _hold))) => return Ok(Some(batch)),
            }
        }
    }
}

/// All batches of a stream, with the memory they take.
#[derive(Debug, Default)]
pub struct Collected {
    /// The batches, of whole tables.
    pub batches: Vec<TableBatch>,
    /// Counts them.
    held: Vec<Hold>,
}

impl Collected {
    /// Adds a batch.
    ///
    /// # Errors
    /// When the query's memory is used up.
    pub fn push(&mut self, batch: TableBatch, memory: &Arc<Memory>) -> Result<()> {
        self.held.push(memory.hold(&batch)?);
        self.batches.push(batch);
        Ok(())
    }

    /// The batches counted, to be given out one by one.
    ///
    /// # Errors
    /// When the query's memory is used up.
    pub fn of(batches: Vec<TableBatch>, memory: &Arc<Memory>) -> Result<Self> {
        let held = batches.iter().map(|batch| memory.hold(batch)).collect::<Result<_>>()?;
        Ok(Self { batches, held })
    }
}

/// Batches that are there already, given out one after the other; each counts until it was given out.
#[derive(Debug, Default)]
pub struct Ready(std::vec::IntoIter<TableBatch>, std::vec::IntoIter<Hold>);

impl From<Collected> for Ready {
    fn from(collected: Collected) -> Self {
        Self(collected.batches.into_iter(), collected.held.into_iter())
    }
}

impl From<Vec<TableBatch>> for Ready {
    /// Batches that nobody counts: few, or counted by those who made them.
    fn from(batches: Vec<TableBatch>) -> Self {
        Self(batches.into_iter(), Vec::new().into_iter())
    }
}

impl Ready {
    /// The next of them.
    pub fn pop(&mut self) -> Option<TableBatch> {
        self.1.next();
        self.0.next()
    }
}

impl Operator for Ready {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        Ok(self.pop())
    }
}

/// Pulls a stream to its end.
///
/// # Errors
/// What the stream answers, or that the query's memory is used up.
pub fn collect(input: BoxOperator, run: &Run) -> Result<Collected> {
    let mut whole = Whole::over(input, run);
    let mut collected = Collected::default();
    while let Some(batch) = whole.next()? {
        run.check()?;
        collected.push(batch, &run.memory)?;
    }
    Ok(collected)
}
