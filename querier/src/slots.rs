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
    /// So many that run, so many that wait; 0 is any number, as in the reference.
    pub(crate) fn new(concurrency: usize, queue: usize) -> Self {
        let number = |n: usize| if n == 0 { usize::MAX } else { n };
        let running = number(concurrency).min(Semaphore::MAX_PERMITS);
        Self {
            running: Arc::new(Semaphore::new(running)),
            waiting: AtomicUsize::new(0),
            queue: number(queue),
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn zero_is_any_number() {
        let slots = Slots::new(0, 0);
        let mut places = Vec::new();
        for _ in 0..5000 {
            places.push(slots.enter().await.expect("there is always a place"));
        }
        let slots = Arc::new(Slots::new(1, 0));
        let place = slots.enter().await.expect("the first place");
        let waiting: Vec<_> = (0..2000)
            .map(|_| {
                let slots = Arc::clone(&slots);
                tokio::spawn(async move { slots.enter().await.map(drop) })
            })
            .collect();
        while slots.waiting() < waiting.len() {
            tokio::task::yield_now().await;
        }
        drop(place);
        for one in waiting {
            one.await.expect("does not panic").expect("gets its turn");
        }
    }
}
