//! What an ingester knows, behind one short lock.

use std::sync::atomic::{AtomicBool, AtomicUsize};

use hashbrown::{HashMap, HashSet};
use parking_lot::Mutex;
use tokio::sync::{Notify, RwLock};
use tokio::time::Instant;
use weir_batch::Sequence;
use weir_model::Id;

use crate::buffer::Buffer;
use crate::clock::Clock;
use crate::log::Record;

/// Shared by the services and the background work.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) rows: Mutex<Rows>,
    pub(crate) clock: Clock,
    /// Held for reading from before a record goes to the log until its rows are in the buffer. A freeze holds it for
    /// writing, so that the buffer has exactly the records that the log has.
    pub(crate) gate: RwLock<()>,
    /// Bytes of writes that wait for the log.
    pub(crate) waiting: AtomicUsize,
    /// Whether the log has been replayed.
    pub(crate) ready: AtomicBool,
    /// Whether the ingester is shutting down.
    pub(crate) draining: AtomicBool,
    /// Wakes the flusher.
    pub(crate) flush: Notify,
}

/// The part of the state that changes together.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) buffer: Buffer,
    /// When the oldest row of the active generation came.
    pub(crate) since: Option<Instant>,
    /// A write of a bucket whose sequence is not above this is stamped again: something that it does not know of was
    /// acknowledged before it came.
    acknowledged: HashMap<Id, Sequence>,
    /// Stands for buckets without an entry above: nothing older than this process is taken as it is.
    start: Sequence,
    /// Buckets dropped since the flush that is under way began.
    pub(crate) dropped: HashSet<Id>,
}

impl State {
    pub(crate) fn new(clock: Clock) -> Self {
        let start = clock.draw();
        Self {
            rows: Mutex::new(Rows { start, ..Rows::default() }),
            clock,
            gate: RwLock::new(()),
            waiting: AtomicUsize::new(0),
            ready: AtomicBool::new(false),
            draining: AtomicBool::new(false),
            flush: Notify::new(),
        }
    }
}

impl Rows {
    /// The highest sequence acknowledged for a bucket.
    pub(crate) fn acknowledged(&self, bucket: Id) -> Sequence {
        self.acknowledged.get(&bucket).copied().unwrap_or(self.start)
    }

    /// Notes that a write or delete of a bucket is about to be acknowledged.
    pub(crate) fn acknowledge(&mut self, bucket: Id, sequence: Sequence) {
        let start = self.start;
        let highest = self.acknowledged.entry(bucket).or_insert(start);
        *highest = sequence.max(*highest);
    }

    /// Applies a record of the log.
    pub(crate) fn apply(&mut self, record: Record) {
        match record {
            Record::Write(request) => {
                for shard in request.shards {
                    self.acknowledge(shard.bucket, request.sequence);
                    self.buffer.append(shard.bucket, shard.shard_group, shard.rows, request.sequence);
                }
            }
            Record::Delete(delete) => {
                self.acknowledge(delete.bucket, delete.sequence);
                self.buffer.delete(delete.into());
            }
            Record::DropBucket(bucket) => {
                self.buffer.drop_bucket(bucket);
                self.dropped.insert(bucket);
                self.acknowledged.remove(&bucket);
            }
        }
        if self.since.is_none() && !self.buffer.active_is_empty() {
            self.since = Some(Instant::now());
        }
    }
}
