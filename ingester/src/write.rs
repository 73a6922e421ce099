//! The write service: log, then buffer, then the answer.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use async_trait::async_trait;
use weir_batch::Sequence;
use weir_model::{Error, Id, Result};
use weir_proto::{DeleteRequest, WriteRequest, WriteService};

use crate::Ingester;
use crate::ingester::Inner;
use crate::log::Record;

#[async_trait]
impl WriteService for Ingester {
    async fn write(&self, request: WriteRequest) -> Result<Sequence> {
        self.finish(|inner| inner.write(request)).await
    }

    async fn delete(&self, request: DeleteRequest) -> Result<Sequence> {
        self.finish(|inner| inner.keep(Record::Delete(request))).await
    }

    async fn drop_bucket(&self, bucket: Id) -> Result<()> {
        self.finish(|inner| inner.keep(Record::DropBucket(bucket))).await?;
        Ok(())
    }
}

impl Ingester {
    /// Runs to the end even if the caller goes away: a record that is in the log has to come into the buffer too.
    async fn finish<F: Future<Output = Result<Sequence>> + Send + 'static>(
        &self,
        work: impl FnOnce(Arc<Inner>) -> F,
    ) -> Result<Sequence> {
        let task = tokio::spawn(work(Arc::clone(&self.inner)));
        task.await.unwrap_or_else(|error| {
            tracing::error!(%error, "a write died");
            Err(Error::internal("An internal error has occurred - check server logs"))
        })
    }
}

impl Inner {
    async fn write(self: Arc<Self>, mut request: WriteRequest) -> Result<Sequence> {
        for shard in &request.shards {
            shard.rows.check().map_err(Error::invalid)?;
        }
        self.admit()?;
        let bytes: usize = request.shards.iter().map(|s| s.rows.memory_size()).sum();
        let _waiting = self.reserve(bytes)?;
        self.state.clock.observe(request.sequence);
        let acknowledged = {
            let rows = self.state.rows.lock();
            request.shards.iter().map(|s| rows.acknowledged(s.bucket)).max()
        };
        if acknowledged.is_some_and(|acknowledged| request.sequence <= acknowledged) {
            request.sequence = self.state.clock.draw();
        }
        request.shards.retain(|s| s.rows.rows() > 0);
        if request.shards.is_empty() {
            return Ok(self.state.clock.draw());
        }
        self.keep_admitted(Record::Write(request)).await
    }

    /// Keeps a delete or a drop: these come through when writes are refused, for they free memory.
    async fn keep(self: Arc<Self>, record: Record) -> Result<Sequence> {
        self.admit()?;
        if let Record::Delete(delete) = &record {
            self.state.clock.observe(delete.sequence);
        }
        self.keep_admitted(record).await
    }

    async fn keep_admitted(&self, record: Record) -> Result<Sequence> {
        let _gate = self.state.gate.read().await;
        self.log.append(&record).await?;
        let full = {
            let mut rows = self.state.rows.lock();
            rows.apply(record);
            rows.buffer.active_bytes() >= self.options.flush_bytes
        };
        if full {
            self.state.flush.notify_one();
        }
        Ok(self.state.clock.draw())
    }

    fn admit(&self) -> Result<()> {
        if self.state.draining.load(Ordering::Acquire) {
            return Err(Error::unavailable("the server is shutting down, try again"));
        }
        if !self.state.ready.load(Ordering::Acquire) {
            return Err(Error::unavailable("the server is still reading its log, try again"));
        }
        Ok(())
    }

    /// Counts a write in, or refuses it: memory must not grow because the object store or the disk is slow.
    fn reserve(&self, bytes: usize) -> Result<Reserved<'_>> {
        let waiting = self.state.waiting.fetch_add(bytes, Ordering::AcqRel) + bytes;
        let reserved = Reserved { inner: self, bytes };
        let held = self.state.rows.lock().buffer.bytes();
        if held + waiting > self.options.memory_limit && held + waiting > bytes {
            self.state.flush.notify_one();
            return Err(Error::unavailable(
                "too many rows are waiting to be written to the object store, try again later",
            ));
        }
        Ok(reserved)
    }
}

/// Bytes of a write that waits for the log.
struct Reserved<'a> {
    inner: &'a Inner,
    bytes: usize,
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        self.inner.state.waiting.fetch_sub(self.bytes, Ordering::AcqRel);
    }
}
