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
    /// A write of any bucket is stamped again if its sequence is not above this: nothing older than this process, and
    /// nothing that the store has been told is settled, is taken as it is.
    floor: Sequence,
    /// All rows up to here are stored.
    pub(crate) settled: Sequence,
    /// Buckets dropped since the flush that is under way began.
    pub(crate) dropped: HashSet<Id>,
}

impl State {
    pub(crate) fn new(clock: Clock) -> Self {
        let floor = clock.draw();
        Self {
            rows: Mutex::new(Rows { floor, ..Rows::default() }),
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
        self.acknowledged.get(&bucket).copied().unwrap_or_default().max(self.floor)
    }

    /// Notes that a write or delete of a bucket is about to be acknowledged.
    pub(crate) fn acknowledge(&mut self, bucket: Id, sequence: Sequence) {
        let highest = self.acknowledged.entry(bucket).or_default();
        *highest = sequence.max(*highest);
    }

    /// Lets no write below `sequence` in any more.
    pub(crate) fn raise_floor(&mut self, sequence: Sequence) {
        self.floor = sequence.max(self.floor);
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
