//! Tag columns, written run by run.
//!
//! A tag is the same in all rows of a series, so its column is made of runs, and encoding it value by value would cost
//! more than all fields together. The pages are therefore laid down here: one dictionary page, one data page of
//! dictionary indices in Parquet's hybrid of run-length and bit-packed encoding.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use bytes::Bytes;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::column::page::{CompressedPage, Page, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::file::metadata::{ColumnChunkMetaData, OffsetIndexBuilder};
use parquet::file::writer::{SerializedPageWriter, SerializedRowGroupWriter, TrackedWrite};
use parquet::schema::types::SchemaDescPtr;

use super::ZSTD_LEVEL;
use super::rows::Rows;
use crate::error::{Result, StoreError};

/// One tag's values in a row group.
#[derive(Debug, Default)]
struct TagRuns<'a> {
    /// The dictionary page: each value with its length before it.
    dictionary: Vec<u8>,
    numbers: HashMap<Cow<'a, str>, u32>,
    /// The last run's value.
    last: Option<Cow<'a, str>>,
    /// Rows of equal value: the value's number, if there is one.
    runs: Vec<(Option<u32>, usize)>,
}

impl<'a> TagRuns<'a> {
    fn push(&mut self, value: Option<Cow<'a, str>>, rows: usize) {
        if let Some((_, length)) = self.runs.last_mut()
            && self.last == value
        {
            *length += rows;
            return;
        }
        let number = value.as_ref().map(|text| match self.numbers.get(text) {
            Some(number) => *number,
            None => {
                let number = self.numbers.len() as u32;
                self.dictionary.extend_from_slice(&(text.len() as u32).to_le_bytes());
                self.dictionary.extend_from_slice(text.as_bytes());
                self.numbers.insert(text.clone(), number);
                number
            }
        });
        self.last = value;
        self.runs.push((number, rows));
    }
}

/// Appends the tag columns of a row group: the first columns of the schema.
pub(crate) fn write_tags<W: std::io::Write + Send>(
    rows: &Rows<'_>,
    range: &Range<usize>,
    schema: &SchemaDescPtr,
    group: &mut SerializedRowGroupWriter<'_, W>,
) -> Result<()> {
    let mut tags: Vec<TagRuns<'_>> = rows.tag_keys.iter().map(|_| TagRuns::default()).collect();
    for run in rows.runs_in(range) {
        let length = (run.first_row + run.range.len()).min(range.end) - run.first_row.max(range.start);
        // Both the key's tags and the columns are sorted.
        let mut present = run.key.tags().peekable();
        for (name, column) in rows.tag_keys.iter().zip(&mut tags) {
            let value = present.next_if(|(key, _)| **key == **name);
            column.push(value.map(|(_, value)| value), length);
        }
        if present.peek().is_some() {
            return Err(StoreError::Rows("the tags of a series key are not sorted".to_owned()));
        }
    }
    for (number, (name, column)) in rows.tag_keys.iter().zip(tags).enumerate() {
        let optional = rows.optional_tags.contains(name);
        write_column(column, optional, range.len(), schema, number, group)?;
    }
    Ok(())
}

fn write_column<W: std::io::Write + Send>(
    column: TagRuns<'_>,
    optional: bool,
    rows: usize,
    schema: &SchemaDescPtr,
    number: usize,
    group: &mut SerializedRowGroupWriter<'_, W>,
) -> Result<()> {
    let mut data = Vec::new();
    if optional {
        let mut levels = Hybrid::new(1);
        column.runs.iter().for_each(|(value, length)| levels.push(u32::from(value.is_some()), *length));
        let levels = levels.finish();
        data.extend_from_slice(&(levels.len() as u32).to_le_bytes());
        data.extend_from_slice(&levels);
    }
    let values = column.numbers.len() as u32;
    let width = u32::BITS - values.saturating_sub(1).leading_zeros();
    let mut indices = Hybrid::new(width);
    column.runs.iter().filter_map(|(v, length)| Some(((*v)?, *length))).for_each(|(v, n)| indices.push(v, n));
    data.push(width as u8);
    data.extend_from_slice(&indices.finish());

    let compress = |bytes: &[u8]| {
        zstd::bulk::compress(bytes, ZSTD_LEVEL)
            .map(Bytes::from)
            .map_err(|e| StoreError::Rows(format!("a page cannot be compressed: {e}")))
    };
    let dictionary = Page::DictionaryPage {
        buf: compress(&column.dictionary)?,
        num_values: values,
        encoding: Encoding::PLAIN,
        is_sorted: false,
    };
    let page = Page::DataPage {
        buf: compress(&data)?,
        num_values: rows as u32,
        encoding: Encoding::RLE_DICTIONARY,
        def_level_encoding: Encoding::RLE,
        rep_level_encoding: Encoding::RLE,
        statistics: None,
    };
    let mut bytes = Vec::new();
    let mut sink = TrackedWrite::new(&mut bytes);
    let mut pages = SerializedPageWriter::new(&mut sink);
    let dictionary = pages.write_page(CompressedPage::new(dictionary, column.dictionary.len()))?;
    let page = pages.write_page(CompressedPage::new(page, data.len()))?;
    pages.close()?;
    drop(sink);

    let metadata = ColumnChunkMetaData::builder(schema.column(number))
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL)?))
        .set_encodings(vec![Encoding::PLAIN, Encoding::RLE, Encoding::RLE_DICTIONARY])
        .set_total_compressed_size(bytes.len() as i64)
        .set_total_uncompressed_size((dictionary.uncompressed_size + page.uncompressed_size) as i64)
        .set_num_values(rows as i64)
        .set_dictionary_page_offset(Some(dictionary.offset as i64))
        .set_data_page_offset(page.offset as i64)
        .build()?;
    let mut offsets = OffsetIndexBuilder::new();
    offsets.append_row_count(rows as i64);
    offsets.append_offset_and_size(page.offset as i64, page.compressed_size as i32);
    let close = ColumnCloseResult {
        bytes_written: bytes.len() as u64,
        rows_written: rows as u64,
        metadata,
        bloom_filter: None,
        column_index: None,
        offset_index: Some(offsets.build()),
    };
    group.append_column(&Bytes::from(bytes), close)?;
    Ok(())
}

