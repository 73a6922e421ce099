//! Interned series keys of one table.

use std::hash::BuildHasher;
use std::sync::Arc;

use hashbrown::{DefaultHashBuilder, HashTable};
use weir_batch::{SeriesKey, SeriesKeys};

/// Keys a block. A scan shares blocks; a write that follows it copies at most one block.
const BLOCK: usize = 1 << BLOCK_BITS;
const BLOCK_BITS: u32 = 10;

/// Maps canonical series keys to dense ids, in order of first appearance.
#[derive(Debug, Default)]
pub(crate) struct SeriesIndex {
    ids: HashTable<u32>,
    hasher: DefaultHashBuilder,
    keys: SeriesView,
    bytes: usize,
}

/// The keys of a table as they stood at some moment, by id.
#[derive(Debug, Clone, Default)]
pub(crate) struct SeriesView {
    blocks: Vec<Arc<SeriesKeys>>,
    len: u32,
}

impl SeriesView {
    /// How many series there are.
    pub(crate) fn len(&self) -> usize {
        self.len as usize
    }

    /// The key of an id that this view has.
    pub(crate) fn get(&self, id: u32) -> SeriesKey<'_> {
        self.blocks[(id >> BLOCK_BITS) as usize].get(id as usize & (BLOCK - 1))
    }
}

impl SeriesIndex {
    /// The id of a key, which is new if the key is.
    pub(crate) fn intern(&mut self, key: SeriesKey<'_>) -> u32 {
        let hash = self.hasher.hash_one(key.0.as_bytes());
        if let Some(id) = self.ids.find(hash, |id| self.keys.get(*id) == key) {
            return *id;
        }
        let id = self.keys.len;
        if id as usize & (BLOCK - 1) == 0 {
            self.keys.blocks.push(Arc::new(SeriesKeys::new()));
        }
        if let Some(block) = self.keys.blocks.last_mut() {
            Arc::make_mut(block).push(key);
        }
        self.keys.len += 1;
        let (keys, hasher) = (&self.keys, &self.hasher);
        self.ids.insert_unique(hash, id, |id| hasher.hash_one(keys.get(*id).0.as_bytes()));
        self.bytes += key.0.len() + 16; // text and offset with some slack, and a slot of the table
        id
    }

    /// The keys as they stand now.
    pub(crate) fn view(&self) -> SeriesView {
        self.keys.clone()
    }

    /// The keys, without the map that finds them.
    pub(crate) fn into_view(self) -> SeriesView {
        self.keys
    }

    /// Bytes of memory the index takes, roughly.
    pub(crate) fn memory_size(&self) -> usize {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_dense_and_a_view_stays_as_it_was() {
        let mut index = SeriesIndex::default();
        let keys: Vec<String> = (0..3000).map(|i| format!("host={i}")).collect();
        for (i, key) in keys.iter().enumerate().take(1500) {
            assert_eq!(index.intern(SeriesKey(key)), i as u32);
        }
        let view = index.view();
        for (i, key) in keys.iter().enumerate() {
            assert_eq!(index.intern(SeriesKey(key)), i as u32);
        }
        assert_eq!(view.len(), 1500);
        assert_eq!(view.get(1499).0, "host=1499");
        assert_eq!(index.into_view().get(2999).0, "host=2999");
    }
}
