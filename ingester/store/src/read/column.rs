//! Decoding: chosen rows of one column to an Arrow array.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, StringArray, UInt64Array};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use bytes::{Buf, Bytes};
use parquet::column::reader::{ColumnReaderImpl, get_column_reader, get_typed_column_reader};
use parquet::data_type::{self as pq, ByteArray, DataType};
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, Length};

use super::pages::pages;
use super::tail::{Kind, Leaf, Tail};
use crate::error::{Result, StoreError};

/// The bytes of one column chunk, addressed as in the Parquet file.
struct ChunkBytes {
    start: u64,
    bytes: Bytes,
}

impl Length for ChunkBytes {
    fn len(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }
}

impl ChunkBytes {
    fn at(&self, start: u64, length: Option<usize>) -> Result<Bytes, ParquetError> {
        let outside = || ParquetError::EOF("a page lies outside its column chunk".to_owned());
        let from =
            usize::try_from(start.checked_sub(self.start).ok_or_else(outside)?).map_err(|_| outside())?;
        let to = match length {
            Some(length) => from.checked_add(length).ok_or_else(outside)?,
            None => self.bytes.len(),
        };
        if from > to || to > self.bytes.len() { Err(outside()) } else { Ok(self.bytes.slice(from..to)) }
    }
}

impl ChunkReader for ChunkBytes {
    type T = bytes::buf::Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        Ok(self.at(start, None)?.reader())
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        self.at(start, Some(length))
    }
}

/// Reads the rows `spans` (ascending, disjoint) of a column. `chunk` answers the bytes of the column in a row group.
pub(crate) fn decode(
    tail: &Tail,
    leaf: Leaf,
    spans: &[Range<u64>],
    chunk: &dyn Fn(usize) -> Result<Bytes>,
) -> Result<ArrayRef> {
    let count = spans.iter().map(|s| (s.end - s.start) as usize).sum();
    Ok(match leaf.kind {
        Kind::Integer => {
            let (values, nulls) = primitives::<pq::Int64Type>(tail, leaf, spans, count, chunk)?;
            Arc::new(Int64Array::new(ScalarBuffer::from(values), nulls))
        }
        Kind::Unsigned => {
            let (values, nulls) = primitives::<pq::Int64Type>(tail, leaf, spans, count, chunk)?;
            // The same bits under another type.
            Arc::new(UInt64Array::new(ScalarBuffer::new(Buffer::from_vec(values), 0, count), nulls))
        }
        Kind::Float => {
            let (values, nulls) = primitives::<pq::DoubleType>(tail, leaf, spans, count, chunk)?;
            Arc::new(Float64Array::new(ScalarBuffer::from(values), nulls))
        }
        Kind::Scaled(factor) => {
            let (values, nulls) = primitives::<pq::Int64Type>(tail, leaf, spans, count, chunk)?;
            let values: Vec<f64> = values.into_iter().map(|v| v as f64 / factor).collect();
            Arc::new(Float64Array::new(ScalarBuffer::from(values), nulls))
        }
        Kind::Boolean => {
            let (values, nulls) = primitives::<pq::BoolType>(tail, leaf, spans, count, chunk)?;
            Arc::new(BooleanArray::new(BooleanBuffer::from(values), nulls))
        }
        Kind::String => strings(tail, leaf, spans, count, chunk)?,
    })
}

/// What was read of a column: the values that are there, and for each row whether it has one (if some may not).
struct Compact<T> {
    values: Vec<T>,
    levels: Option<Vec<i16>>,
}

