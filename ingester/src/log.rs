//! The log as the ingester sees it.

use async_trait::async_trait;
use weir_model::{Id, Result};
use weir_proto::{DeleteRequest, WriteRequest};
use weir_wal::Position;

use crate::buffer::Tombstone;

/// Something that must outlive the process.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Record {
    Write(WriteRequest),
    Delete(DeleteRequest),
    DropBucket(Id),
}

/// The records that were in the log when it was opened, in order.
pub(crate) type Replay = Box<dyn Iterator<Item = Result<Record>> + Send>;

/// A log.
#[async_trait]
pub(crate) trait Log: Send + Sync {
    /// Returns once the record is on disk; many callers share one sync.
    async fn append(&self, record: &Record) -> Result<()>;

    /// Begins a new part of the log; the place where it begins lies behind all records so far.
    fn cut(&self) -> Position;

    /// Allows the log to forget what lies before `position`.
    async fn retire(&self, position: Position) -> Result<()>;
}

impl From<DeleteRequest> for Tombstone {
    fn from(delete: DeleteRequest) -> Self {
        Self {
            bucket: delete.bucket,
            sequence: delete.sequence,
            range: delete.range,
            predicate: delete.predicate,
        }
    }
}
