//! The ingester: its life from replay to shutdown.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::{Mutex, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use weir_batch::Sequence;
use weir_model::{Error, Result};

use crate::clock::{Clock, wall_clock};
use crate::flush::Pending;
use crate::flush_target::FlushTarget;
use crate::log::{Log, Record, Replay};
use crate::options::Options;
use crate::state::State;
use crate::wal_log::WalLog;

/// Keeps rows: in the log at once, in memory until they are in the object store. Cheap to clone.
#[derive(Clone)]
pub struct Ingester {
    pub(crate) inner: Arc<Inner>,
}

/// How far the replay has come.
#[derive(Debug, Clone)]
enum Replayed {
    NotYet,
    Done,
    Failed(Error),
}

pub(crate) struct Inner {
    pub(crate) options: Options,
    pub(crate) state: State,
    pub(crate) log: Box<dyn Log>,
    pub(crate) target: Arc<dyn FlushTarget>,
    /// Frozen generations whose rows are not in the store yet, oldest first. Whoever flushes holds it.
    pub(crate) pending: Mutex<VecDeque<Pending>>,
    pub(crate) stop: CancellationToken,
    tasks: TaskTracker,
    replayed: watch::Sender<Replayed>,
}

impl fmt::Debug for Ingester {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ingester").field("options", &self.inner.options).finish_non_exhaustive()
    }
}

impl Ingester {
    /// Opens the log and starts. Nothing is served before [`Ingester::ready`].
    ///
    /// # Errors
    /// The log cannot be opened, or is damaged.
    pub async fn start(options: Options, target: Arc<dyn FlushTarget>) -> Result<Self> {
        let for_open = options.clone();
        let opened = tokio::task::spawn_blocking(move || WalLog::open(&for_open)).await.map_err(|error| {
            tracing::error!(%error, "opening the log died");
            Error::internal("the log cannot be opened")
        });
        let (log, replay) = opened??;
        Ok(Self::start_on(options, log, replay, target))
    }

    /// Starts on a log that has been opened: replays it in the background, then flushes when it is time to.
    pub(crate) fn start_on(
        options: Options,
        log: Box<dyn Log>,
        replay: Replay,
        target: Arc<dyn FlushTarget>,
    ) -> Self {
        let inner = Arc::new(Inner {
            state: State::new(Clock::new(options.writer, wall_clock)),
            options,
            log,
            target,
            pending: Mutex::default(),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            replayed: watch::Sender::new(Replayed::NotYet),
        });
        let ingester = Self { inner: Arc::clone(&inner) };
        let for_replay = Arc::clone(&inner);
        let replay = inner.tasks.spawn_blocking(move || for_replay.replay(replay));
        let for_work = Arc::clone(&inner);
        inner.tasks.spawn(async move {
            let result = replay.await.unwrap_or_else(|error| {
                tracing::error!(%error, "the replay of the log died");
                Err(Error::internal("the replay of the log died"))
            });
            if let Err(error) = result {
                tracing::error!(%error, "the log cannot be replayed; nothing is served");
                for_work.replayed.send_replace(Replayed::Failed(error));
                return;
            }
            for_work.state.ready.store(true, Ordering::Release);
            for_work.replayed.send_replace(Replayed::Done);
            let upkeep = Arc::clone(&for_work).upkeep_loop();
            tokio::join!(for_work.flush_loop(), upkeep);
        });
        ingester
    }

    /// Whether the log has been replayed, so that writes and scans are answered.
    pub fn is_ready(&self) -> bool {
        self.inner.state.ready.load(Ordering::Acquire)
    }

    /// Waits until the log has been replayed.
    ///
    /// # Errors
    /// The log is corrupt: then no scan or write will ever be answered.
    pub async fn ready(&self) -> Result<()> {
        let mut replayed = self.inner.replayed.subscribe();
        loop {
            match &*replayed.borrow_and_update() {
                Replayed::NotYet => {}
                Replayed::Done => return Ok(()),
                Replayed::Failed(error) => return Err(error.clone()),
            }
            if replayed.changed().await.is_err() {
                return Err(Error::unavailable("the server is shutting down, try again"));
            }
        }
    }

    /// Stores all rows that were written before the call.
    ///
    /// # Errors
    /// The object store's; the rows stay in memory and in the log, and the flush is tried again in the background.
    pub async fn flush(&self) -> Result<()> {
        self.inner.flush_once().await
    }

    /// Lets the store tidy up now instead of when it is time to.
    ///
    /// # Errors
    /// The store's.
    pub async fn upkeep(&self) -> Result<()> {
        self.inner.upkeep().await
    }

    /// Bytes of memory that unflushed rows take.
    pub fn buffered_bytes(&self) -> usize {
        self.inner.state.rows.lock().buffer.bytes()
    }

    /// Up to where all rows of this ingester are stored; no row with such a sequence will come any more. What is
    /// settled in a cluster is the least of its ingesters' answers.
    pub fn settled(&self) -> Sequence {
        self.inner.state.rows.lock().settled
    }

    /// Refuses writes from now on, flushes once and stops. If the object store fails, the rows stay in the log.
    pub async fn shutdown(&self) {
        self.inner.state.draining.store(true, Ordering::Release);
        self.inner.stop.cancel();
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
    }
}

impl Inner {
    fn replay(&self, replay: Replay) -> Result<()> {
        let mut records = 0u64;
        for record in replay {
            let record = record?;
            match &record {
                Record::Write(request) => self.state.clock.observe(request.sequence),
                Record::Delete(request) => self.state.clock.observe(request.sequence),
                Record::DropBucket(_) => {}
            }
            self.state.rows.lock().apply(record);
            records += 1;
        }
        if records > 0 {
            let bytes = self.state.rows.lock().buffer.bytes();
            tracing::info!(records, bytes, "replayed the log");
        }
        Ok(())
    }
}
