//! Reading segments from the object store, through caches bounded by bytes.

mod column;
mod pages;
mod tail;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use moka::sync::Cache;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use weir_batch::ReducedField;

pub(crate) use column::decode;
pub(crate) use tail::{Leaf, OpenSegment, Tail};

use crate::error::{Result, StoreError};
use crate::layout::{SegmentMeta, SeriesBlock};

/// How much memory the caches may take, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheSizes {
    /// Parquet footers and series indexes, compressed.
    pub tails: u64,
    /// Decoded blocks of series indexes.
    pub series: u64,
    /// Column chunks as they lie in the objects.
    pub chunks: u64,
}

impl Default for CacheSizes {
    fn default() -> Self {
        Self { tails: 64 << 20, series: 64 << 20, chunks: 256 << 20 }
    }
}

/// A column of a row group of a segment.
type ChunkKey = (i64, u32, u32);

/// Reads objects.
#[derive(Debug)]
pub(crate) struct Reader {
    objects: Arc<dyn ObjectStore>,
    tails: Cache<i64, Arc<Tail>>,
    blocks: Cache<(i64, usize), Arc<SeriesBlock>>,
    chunks: Cache<ChunkKey, Bytes>,
    /// Decoded rollups, by segment and number of the field.
    rollups: Cache<(i64, usize), Arc<ReducedField>>,
}

fn weight(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

impl Reader {
    pub(crate) fn new(objects: Arc<dyn ObjectStore>, sizes: CacheSizes) -> Self {
        Self {
            objects,
            tails: Cache::builder()
                .max_capacity(sizes.tails)
                .weigher(|_, tail: &Arc<Tail>| weight(tail.memory_size()))
                .build(),
            blocks: Cache::builder()
                .max_capacity(sizes.series)
                .weigher(|_, block: &Arc<SeriesBlock>| weight(block.memory_size() + 64))
                .build(),
            chunks: Cache::builder()
                .max_capacity(sizes.chunks)
                .weigher(|_, bytes: &Bytes| weight(bytes.len() + 64))
                .build(),
            // At most so many arrays of 8 bytes an entry, see `ReducedField`.
            rollups: Cache::builder()
                .max_capacity(sizes.series)
                .weigher(|_, field: &Arc<ReducedField>| weight(field.count.len() * 8 * 8 + 256))
                .build(),
        }
    }

    /// Opens a segment: one read of its tail, unless it is known.
    pub(crate) async fn open(&self, meta: Arc<SegmentMeta>) -> Result<OpenSegment> {
        if let Some(tail) = self.tails.get(&meta.id) {
            return Ok(OpenSegment { meta, tail });
        }
        let path = path(&meta.object)?;
        let bytes = self.objects.get_range(&path, meta.tail..meta.index.end).await?;
        let tail = Arc::new(Tail::parse(&meta, &bytes)?);
        self.tails.insert(meta.id, tail.clone());
        Ok(OpenSegment { meta, tail })
    }

    /// A block of a segment's series index.
    pub(crate) fn block(&self, segment: &OpenSegment, number: usize) -> Result<Arc<SeriesBlock>> {
        let key = (segment.meta.id, number);
        if let Some(block) = self.blocks.get(&key) {
            return Ok(block);
        }
        let block =
            segment.tail.series.block(number).map_err(|e| StoreError::corrupt(&segment.meta.object, e))?;
        let block = Arc::new(block);
        self.blocks.insert(key, block.clone());
        Ok(block)
    }

    /// The rollups of a field, by its number in the segment; `None` if it has none.
    pub(crate) fn rollups(&self, segment: &OpenSegment, field: usize) -> Result<Option<Arc<ReducedField>>> {
        let Some(rollups) = segment.tail.series.rollups.as_ref().filter(|r| r.has(field)) else {
            return Ok(None);
        };
        let key = (segment.meta.id, field);
        if let Some(known) = self.rollups.get(&key) {
            return Ok(Some(known));
        }
        let malformed = || StoreError::corrupt(&segment.meta.object, "a field's rollups are malformed");
        let (name, ty) = segment.meta.fields.get(field).ok_or_else(malformed)?;
        let decoded = Arc::new(rollups.field(field, name, *ty).ok_or_else(malformed)?);
        self.rollups.insert(key, decoded.clone());
        Ok(Some(decoded))
    }

    /// The bytes of some columns (`leaves`) in the row groups that hold the rows `spans`; one request for all that is
    /// not cached, which the object store's client coalesces.
    pub(crate) async fn chunks(
        &self,
        segment: &OpenSegment,
        leaves: &[usize],
        spans: &[Range<u64>],
    ) -> Result<HashMap<(usize, usize), Bytes>> {
        let mut groups: Vec<usize> = spans.iter().flat_map(|span| segment.tail.groups_of(span)).collect();
        groups.dedup();
        let mut found = HashMap::new();
        let mut missing = Vec::new();
        for group in groups {
            for leaf in leaves {
                match self.chunks.get(&(segment.meta.id, group as u32, *leaf as u32)) {
                    Some(bytes) => {
                        found.insert((group, *leaf), bytes);
                    }
                    None => missing.push((group, *leaf)),
                }
            }
        }
        if missing.is_empty() {
            return Ok(found);
        }
        let ranges: Vec<Range<u64>> = missing
            .iter()
            .map(|(group, leaf)| {
                let (start, length) = segment.tail.metadata.row_group(*group).column(*leaf).byte_range();
                let start = segment.meta.data.start + start;
                start..start + length
            })
            .collect();
        let path = path(&segment.meta.object)?;
        let fetched = self.objects.get_ranges(&path, &ranges).await?;
        for ((group, leaf), bytes) in missing.into_iter().zip(fetched) {
            // A slice of a coalesced read would keep all of it in memory.
            let bytes = Bytes::copy_from_slice(&bytes);
            self.chunks.insert((segment.meta.id, group as u32, leaf as u32), bytes.clone());
            found.insert((group, leaf), bytes);
        }
        Ok(found)
    }
}

/// The object's path; ours are always valid, but the file index is not ours alone to write.
pub(crate) fn path(object: &str) -> Result<Path> {
    Path::parse(object).map_err(|e| StoreError::corrupt(object, e.to_string()))
}
