//! Flushes: freeze, sort, store, release, retire the log.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use weir_batch::{Sequence, SeriesBatch};
use weir_model::{Error, Result};
use weir_wal::Position;

use crate::buffer::MeasurementSnapshot;
use crate::flush_target::FlushShard;
use crate::ingester::Inner;

/// Sequences this much older than a freeze are settled by it: the clocks of those who write and delete, and their
/// requests on the way, are not behind by more. Writes that are nevertheless are stamped again.
const SETTLED_BEHIND: Duration = Duration::from_secs(60);

/// A frozen generation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pending {
    number: u64,
    /// How far the log reaches that it makes superfluous.
    position: Position,
    /// Up to where all rows are stored once it is.
    settled: Sequence,
}

impl Inner {
    /// Flushes whenever it is time to, until the shutdown; then once more.
    pub(crate) async fn flush_loop(self: Arc<Self>) {
        let mut pause = self.options.retry_least;
        loop {
            self.wait_for_reason().await;
            let stopping = self.stop.is_cancelled();
            match self.flush_once().await {
                Ok(()) => pause = self.options.retry_least,
                Err(error) => {
                    tracing::warn!(%error, "a flush failed; its rows stay in memory and in the log");
                    if !stopping {
                        tokio::select! {
                            () = tokio::time::sleep(pause) => {}
                            () = self.stop.cancelled() => {}
                        }
                        pause = (pause * 2).min(self.options.retry_most);
                    }
                }
            }
            if stopping {
                return;
            }
        }
    }

    /// Waits until the buffer is large or old enough, or the ingester stops.
    async fn wait_for_reason(&self) {
        loop {
            let (bytes, since, left) = {
                let rows = self.state.rows.lock();
                (rows.buffer.active_bytes(), rows.since, rows.buffer.has_frozen())
            };
            if left || bytes >= self.options.flush_bytes || self.stop.is_cancelled() {
                return;
            }
            let due = since.map(|since| since + self.options.flush_age);
            if due.is_some_and(|due| due <= Instant::now()) {
                return;
            }
            // Looks again now and then, because the first row of a generation does not wake anybody.
            let most = Duration::from_secs(1).min(self.options.flush_age);
            let wake = due.unwrap_or_else(|| Instant::now() + most).min(Instant::now() + most);
            tokio::select! {
                () = self.state.flush.notified() => {
                    let rows = self.state.rows.lock();
                    if rows.buffer.bytes() * 2 >= self.options.memory_limit {
                        return; // memory is short, however young the rows are
                    }
                }
                () = tokio::time::sleep_until(wake) => {}
                () = self.stop.cancelled() => return,
            }
        }
    }

    /// Stores what an earlier flush left behind, then what came since.
    ///
    /// Rows that come in while it works may be stored too.
    pub(crate) async fn flush_once(&self) -> Result<()> {
        let mut pending = self.pending.lock().await;
        loop {
            while let Some(frozen) = pending.front() {
                self.store(*frozen).await?;
                pending.pop_front();
            }
            match self.freeze().await {
                // At most one generation waits, so that a store that fails for long is not left with many small ones.
                Some(frozen) => pending.push_back(frozen),
                None => return Ok(()),
            }
        }
    }

    /// Closes the active generation. No write is between the log and the buffer then, so that the log is cut
    /// exactly where the generation ends.
    async fn freeze(&self) -> Option<Pending> {
        let _gate = self.state.gate.write().await;
        let settled =
            Sequence::new(self.state.clock.millis().saturating_sub(SETTLED_BEHIND.as_millis() as u64), 0, 0);
        let mut rows = self.state.rows.lock();
        rows.raise_floor(settled);
        if rows.buffer.active_is_empty() {
            if !rows.buffer.has_frozen() {
                rows.settled = settled;
            }
            return None;
        }
        rows.since = None;
        let number = rows.buffer.freeze();
        Some(Pending { number, position: self.log.cut(), settled })
    }

    /// Stores a frozen generation, and forgets it here.
    async fn store(&self, frozen: Pending) -> Result<()> {
        let found = {
            let mut rows = self.state.rows.lock();
            rows.dropped.clear();
            rows.buffer.frozen(frozen.number)
        };
        let Some((tables, tombstones)) = found else { return Ok(()) };
        let sort = tokio::task::spawn_blocking(move || {
            let mut shards: Vec<FlushShard> = Vec::new();
            for ((bucket, shard_group, measurement), table) in &tables.tables {
                let snapshot = MeasurementSnapshot::of_table(
                    Arc::clone(measurement),
                    *bucket,
                    Arc::clone(table),
                    &tombstones,
                );
                let batches: Vec<SeriesBatch> = snapshot.read_to_store().collect();
                if batches.is_empty() {
                    continue;
                }
                match shards.last_mut() {
                    Some(last) if last.bucket == *bucket && last.shard_group == *shard_group => {
                        last.measurements.push(batches);
                    }
                    _ => shards.push(FlushShard {
                        bucket: *bucket,
                        shard_group: *shard_group,
                        measurements: vec![batches],
                    }),
                }
            }
            shards
        });
        let shards = sort.await.map_err(|error| {
            tracing::error!(%error, "sorting a flush died");
            Error::internal("a flush died while it was sorted")
        })?;
        if !shards.is_empty() {
            self.target.flush(shards).await?;
        }
        let dropped = {
            let mut rows = self.state.rows.lock();
            rows.buffer.release(frozen.number);
            rows.settled = frozen.settled;
            std::mem::take(&mut rows.dropped)
        };
        for bucket in dropped {
            // It was dropped after its rows were taken for this flush.
            if let Err(error) = self.target.drop_bucket(bucket).await {
                tracing::warn!(%error, %bucket, "rows of a dropped bucket stay in the object store");
            }
        }
        // A crash before this line replays rows that are stored: the same rows with the same sequences.
        if let Err(error) = self.log.retire(frozen.position).await {
            tracing::warn!(%error, "flushed parts of the log could not be removed");
        }
        Ok(())
    }

    /// Lets the store tidy up from time to time.
    pub(crate) async fn upkeep_loop(self: Arc<Self>) {
        loop {
            tokio::select! {
                () = tokio::time::sleep(self.options.upkeep_every) => {}
                () = self.stop.cancelled() => return,
            }
            if let Err(error) = self.upkeep().await {
                tracing::warn!(%error, "the store's upkeep failed");
            }
        }
    }

    pub(crate) async fn upkeep(&self) -> Result<()> {
        let quiet = {
            let rows = self.state.rows.lock();
            rows.buffer.active_is_empty() && !rows.buffer.has_frozen()
        };
        if quiet {
            // Nothing to store, but what is stored has become older.
            self.flush_once().await?;
        }
        let settled = self.state.rows.lock().settled;
        self.target.upkeep(settled).await
    }
}
