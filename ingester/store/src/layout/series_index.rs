//! The series index of a segment: which rows are whose, without reading tag columns.
//!
//! ```text
//! magic "WSX" version:u8
//! varint series, varint extensions, then each extension: varint kind, bytes       (1: rollups, see `rollup`)
//! varint field sets, then each: bytes (bit i: field i of the segment has a value)
//! varint blocks, then each: varint series, varint rows, signed min time, varint span of times, bytes (bloom filter
//!   over the `key=value` pairs of its series), varint length
//! the blocks, each zstd over, for each series:
//!   varint bytes shared with the key before, bytes (the rest of the key),
//!   varint rows, signed (min time - min time before), varint (max time - min time),
//!   varint (field set << 1 | whether a time occurs twice)
//! ```
//!
//! A reader that meets an extension kind it does not know skips it; a higher version is refused.

use bytes::Bytes;
use weir_batch::SeriesKey;

use super::bloom::{Bloom, Hashes, pairs};
use super::rollup::Rollups;
use super::varint::{Reader, put, put_bytes, put_signed};
use crate::frames::decompress;

const MAGIC: &[u8; 3] = b"WSX";
const VERSION: u8 = 1;
const BLOCK_SERIES: usize = 4096;
const ZSTD_LEVEL: i32 = 3;
/// The kind of the extension that holds rollups.
const ROLLUPS: u64 = 1;

/// What is known of one series of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SeriesEntry {
    /// Number of its first row in the segment.
    pub(crate) first_row: u64,
    pub(crate) rows: u64,
    pub(crate) min_time: i64,
    pub(crate) max_time: i64,
    /// Index into [`SeriesIndex::field_sets`].
    pub(crate) field_set: u32,
    /// Whether two of its rows have the same time.
    pub(crate) duplicates: bool,
}

/// Collects the series of a segment, in order.
pub(crate) struct SeriesIndexWriter {
    field_sets: Vec<Vec<u8>>,
    blocks: Vec<(BlockInfo, Vec<u8>)>,
    raw: Vec<u8>,
    block: Option<BlockInfo>,
    last_key: String,
    last_min: i64,
    series: u64,
    rows: u64,
    /// The hashes of the block's pairs, and of the last key's.
    pairs: Hashes,
    last_pairs: Vec<u64>,
}

/// One line of the index's directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BlockInfo {
    pub(crate) series: usize,
    pub(crate) first_row: u64,
    pub(crate) rows: u64,
    pub(crate) min_time: i64,
    pub(crate) max_time: i64,
    pub(crate) bloom: Bloom,
    /// Where the block lies in [`SeriesIndex::blocks_bytes`].
    start: usize,
    end: usize,
}

impl SeriesIndexWriter {
    pub(crate) fn new() -> Self {
        Self {
            field_sets: Vec::new(),
            blocks: Vec::new(),
            raw: Vec::new(),
            block: None,
            last_key: String::new(),
            last_min: 0,
            series: 0,
            rows: 0,
            pairs: Hashes::default(),
            last_pairs: Vec::new(),
        }
    }

    pub(crate) fn series(&self) -> u64 {
        self.series
    }

    /// The number of a field set, the same for equal sets.
    pub(crate) fn field_set(&mut self, bits: &[u8]) -> u32 {
        // Nearly every segment has a handful; the last is the likeliest.
        if let Some(found) = self.field_sets.iter().rposition(|s| s == bits) {
            return found as u32;
        }
        self.field_sets.push(bits.to_vec());
        self.field_sets.len() as u32 - 1
    }

    /// Appends a series; `entry.first_row` follows from those before.
    pub(crate) fn push(&mut self, key: SeriesKey<'_>, entry: SeriesEntry) -> std::io::Result<()> {
        let first_row = self.rows;
        let block = self.block.get_or_insert(BlockInfo {
            series: 0,
            first_row,
            rows: 0,
            min_time: entry.min_time,
            max_time: entry.max_time,
            bloom: Bloom::default(),
            start: 0,
            end: 0,
        });
        block.series += 1;
        block.rows += entry.rows;
        block.min_time = block.min_time.min(entry.min_time);
        block.max_time = block.max_time.max(entry.max_time);
        let full = block.series == BLOCK_SERIES;

        for (count, hash) in pairs(key).map(Bloom::hash).enumerate() {
            // Most pairs are those of the series before.
            match self.last_pairs.get_mut(count) {
                Some(last) if *last == hash => {}
                Some(last) => {
                    *last = hash;
                    self.pairs.insert(hash);
                }
                None => {
                    self.last_pairs.push(hash);
                    self.pairs.insert(hash);
                }
            }
        }
        let shared = self.last_key.bytes().zip(key.0.bytes()).take_while(|(a, b)| a == b).count();
        put(&mut self.raw, shared as u64);
        put_bytes(&mut self.raw, &key.0.as_bytes()[shared..]);
        put(&mut self.raw, entry.rows);
        put_signed(&mut self.raw, entry.min_time.wrapping_sub(self.last_min));
        put(&mut self.raw, entry.max_time.wrapping_sub(entry.min_time) as u64);
        put(&mut self.raw, u64::from(entry.field_set) << 1 | u64::from(entry.duplicates));
        self.last_key.clear();
        self.last_key.push_str(key.0);
        self.last_min = entry.min_time;
        self.series += 1;
        self.rows += entry.rows;
        if full { self.seal() } else { Ok(()) }
    }

