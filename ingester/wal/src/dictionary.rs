//! The series of a segment: keys are written once, then meant by their number.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;
use weir_batch::{SeriesKey, SeriesKeys};

use crate::block::{Block, Unpacked};
use crate::input::{Garbled, put_varint};
use crate::numbers::{put_steps, take_steps};
use crate::rows::{put_keys, take_keys};

/// A dictionary with more bytes than this starts anew, so that a stream of ever new series does not take memory.
const MAX_BYTES: usize = 24 << 20;

/// The series that the segment being written has defined.
#[derive(Default)]
pub(crate) struct Dictionary {
    hasher: RandomState,
    table: HashTable<u32>,
    keys: SeriesKeys,
}

impl Dictionary {
    /// Appends the numbers of each measurement's series to `out`, with the keys not defined yet. Answers in the first
    /// byte whether the dictionary starts anew here.
    pub(crate) fn put<'a>(&mut self, measurements: impl Iterator<Item = &'a SeriesKeys>, out: &mut Vec<u8>) {
        let anew = self.keys.memory_size() + self.table.capacity() * 5 > MAX_BYTES;
        if anew {
            *self = Self::default();
        }
        out.push(u8::from(anew));
        let known = self.keys.len();
        let mut ids = Block::default();
        let mut count = 0u64;
        for series in measurements {
            count += 1;
            put_varint(&mut ids.meta, series.len() as u64);
            let numbers: Vec<i64> = series.iter().map(|key| i64::from(self.number(key))).collect();
            put_steps(&mut ids, numbers.into_iter());
        }
        let mut block = Block::default();
        put_keys(&mut block, &self.keys, known);
        put_varint(&mut block.meta, count);
        block.meta.append(&mut ids.meta);
        block.soft.append(&mut ids.soft);
        block.hard.append(&mut ids.hard);
        block.finish(out);
    }

    fn number(&mut self, key: SeriesKey<'_>) -> u32 {
        let Self { hasher, table, keys } = self;
        let hash = hasher.hash_one(key.0);
        if let Some(&number) = table.find(hash, |&number| keys.get(number as usize) == key) {
            return number;
        }
        let number = keys.push(key);
        table.insert_unique(hash, number, |&number| hasher.hash_one(keys.get(number as usize).0));
        number
    }
}

/// Reads what [`Dictionary::put`] wrote: defines the new keys in `defined` and answers each measurement's series.
pub(crate) fn take_series(bytes: &[u8], defined: &mut SeriesKeys) -> Result<Vec<SeriesKeys>, Garbled> {
    let (&anew, bytes) = bytes.split_first().ok_or(Garbled("no series"))?;
    if anew != 0 {
        *defined = SeriesKeys::new();
    }
    let block = Unpacked::new(bytes)?;
    let mut reader = block.reader();
    take_keys(&mut reader, |key| {
        defined.push(key);
        Ok(())
    })?;
    let mut out = Vec::new();
    for _ in 0..reader.count(1)? {
        let count = reader.count(4)?;
        let mut series = SeriesKeys::new();
        for number in take_steps(&mut reader, count)? {
            let number = usize::try_from(number).ok().filter(|&n| n < defined.len());
            let number = number.ok_or(Garbled("a series has not been defined"))?;
            series.push(defined.get(number));
        }
        out.push(series);
    }
    reader.end()?;
    Ok(out)
}
