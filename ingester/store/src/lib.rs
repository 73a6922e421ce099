//! Parquet layout and file index.

mod error;
mod index;
mod layout;
mod merged;
mod read;
mod scan;
mod store;

pub use error::{Result, StoreError};
pub use index::{Buckets, FileIndex, Tombstone};
pub use layout::{SegmentMeta, read_footer};
pub use merged::{Ingesters, MergedScan};
pub use read::CacheSizes;
pub use store::{Store, StoreOptions};
