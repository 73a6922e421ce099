//! Which ingesters keep which series.

use std::sync::Arc;

use weir_batch::SeriesKey;
use weir_model::Id;
use weir_proto::WriteService;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// Series fall into so many slots, and a slot has its ingesters.
pub(crate) const SLOTS: usize = 256;

/// An ingester that takes writes.
#[derive(Clone)]
pub struct IngesterHandle {
    /// Its id: the same after a restart.
    pub id: Id,
    /// Where to send to.
    pub service: Arc<dyn WriteService>,
}

impl std::fmt::Debug for IngesterHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IngesterHandle").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Knows the ingesters that run.
pub trait Ingesters: Send + Sync {
    /// The ingesters that take writes now. The same `Arc` as long as nothing changes.
    fn current(&self) -> Arc<[IngesterHandle]>;
}

/// The one ingester of a process that is all roles.
#[derive(Debug, Clone)]
pub struct OneIngester(Arc<[IngesterHandle]>);

impl OneIngester {
    /// Only `service`.
    pub fn new(id: Id, service: Arc<dyn WriteService>) -> Self {
        Self([IngesterHandle { id, service }].into())
    }
}

impl Ingesters for OneIngester {
    fn current(&self) -> Arc<[IngesterHandle]> {
        Arc::clone(&self.0)
    }
}

/// The slot of a series.
pub(crate) fn slot(bucket: Id, measurement: &str, key: SeriesKey<'_>) -> usize {
    let seed = xxh3_64_with_seed(measurement.as_bytes(), bucket.get());
    (xxh3_64_with_seed(key.0.as_bytes(), seed) % SLOTS as u64) as usize
}

/// The ingesters of each slot, by rendezvous hashing: when one comes or goes, only its own slots move.
#[derive(Debug)]
pub(crate) struct Placement {
    pub(crate) ingesters: Arc<[IngesterHandle]>,
    /// For each slot the indices of its ingesters, best first.
    pub(crate) replicas: Vec<Vec<usize>>,
}

impl Placement {
    pub(crate) fn new(ingesters: Arc<[IngesterHandle]>, replication: usize) -> Self {
        let replicas = (0..SLOTS)
            .map(|slot| {
                let score = |i: &usize| {
                    let mut bytes = [0; 16];
                    bytes[..8].copy_from_slice(&ingesters[*i].id.get().to_le_bytes());
                    bytes[8..].copy_from_slice(&(slot as u64).to_le_bytes());
                    (xxh3_64(&bytes), ingesters[*i].id)
                };
                let mut order: Vec<usize> = (0..ingesters.len()).collect();
                order.sort_by_key(|i| std::cmp::Reverse(score(i)));
                order.truncate(replication.max(1));
                order
            })
            .collect();
        Self { ingesters, replicas }
    }
}
