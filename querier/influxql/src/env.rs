//! The world as statements see it.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use futures::StreamExt;
use weir_batch::{FieldType, Predicate, ReduceRequest, ScanRequest, TimeRange};
use weir_model::{Id, Result};
use weir_proto::{ReduceStream, ScanStream, SeriesStream};

/// A database and retention policy, and the bucket they mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// The database.
    pub database: String,
    /// The retention policy.
    pub policy: String,
    /// Whether it is meant when only the database is named.
    pub default: bool,
    /// The bucket.
    pub bucket: Id,
}

/// What there is of a measurement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// Canonical series keys.
    pub series: BTreeSet<String>,
    /// Fields and their types; of several types, the one that takes in most.
    pub fields: BTreeMap<String, FieldType>,
}

/// Mappings, rows and what there is, as one caller may see them.
#[async_trait]
pub trait Environment: Send + Sync {
    /// The mappings whose buckets the caller may read, in the order in which they are shown.
    async fn mappings(&self) -> Result<Vec<Mapping>>;

    /// The mappings whose buckets the caller may write.
    async fn writable(&self) -> Result<Vec<Mapping>>;

    /// Starts a scan.
    async fn scan(&self, request: ScanRequest) -> Result<ScanStream>;

    /// Starts a scan of which only summaries are wanted.
    async fn reduce(&self, request: ReduceRequest) -> Result<ReduceStream> {
        let rows = self.scan(request.scan).await?;
        Ok(rows.map(move |batch| Ok(batch?.reduce(&request.windows, request.wanted))).boxed())
    }

    /// Starts a scan of which only series and their fields are wanted. This default reads the rows; summaries can tell it
    /// without.
    async fn series(&self, request: ScanRequest) -> Result<SeriesStream> {
        let rows = self.scan(request).await?;
        Ok(rows.map(|batch| Ok(batch?.series_set())).boxed())
    }

    /// Whether one of these names may be a field of one of the measurements; true where that cannot be told.
    async fn may_be_fields(&self, _bucket: Id, _measurements: &[String], names: &[String]) -> Result<bool> {
        Ok(!names.is_empty())
    }

    /// Deletes points. The predicate speaks of measurement and tags.
    async fn delete(&self, bucket: Id, range: TimeRange, predicate: Predicate) -> Result<()>;

    /// What there is in a bucket, by measurement: of series that match and fields that have values in the range.
    async fn list(&self, request: ScanRequest) -> Result<BTreeMap<String, Listing>> {
        let mut out: BTreeMap<String, Listing> = BTreeMap::new();
        let mut sets = self.series(request).await?;
        while let Some(set) = sets.next().await {
            let set = set?;
            let listing = out.entry(set.measurement.to_string()).or_default();
            for key in set.series.iter() {
                if !listing.series.contains(key.0) {
                    listing.series.insert(key.0.to_owned());
                }
            }
            for (name, ty) in &set.fields {
                let known = listing.fields.entry(name.to_string()).or_insert(*ty);
                if rank(*ty) < rank(*known) {
                    *known = *ty;
                }
            }
        }
        Ok(out)
    }
}

/// Types in the order in which they prevail where a field has several.
pub(crate) fn rank(ty: FieldType) -> u8 {
    match ty {
        FieldType::Float => 0,
        FieldType::Integer => 1,
        FieldType::Unsigned => 2,
        FieldType::String => 3,
        FieldType::Boolean => 4,
    }
}
