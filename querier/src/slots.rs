//! Whose turn it is: so many queries run, so many wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use weir_model::{Error, Result};

/// Places for running and for waiting queries.
#[derive(Debug)]
pub(crate) struct Slots {
    running: Arc<Semaphore>,
    waiting: AtomicUsize,
    queue: usize,
}

/// One that waits; it leaves the queue when dropped, however its wait ends.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Slots {
    pub(crate) fn new(concurrency: usize, queue: usize) -> Self {
        let running = concurrency.clamp(1, Semaphore::MAX_PERMITS);
        Self { running: Arc::new(Semaphore::new(running)), waiting: AtomicUsize::new(0), queue }
    }

    /// How many wait.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Acquire)
    }

    /// A place to run, at once or after waiting for it. The place is free again when the answer is dropped.
    ///
    /// # Errors
    /// `queue length exceeded`, in the reference a mistake of the client's.
    pub(crate) async fn enter(&self) -> Result<OwnedSemaphorePermit> {
        if let Ok(place) = Arc::clone(&self.running).try_acquire_owned() {
            return Ok(place);
        }
        let waiting = self.waiting.fetch_add(1, Ordering::AcqRel);
        let _waiting = Waiting(&self.waiting);
        if waiting >= self.queue {
            return Err(Error::invalid("queue length exceeded"));
        }
        Arc::clone(&self.running)
            .acquire_owned()
            .await
            .map_err(|_| Error::unavailable("the server is shutting down, try again"))
    }
}