    fn seal(&mut self) -> std::io::Result<()> {
        if let Some(mut block) = self.block.take() {
            block.bloom = Bloom::of(&self.pairs);
            self.pairs.clear();
            self.last_pairs.clear();
            self.blocks.push((block, zstd::bulk::compress(&self.raw, ZSTD_LEVEL)?));
            self.raw.clear();
            self.last_key.clear();
            self.last_min = 0;
        }
        Ok(())
    }

    /// The index, with the segment's rollups if it has some.
    pub(crate) fn finish(mut self, rollups: Option<&[u8]>) -> std::io::Result<Vec<u8>> {
        self.seal()?;
        let mut out = Vec::new();
        out.extend_from_slice(MAGIC);
        out.push(VERSION);
        put(&mut out, self.series);
        put(&mut out, u64::from(rollups.is_some()));
        if let Some(rollups) = rollups {
            put(&mut out, ROLLUPS);
            put_bytes(&mut out, rollups);
        }
        put(&mut out, self.field_sets.len() as u64);
        for set in &self.field_sets {
            put_bytes(&mut out, set);
        }
        put(&mut out, self.blocks.len() as u64);
        for (block, bytes) in &self.blocks {
            put(&mut out, block.series as u64);
            put(&mut out, block.rows);
            put_signed(&mut out, block.min_time);
            put(&mut out, block.max_time.wrapping_sub(block.min_time) as u64);
            put_bytes(&mut out, block.bloom.bytes());
            put(&mut out, bytes.len() as u64);
        }
        for (_, bytes) in &self.blocks {
            out.extend_from_slice(bytes);
        }
        Ok(out)
    }
}

/// A series index as it is kept in memory: the directory decoded, the blocks compressed.
#[derive(Debug)]
pub(crate) struct SeriesIndex {
    pub(crate) field_sets: Vec<Vec<u8>>,
    pub(crate) blocks: Vec<BlockInfo>,
    blocks_bytes: Bytes,
    pub(crate) rollups: Option<Rollups>,
}

/// The series of one block.
#[derive(Debug)]
pub(crate) struct SeriesBlock {
    pub(crate) keys: BlockKeys,
    pub(crate) entries: Vec<SeriesEntry>,
}

/// Series keys one after the other, so that all can be searched at once.
#[derive(Debug, Default)]
pub(crate) struct BlockKeys {
    ends: Vec<u32>,
    text: String,
}

impl BlockKeys {
    fn push(&mut self, key: &str) -> Option<()> {
        self.text.push_str(key);
        self.ends.push(u32::try_from(self.text.len()).ok()?);
        Some(())
    }

    pub(crate) fn get(&self, number: usize) -> SeriesKey<'_> {
        let start = if number == 0 { 0 } else { self.ends[number - 1] as usize };
        SeriesKey(&self.text[start..self.ends[number] as usize])
    }

    /// The first series from `number` on whose key may hold `text`. (It may also stand across two keys.)
    pub(crate) fn find(&self, number: usize, text: &str) -> Option<usize> {
        let start = if number == 0 { 0 } else { *self.ends.get(number - 1)? as usize };
        let at = start + self.text.get(start..)?.find(text)?;
        Some(self.ends.partition_point(|end| *end as usize <= at))
    }
}

impl SeriesBlock {
    pub(crate) fn memory_size(&self) -> usize {
        self.keys.text.capacity()
            + self.keys.ends.capacity() * 4
            + self.entries.capacity() * size_of::<SeriesEntry>()
    }
}

