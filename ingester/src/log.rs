//! The log as the ingester sees it.

use async_trait::async_trait;
use weir_model::{Id, Result};
use weir_proto::{DeleteRequest, WriteRequest};

use crate::buffer::Tombstone;

/// Something that must outlive the process.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Record {
    Write(WriteRequest),
    Delete(DeleteRequest),
    DropBucket(Id),
}

/// A place in the log; later records have higher ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Position(pub(crate) u64);

/// The records that were in the log when it was opened, in order.
pub(crate) type Replay = Box<dyn Iterator<Item = Result<Record>> + Send>;

/// A log.
#[async_trait]
pub(crate) trait Log: Send + Sync {
    /// Returns once the record is on disk; many callers share one sync.
    async fn append(&self, record: &Record) -> Result<()>;

    /// The place behind the last record.
    fn end(&self) -> Position;

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
