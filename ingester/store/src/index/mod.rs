//! The file index: shard groups, field types, segments and tombstones, in SQL.

mod buckets;
mod field_types;
mod garbage;
mod listing;
mod predicate_json;
mod schema;
mod segments;
mod service;
mod shard_groups;
mod tombstones;

use std::sync::Arc;

use async_trait::async_trait;
use moka::sync::Cache;
use weir_database::{Database, DatabaseError};
use weir_model::Id;

pub(crate) use listing::Listing;
pub use tombstones::Tombstone;

use crate::error::Result;

/// Memory that the listings of buckets may take.
const LISTINGS_BYTES: u64 = 64 << 20;

/// What the file index must know of buckets, which another crate keeps.
#[async_trait]
pub trait Buckets: Send + Sync {
    /// How long new shard groups of the bucket are, in nanoseconds; `None` if there is no such bucket.
    async fn shard_group_duration(&self, bucket: Id) -> weir_model::Result<Option<i64>>;
}

/// The file index.
#[derive(Clone)]
pub struct FileIndex {
    db: Database,
    buckets: Arc<dyn Buckets>,
    listings: Cache<Id, Arc<Listing>>,
}

impl std::fmt::Debug for FileIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileIndex").field("db", &self.db).finish_non_exhaustive()
    }
}

impl FileIndex {
    /// Opens the file index in `db` and brings its tables up to date.
    ///
    /// # Errors
    /// The database's.
    pub async fn open(db: Database, buckets: Arc<dyn Buckets>) -> Result<Self> {
        db.migrate(schema::OWNER, schema::MIGRATIONS).await?;
        let listings = Cache::builder()
            .max_capacity(LISTINGS_BYTES)
            .weigher(|_, listing: &Arc<Listing>| u32::try_from(listing.memory_size()).unwrap_or(u32::MAX))
            .build();
        Ok(Self { db, buckets, listings })
    }
}

/// A lock's number for a bucket; see [`weir_database::Transaction::lock`].
fn bucket_lock(bucket: Id) -> i64 {
    (bucket.get() ^ 0x7365_676d_656e_7473) as i64
}

fn malformed(column: &str, reason: impl Into<String>) -> DatabaseError {
    DatabaseError::Column { column: column.to_owned(), reason: reason.into() }
}

#[cfg(test)]
mod tests;
