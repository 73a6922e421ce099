//! A store in memory that can fail, or be held.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use async_trait::async_trait;
use parking_lot::Mutex;
use tokio::sync::Notify;
use weir_batch::{Sequence, SeriesBatch};
use weir_model::{Error, Id, Result};

use crate::{FlushShard, FlushTarget};

#[derive(Debug, Default)]
pub(super) struct Store {
    shards: Mutex<Vec<FlushShard>>,
    failures: AtomicUsize,
    lost_answers: AtomicBool,
    hold: Mutex<Option<(Arc<Notify>, Arc<Notify>)>>,
    flushed: Notify,
}

impl Store {
    /// The next `times` flushes fail.
    pub(super) fn fail_next(&self, times: usize) {
        self.failures.store(times, Ordering::SeqCst);
    }

    /// Failing flushes store their rows and fail then, or store nothing.
    pub(super) fn lose_answers(&self, lose: bool) {
        self.lost_answers.store(lose, Ordering::SeqCst);
    }

    /// The next flush says when it has begun, and waits.
    pub(super) fn hold_next(&self) -> (Arc<Notify>, Arc<Notify>) {
        let pair = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        *self.hold.lock() = Some(pair.clone());
        pair
    }

    /// Waits for a flush.
    pub(super) async fn flushed(&self) {
        self.flushed.notified().await;
    }

    pub(super) fn batches(&self, bucket: Id) -> Vec<SeriesBatch> {
        let shards = self.shards.lock();
        let of_bucket = shards.iter().filter(|s| s.bucket == bucket);
        of_bucket.flat_map(|s| s.measurements.iter().flatten().cloned()).collect()
    }
}

/// A process' way to the store; it fails once the process is dead.
#[derive(Debug)]
pub(super) struct Handle {
    store: Arc<Store>,
    dead: AtomicBool,
}

impl Handle {
    pub(super) fn new(store: Arc<Store>) -> Self {
        Self { store, dead: AtomicBool::new(false) }
    }

    pub(super) fn kill(&self) {
        self.dead.store(true, Ordering::SeqCst);
    }
}

#[async_trait]
impl FlushTarget for Handle {
    async fn flush(&self, shards: Vec<FlushShard>) -> Result<()> {
        let hold = self.store.hold.lock().take();
        if let Some((reached, go)) = hold {
            reached.notify_one();
            go.notified().await;
        }
        let fewer = |left: usize| if left == usize::MAX { Some(left) } else { left.checked_sub(1) };
        let fails = self.store.failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, fewer).is_ok();
        if fails && self.store.lost_answers.load(Ordering::SeqCst) {
            self.store.shards.lock().extend(shards);
            return Err(Error::unavailable("the store's answer was lost"));
        }
        if fails || self.dead.load(Ordering::SeqCst) {
            return Err(Error::unavailable("the store fails"));
        }
        self.store.shards.lock().extend(shards);
        self.store.flushed.notify_one();
        Ok(())
    }

    async fn drop_bucket(&self, bucket: Id) -> Result<()> {
        self.store.shards.lock().retain(|s| s.bucket != bucket);
        Ok(())
    }

    async fn upkeep(&self, _: Sequence) -> Result<()> {
        Ok(())
    }
}
