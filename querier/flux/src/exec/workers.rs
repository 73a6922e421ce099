//! Threads that help queries while cores are free.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::Result as Caught;

use super::interrupt::working_for;
use super::{Run, Threads};
use crate::error::{FluxError, Result};

/// Batches of fewer rows are worked on in less time than it takes to wake another thread and to be woken again.
const WORTH: usize = 4096;

/// Threads that all queries share. There are as many as cores, so that one query takes them all when it is alone, and
/// many queries get no more in each other's way than they would without.
#[derive(Debug)]
pub struct Workers {
    threads: Threads,
    free: AtomicUsize,
    count: usize,
    worth: usize,
}

impl Workers {
    /// So many workers; with none each query works alone.
    pub fn new(count: usize) -> Arc<Self> {
        Self::for_batches_of(count, WORTH)
    }

    /// Workers that take batches of so many rows and more.
    pub fn for_batches_of(count: usize, worth: usize) -> Arc<Self> {
        Arc::new(Self { threads: Threads::default(), free: AtomicUsize::new(count), count, worth })
    }

    /// How many there are, busy or not.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Whether a batch of so many rows is worth a worker.
    pub(super) fn is_worth(&self, rows: usize) -> bool {
        rows >= self.worth
    }

    /// Lets a worker do some work for the query of `run`; gives it back when none is free.
    pub(super) fn try_begin<T: Send + 'static>(
        self: &Arc<Self>,
        run: &Run,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Option<Coming<T>> {
        let one_less = |free: usize| free.checked_sub(1);
        self.free.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).ok()?;
        let place = Place(Arc::clone(self));
        let cancelled = Arc::clone(&run.cancelled);
        let (sender, receiver) = sync_channel(1);
        let begun = self.threads.run(move || {
            let done = {
                let _working = working_for(&cancelled);
                catch_unwind(AssertUnwindSafe(work))
            };
            drop(place);
            // Nobody waits for it any more if this fails.
            let _ = sender.send(done);
        });
        match begun {
            Ok(()) => Some(Coming(receiver)),
            Err(error) => {
                tracing::debug!(%error, "no thread to help a query");
                None
            }
        }
    }
}

/// A worker that is busy; free again when dropped.
struct Place(Arc<Workers>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.free.fetch_add(1, Ordering::Relaxed);
    }
}

/// What a worker is about to answer. The worker looks for the end of the query itself, so no wait is long.
pub(super) struct Coming<T>(Receiver<Caught<Result<T>>>);

impl<T> Coming<T> {
    /// Waits for the answer. A panic of the worker goes on here.
    ///
    /// # Errors
    /// What the work answers.
    pub(super) fn wait(self) -> Result<T> {
        match self.0.recv() {
            Ok(Ok(answer)) => answer,
            Ok(Err(panic)) => resume_unwind(panic),
            Err(_) => Err(FluxError::internal("a worker ended without an answer")),
        }
    }

    /// Waits until the worker has let go of all that it held.
    pub(super) fn forget(self) {
        drop(self.0.recv());
    }
}