impl SeriesIndex {
    /// Reads the directory; an error says what is wrong with the bytes.
    pub(crate) fn parse(bytes: &Bytes) -> Result<Self, &'static str> {
        let mut r = Reader::new(bytes);
        if r.take(3) != Some(MAGIC) {
            return Err("the series index has no magic");
        }
        if r.take(1) != Some(&[VERSION]) {
            return Err("the series index has a version this program does not know");
        }
        Self::directory(&mut r, bytes).ok_or("the series index is cut off")
    }

    fn directory(r: &mut Reader<'_>, bytes: &Bytes) -> Option<Self> {
        let _series = r.get()?;
        let mut rollups = None;
        for _ in 0..r.get()? {
            let kind = r.get()?;
            let extension = r.get_bytes()?;
            if kind == ROLLUPS {
                rollups = Some(Rollups::parse(&bytes.slice_ref(extension))?);
            }
        }
        let mut field_sets = Vec::new();
        for _ in 0..r.get()? {
            field_sets.push(r.get_bytes()?.to_vec());
        }
        let mut blocks = Vec::new();
        let (mut start, mut first_row) = (0usize, 0u64);
        for _ in 0..r.get()? {
            let series = r.get_usize()?;
            let rows = r.get()?;
            let min_time = r.get_signed()?;
            let max_time = min_time.wrapping_add(r.get()? as i64);
            let bloom = Bloom::from(r.get_bytes()?.to_vec());
            let end = start.checked_add(r.get_usize()?)?;
            blocks.push(BlockInfo { series, first_row, rows, min_time, max_time, bloom, start, end });
            start = end;
            first_row = first_row.checked_add(rows)?;
        }
        let rest = r.take(start)?;
        Some(Self { field_sets, blocks, blocks_bytes: bytes.slice_ref(rest), rollups })
    }

    /// Decodes one block.
    pub(crate) fn block(&self, number: usize) -> Result<SeriesBlock, &'static str> {
        let info = self.blocks.get(number).ok_or("the series index has no such block")?;
        let raw = decompress(&[], &self.blocks_bytes[info.start..info.end])
            .map_err(|_| "a block of the series index cannot be decompressed")?;
        self.decode(info, &raw).ok_or("a block of the series index is malformed")
    }

    fn decode(&self, info: &BlockInfo, raw: &[u8]) -> Option<SeriesBlock> {
        let mut r = Reader::new(raw);
        let mut keys = BlockKeys::default();
        let mut entries = Vec::with_capacity(info.series.min(BLOCK_SERIES));
        let (mut key, mut last_min, mut first_row) = (Vec::new(), 0i64, info.first_row);
        for _ in 0..info.series {
            let shared = r.get_usize()?;
            if shared > key.len() {
                return None;
            }
            key.truncate(shared);
            key.extend_from_slice(r.get_bytes()?);
            keys.push(std::str::from_utf8(&key).ok()?)?;
            let rows = r.get()?;
            let min_time = last_min.wrapping_add(r.get_signed()?);
            let max_time = min_time.wrapping_add(r.get()? as i64);
            let flags = r.get()?;
            let field_set =
                u32::try_from(flags >> 1).ok().filter(|s| (*s as usize) < self.field_sets.len())?;
            let duplicates = flags & 1 == 1;
            entries.push(SeriesEntry { first_row, rows, min_time, max_time, field_set, duplicates });
            last_min = min_time;
            first_row = first_row.checked_add(rows)?;
        }
        (r.is_empty() && first_row == info.first_row + info.rows).then_some(SeriesBlock { keys, entries })
    }

    pub(crate) fn memory_size(&self) -> usize {
        self.blocks_bytes.len()
            + self.rollups.as_ref().map_or(0, Rollups::memory_size)
            + self.blocks.iter().map(|b| size_of::<BlockInfo>() + b.bloom.bytes().len()).sum::<usize>()
            + self.field_sets.iter().map(|s| s.len() + 24).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_come_back_block_by_block() {
        let mut w = SeriesIndexWriter::new();
        let mut want = Vec::new();
        let mut first_row = 0;
        for i in 0..10_000u64 {
            let key = format!("host=host_{i:05},region=é{}", i % 7);
            let field_set = w.field_set(&[1 + (i % 3) as u8]);
            let entry = SeriesEntry {
                first_row,
                rows: i % 5 + 1,
                min_time: if i == 77 { i64::MIN } else { 1_000 - i as i64 },
                max_time: if i == 77 { i64::MAX } else { 2_000 },
                field_set,
                duplicates: i % 11 == 0,
            };
            first_row += entry.rows;
            w.push(SeriesKey(&key), entry).unwrap();
            want.push((key, entry));
        }
        let bytes = Bytes::from(w.finish(None).unwrap());
        let index = SeriesIndex::parse(&bytes).unwrap();
        assert_eq!(index.blocks.len(), 3);
        assert_eq!(index.field_sets, [[1], [2], [3]]);
        let mut got = Vec::new();
        for number in 0..index.blocks.len() {
            let block = index.block(number).unwrap();
            let keys = (0..block.entries.len()).map(|i| block.keys.get(i).0.to_owned());
            got.extend(keys.zip(block.entries.iter().copied()));
            let holds = index.blocks[number].bloom.may_hold("host=host_04321");
            assert_eq!(holds, number == 1);
            assert_eq!(block.keys.find(0, "host=host_04321"), (number == 1).then_some(4321 - BLOCK_SERIES));
            assert_eq!(block.keys.find(4321 - BLOCK_SERIES + 1, "host=host_04321"), None);
        }
        assert_eq!(got, want);
        for cut in [0, 3, 4, 9, bytes.len() - 1] {
            assert!(SeriesIndex::parse(&bytes.slice(..cut)).is_err(), "cut at {cut}");
        }
    }
}