fn read<D: DataType>(
    tail: &Tail,
    leaf: Leaf,
    spans: &[Range<u64>],
    count: usize,
    chunk: &dyn Fn(usize) -> Result<Bytes>,
) -> Result<Compact<D::T>> {
    let descriptor = tail.metadata.file_metadata().schema_descr().column(leaf.number);
    let optional = descriptor.max_def_level() > 0;
    let mut out =
        Compact { values: Vec::with_capacity(count), levels: optional.then(|| Vec::with_capacity(count)) };
    let mut open: Option<(usize, u64, ColumnReaderImpl<D>)> = None;
    for span in spans {
        for group in tail.groups_of(span) {
            let (group_start, group_end) = (tail.group_starts[group], tail.group_starts[group + 1]);
            let (start, end) = (span.start.max(group_start), span.end.min(group_end));
            let (mut position, mut reader) = match open.take() {
                Some((at, position, reader)) if at == group => (position, reader),
                _ => {
                    let column = tail.metadata.row_group(group).column(leaf.number);
                    let bytes = ChunkBytes { start: column.byte_range().0, bytes: chunk(group)? };
                    let index = tail.metadata.page_index_for_row_group(group);
                    let rows = (group_end - group_start) as usize;
                    let pages = pages(bytes, column, rows, index.page_locations(leaf.number).cloned())?;
                    (group_start, get_typed_column_reader(get_column_reader(descriptor.clone(), pages)))
                }
            };
            let skip = (start - position) as usize;
            if skip > 0 && reader.skip_records(skip)? != skip {
                return Err(cut_off());
            }
            let want = (end - start) as usize;
            let (records, _, _) = reader.read_records(want, out.levels.as_mut(), None, &mut out.values)?;
            if records != want {
                return Err(cut_off());
            }
            position = end;
            open = Some((group, position, reader));
        }
    }
    let rows = out.levels.as_ref().map_or(out.values.len(), Vec::len);
    if rows == count { Ok(out) } else { Err(cut_off()) }
}

fn cut_off() -> StoreError {
    StoreError::Parquet(ParquetError::EOF("a column has fewer rows than its file".to_owned()))
}

fn validity(levels: &[i16]) -> Option<NullBuffer> {
    let nulls = NullBuffer::from(BooleanBuffer::collect_bool(levels.len(), |i| levels[i] != 0));
    (nulls.null_count() > 0).then_some(nulls)
}

fn primitives<D: DataType>(
    tail: &Tail,
    leaf: Leaf,
    spans: &[Range<u64>],
    count: usize,
    chunk: &dyn Fn(usize) -> Result<Bytes>,
) -> Result<(Vec<D::T>, Option<NullBuffer>)>
where
    D::T: Copy + Default,
{
    let compact = read::<D>(tail, leaf, spans, count, chunk)?;
    let Some(levels) = compact.levels else { return Ok((compact.values, None)) };
    let Some(nulls) = validity(&levels) else { return Ok((compact.values, None)) };
    let mut values = compact.values.into_iter();
    let spread = levels
        .iter()
        .map(|level| if *level == 0 { Some(D::T::default()) } else { values.next() })
        .collect::<Option<Vec<_>>>()
        .ok_or_else(cut_off)?;
    Ok((spread, Some(nulls)))
}

fn strings(
    tail: &Tail,
    leaf: Leaf,
    spans: &[Range<u64>],
    count: usize,
    chunk: &dyn Fn(usize) -> Result<Bytes>,
) -> Result<ArrayRef> {
    let compact = read::<pq::ByteArrayType>(tail, leaf, spans, count, chunk)?;
    let nulls = compact.levels.as_deref().and_then(validity);
    let mut bytes = Vec::with_capacity(compact.values.iter().map(ByteArray::len).sum());
    let mut offsets: Vec<i32> = Vec::with_capacity(count + 1);
    offsets.push(0);
    let mut values = compact.values.iter();
    for row in 0..count {
        if compact.levels.as_ref().is_none_or(|levels| levels[row] != 0) {
            bytes.extend_from_slice(values.next().ok_or_else(cut_off)?.data());
        }
        offsets.push(i32::try_from(bytes.len()).map_err(|_| {
            StoreError::Parquet(ParquetError::General(
                "the texts of one batch are larger than 2 GiB".to_owned(),
            ))
        })?);
    }
    let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
    // try_new validates the text.
    let array = StringArray::try_new(offsets, Buffer::from_vec(bytes), nulls)
        .map_err(|e| StoreError::Parquet(ParquetError::General(e.to_string())))?;
    Ok(Arc::new(array))
}
