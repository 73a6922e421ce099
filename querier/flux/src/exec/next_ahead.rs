//! A result whose next batch is made while the last one is written.

use std::sync::Arc;

use parking_lot::Mutex;
use weir_table::TableBatch;

use super::memory::Hold;
use super::workers::Coming;
use super::{BoxOperator, Operator, Run};
use crate::error::Result;

/// Asks for the next batch while the reader is still at work on the last, if that is long and a core is free.
pub(crate) struct NextAhead {
    run: Run,
    /// Locked by whoever asks it: this thread or a worker, never both.
    input: Arc<Mutex<BoxOperator>>,
    coming: Option<Coming<Option<TableBatch>>>,
    /// Counts what was answered last: the input has gone on meanwhile.
    last: Option<Hold>,
}

impl NextAhead {
    /// The same stream.
    pub(crate) fn over(input: BoxOperator, run: &Run) -> BoxOperator {
        if run.helpers().is_none() {
            return input;
        }
        Box::new(Self { run: run.clone(), input: Arc::new(Mutex::new(input)), coming: None, last: None })
    }

    /// Lets a worker ask for the next batch; if none is free, this thread will when it is asked.
    fn go_on(&mut self) {
        let Some(workers) = &self.run.workers else { return };
        let (input, runtime) = (Arc::clone(&self.input), self.run.runtime.clone());
        self.coming = workers.try_begin(&self.run, move || {
            let _inside = runtime.enter();
            input.lock().next()
        });
    }
}

impl Operator for NextAhead {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        self.last = None;
        let next = match self.coming.take() {
            Some(coming) => coming.wait()?,
            None => self.input.lock().next()?,
        };
        let Some(batch) = next else { return Ok(None) };
        self.last = Some(self.run.memory.hold(&batch)?);
        let worth = self.run.workers.as_ref().is_some_and(|w| w.is_worth(batch.rows()));
        if worth && !self.run.memory.is_short_of(batch.memory_size()) {
            self.go_on();
        }
        Ok(Some(batch))
    }
}

impl Drop for NextAhead {
    /// A query that has ended holds nothing: not even its worker does.
    fn drop(&mut self) {
        if let Some(coming) = self.coming.take() {
            coming.forget();
        }
    }
}