/// Runs of this length and more are worth a run-length header.
const LONG: usize = 8;

/// Parquet's hybrid encoding: runs of one value, and groups of eight bit-packed values.
struct Hybrid {
    width: u32,
    out: Vec<u8>,
    /// Values that wait to be bit-packed.
    literals: Vec<u32>,
}

impl Hybrid {
    fn new(width: u32) -> Self {
        Self { width, out: Vec::new(), literals: Vec::new() }
    }

    fn push(&mut self, value: u32, mut count: usize) {
        // Bit-packed values come in eights, which a run fills up before it begins.
        let open = self.literals.len() % LONG;
        if open > 0 {
            let fill = count.min(LONG - open);
            self.literals.resize(self.literals.len() + fill, value);
            count -= fill;
        }
        if count >= LONG {
            self.pack();
            super::varint::put(&mut self.out, (count as u64) << 1);
            let bytes = value.to_le_bytes();
            self.out.extend_from_slice(&bytes[..self.width.div_ceil(8) as usize]);
        } else {
            self.literals.resize(self.literals.len() + count, value);
        }
    }

    /// Writes the waiting literals; only the last group may be filled with zeros.
    fn pack(&mut self) {
        if self.literals.is_empty() {
            return;
        }
        let groups = self.literals.len().div_ceil(LONG);
        super::varint::put(&mut self.out, (groups as u64) << 1 | 1);
        self.literals.resize(groups * LONG, 0);
        let (mut bits, mut filled) = (0u64, 0);
        for value in self.literals.drain(..) {
            bits |= u64::from(value) << filled;
            filled += self.width;
            while filled >= 8 {
                self.out.push(bits as u8);
                bits >>= 8;
                filled -= 8;
            }
        }
    }

    fn finish(mut self) -> Vec<u8> {
        self.pack();
        self.out
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::cast::AsArray;
    use arrow_array::{Array, Int64Array, UInt64Array};
    use bytes::Bytes;
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    use weir_batch::{FieldArray, SeriesBatch, SeriesKey, SeriesKeys};

    use crate::layout::encode_segment;

    /// Writes series of the given lengths and reads the tags back as any reader of Parquet would.
    fn round_trip(series: &[(String, usize)]) {
        let mut keys = SeriesKeys::new();
        let mut offsets = vec![0];
        for (key, rows) in series {
            keys.push(SeriesKey(key));
            offsets.push(offsets[offsets.len() - 1] + rows);
        }
        let rows = offsets[offsets.len() - 1];
        let values = Int64Array::from_iter_values(0..rows as i64);
        let batch = SeriesBatch {
            measurement: "m".into(),
            series: keys,
            offsets,
            times: values.clone(),
            sequences: Some(UInt64Array::from_value(1, rows)),
            fields: vec![FieldArray { name: "v".into(), values: Arc::new(values) }],
        };
        let segment = encode_segment(&[batch]).unwrap();
        let reader =
            ParquetRecordBatchReaderBuilder::try_new(Bytes::from(segment.parquet)).unwrap().build().unwrap();
        let mut want = series.iter().flat_map(|(key, rows)| std::iter::repeat_n(key, *rows));
        let mut read = 0;
        for batch in reader {
            let batch = batch.unwrap();
            for row in 0..batch.num_rows() {
                let key = want.next().unwrap();
                for tag in &segment.tag_keys {
                    let column = batch.column_by_name(&format!("tag:{tag}")).unwrap().as_string::<i32>();
                    let got = column.is_valid(row).then(|| column.value(row));
                    assert_eq!(got, SeriesKey(key).tag(tag).as_deref(), "{tag} of {key:?}, row {row}");
                }
                read += 1;
            }
        }
        assert_eq!(read, rows);
    }

    #[test]
    fn tags_come_back_through_any_reader() {
        round_trip(&[(String::new(), 3)]);
        round_trip(&[("host=a".into(), 1)]);
        // Long and short runs in turn, absent tags, and enough values for two-byte indices.
        let mut series: Vec<(String, usize)> = (0..700)
            .map(|i| {
                let region = if i % 3 == 0 { String::new() } else { format!(",region=r{}", i % 5) };
                (format!("host=h{i:04}{region}"), [1, 7, 8, 9, 300, 2][i % 6])
            })
            .collect();
        series.insert(0, (String::new(), 5));
        round_trip(&series);
        // More than a row group of single rows.
        round_trip(&(0..170_000).map(|i| (format!("a=x,host={i:06}"), 1)).collect::<Vec<_>>());
    }
}
