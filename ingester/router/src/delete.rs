//! Deletes: a durable tombstone first, then every ingester.

use std::sync::Arc;

use futures::StreamExt;
use futures::future::join_all;
use weir_batch::{ColumnRef, Predicate, ScanRequest, Sequence, TimeRange};
use weir_model::Id;
use weir_proto::{DeleteRequest, WriteRequest};

use crate::error::Error;
use crate::router::Router;

/// More pairs of shard group and measurement than this are not looked through for types that have become free.
const MAX_LOOKS: usize = 500;

impl Router {
    /// Deletes what was acknowledged before this call: the points of the bucket in `range` whose series match.
    ///
    /// # Errors
    /// `Unavailable` if an ingester cannot be reached: the delete may have happened in part, and a retry heals.
    pub async fn delete(
        &self,
        bucket: Id,
        range: TimeRange,
        predicate: Predicate,
        now: i64,
    ) -> Result<(), Error> {
        let placement = self.placement()?;
        // The ingesters' clocks first: what they have acknowledged, for whichever router, must lie before the delete.
        let ask = placement.ingesters.iter().map(|ingester| {
            let request = WriteRequest { sequence: self.clock.draw(now), shards: Vec::new() };
            let service = Arc::clone(&ingester.service);
            async move { service.write(request).await }
        });
        self.learn(join_all(ask).await)?;
        let request = DeleteRequest { sequence: self.clock.draw(now), bucket, range, predicate };
        self.index.insert_tombstone(&request).await?;
        let tell = placement.ingesters.iter().map(|ingester| {
            let (service, request) = (Arc::clone(&ingester.service), request.clone());
            async move { service.delete(request).await }
        });
        self.learn(join_all(tell).await)?;
        if let Err(error) = self.free_types(bucket, range, &request.predicate).await {
            // The points are gone; only a field that changes its type is still refused.
            tracing::warn!(%bucket, %error, "cannot free the field types of deleted measurements");
        }
        self.cache.forget(bucket);
        Ok(())
    }

    /// Tells every ingester that a bucket is gone.
    ///
    /// # Errors
    /// `Unavailable` if an ingester cannot be reached.
    pub async fn drop_bucket(&self, bucket: Id) -> Result<(), Error> {
        self.cache.forget(bucket);
        let placement = self.placement()?;
        let tell = placement.ingesters.iter().map(|ingester| {
            let service = Arc::clone(&ingester.service);
            async move { service.drop_bucket(bucket).await.map(|()| Sequence::default()) }
        });
        self.learn(join_all(tell).await)
    }

    fn learn(&self, answers: Vec<weir_model::Result<Sequence>>) -> Result<(), Error> {
        for answer in answers {
            self.clock.observe(answer?);
        }
        Ok(())
    }

    /// Frees the field types of measurements that have no rows left.
    async fn free_types(&self, bucket: Id, range: TimeRange, predicate: &Predicate) -> Result<(), Error> {
        let Some(reader) = &self.reader else { return Ok(()) };
        let mut looks = 0;
        for group in self.index.shard_groups_in(bucket, range).await? {
            for measurement in self.index.registered_measurements(bucket, group.id).await? {
                if predicate.for_measurement(&measurement) == Predicate::Constant(false) {
                    continue;
                }
                looks += 1;
                if looks > MAX_LOOKS {
                    tracing::info!(%bucket, "a delete touches too many measurements to look for free field types");
                    return Ok(());
                }
                let predicate = Predicate::equals(ColumnRef::Measurement, measurement.as_str());
                let mut rows = reader.scan(ScanRequest { bucket, range: group.range, predicate }).await?;
                let mut empty = true;
                while let Some(batch) = rows.next().await {
                    if batch?.rows() > 0 {
                        empty = false;
                        break;
                    }
                }
                if empty {
                    self.index.forget_field_types(bucket, group.id, &measurement).await?;
                }
            }
        }
        Ok(())
    }
}
