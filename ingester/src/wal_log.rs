//! The write-ahead log as the ingester's log.

use std::sync::Arc;

use async_trait::async_trait;
use weir_model::{Error, Result};
use weir_proto::{DeleteRequest, ShardWrite, WriteRequest};
use weir_wal::{Position, RecordRef, Wal};

use crate::log::{Log, Record, Replay};
use crate::options::Options;

/// A log on disk.
pub(crate) struct WalLog {
    wal: Arc<Wal>,
}

impl WalLog {
    /// Opens the log, and answers what is in it. Blocks.
    pub(crate) fn open(options: &Options) -> Result<(Box<dyn Log>, Replay)> {
        let failed = |error: weir_wal::Error| {
            tracing::error!(%error, "the log cannot be read");
            Error::from(error)
        };
        let (wal, replay) = Wal::open(weir_wal::Options::new(&options.wal_dir)).map_err(failed)?;
        let records = replay.map(move |entry| entry.map(|(_, record)| read(record)).map_err(failed));
        Ok((Box::new(Self { wal: Arc::new(wal) }), Box::new(records)))
    }
}

fn read(record: weir_wal::Record) -> Record {
    match record {
        weir_wal::Record::Write { sequence, shards } => {
            let shard = |s: weir_wal::Shard| ShardWrite {
                bucket: s.bucket,
                shard_group: s.shard_group,
                rows: s.rows,
            };
            Record::Write(WriteRequest { sequence, shards: shards.into_iter().map(shard).collect() })
        }
        weir_wal::Record::Delete { sequence, bucket, range, predicate } => {
            Record::Delete(DeleteRequest { sequence, bucket, range, predicate })
        }
        weir_wal::Record::DropBucket { bucket } => Record::DropBucket(bucket),
    }
}

fn borrowed(record: &Record) -> RecordRef<'_> {
    match record {
        Record::Write(request) => RecordRef::Write {
            sequence: request.sequence,
            shards: request.shards.iter().map(|s| (s.bucket, s.shard_group, &s.rows)).collect(),
        },
        Record::Delete(delete) => RecordRef::Delete {
            sequence: delete.sequence,
            bucket: delete.bucket,
            range: delete.range,
            predicate: &delete.predicate,
        },
        Record::DropBucket(bucket) => RecordRef::DropBucket { bucket: *bucket },
    }
}

#[async_trait]
impl Log for WalLog {
    async fn append(&self, record: &Record) -> Result<()> {
        let pending = self.wal.enqueue(&borrowed(record))?;
        pending.synced().await?;
        Ok(())
    }

    fn cut(&self) -> Position {
        self.wal.cut()
    }

    async fn retire(&self, position: Position) -> Result<()> {
        let wal = Arc::clone(&self.wal);
        let retired = tokio::task::spawn_blocking(move || wal.retire(position)).await;
        Ok(retired.map_err(|error| {
            tracing::error!(%error, "removing old parts of the log died");
            Error::internal("An internal error has occurred - check server logs")
        })??)
    }
}
