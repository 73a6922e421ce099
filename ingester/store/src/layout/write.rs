//! Rows to a Parquet file and a series index.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type, UInt64Type};
use arrow_array::{Array, ArrowPrimitiveType, PrimitiveArray};
use bytes::Bytes;
use parquet::basic::{Compression, Encoding, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel};
use parquet::data_type::{self as pq, ByteArray};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{ColumnPath, SchemaDescriptor, Type};
use weir_batch::{FieldType, SeriesBatch};

use super::encode::{power, scale_of, scaled, sequences_repeat};
use super::rollup;
use super::rows::Rows;
use super::series_index::{SeriesEntry, SeriesIndexWriter};
use super::tags::write_tags;
use super::{PAGE_ROWS, ROW_GROUP_ROWS, SEQUENCE_COLUMN, TAG_PREFIX, TIME_COLUMN, VERSION_KEY, ZSTD_LEVEL};
use crate::error::{Result, StoreError};

/// A segment ready to be laid into an object.
pub(crate) struct EncodedSegment {
    pub(crate) measurement: Arc<str>,
    pub(crate) parquet: Vec<u8>,
    /// Where the page index and the footer begin in `parquet`.
    pub(crate) tail: usize,
    pub(crate) index: Vec<u8>,
    pub(crate) rows: u64,
    pub(crate) series: u64,
    pub(crate) times: (i64, i64),
    pub(crate) sequences: (u64, u64),
    pub(crate) fields: Vec<(Arc<str>, FieldType)>,
    pub(crate) tag_keys: Vec<Arc<str>>,
}

/// Encodes the batches of one measurement; they must be sorted as [`SeriesBatch`] says, with sequences.
pub(crate) fn encode_segment(batches: &[SeriesBatch]) -> Result<EncodedSegment> {
    let rows = Rows::new(batches)?;
    if rows.len() == 0 || rows.columns.is_empty() {
        return Err(StoreError::Rows("a segment needs rows with values".to_owned()));
    }
    let measurement = batches[0].measurement.clone();
    if batches.iter().any(|b| b.measurement != measurement) {
        return Err(StoreError::Rows("a segment holds one measurement".to_owned()));
    }
    let (index, series) = series_index(&rows)?;
    let (parquet, tail) = parquet_file(&rows, &measurement)?;
    let times = || batches.iter().flat_map(|b| b.times.values());
    let sequences = || (0..batches.len()).flat_map(|b| rows.sequences(b).values());
    Ok(EncodedSegment {
        parquet,
        tail,
        index,
        rows: rows.len() as u64,
        series,
        times: (times().min().copied().unwrap_or_default(), times().max().copied().unwrap_or_default()),
        sequences: (
            sequences().min().copied().unwrap_or_default(),
            sequences().max().copied().unwrap_or_default(),
        ),
        fields: rows.columns.iter().map(|c| (c.name.clone(), c.ty)).collect(),
        tag_keys: rows.tag_keys.clone(),
        measurement,
    })
}

fn series_index(rows: &Rows<'_>) -> Result<(Vec<u8>, u64)> {
    let failed = |e: std::io::Error| StoreError::Rows(format!("the series index cannot be compressed: {e}"));
    let mut writer = SeriesIndexWriter::new();
    let mut runs = rows.runs().peekable();
    let mut set = vec![0u8; rows.columns.len().div_ceil(8)];
    while let Some(first) = runs.next() {
        set.fill(0);
        let mut entry = SeriesEntry {
            first_row: first.first_row as u64,
            rows: 0,
            min_time: rows.batches[first.batch].times.value(first.range.start),
            max_time: i64::MIN,
            field_set: 0,
            duplicates: false,
        };
        let (key, mut run) = (first.key, Some(first));
        while let Some(part) = run {
            let times = &rows.batches[part.batch].times.values()[part.range.clone()];
            let goes_back = times.windows(2).any(|w| w[0] > w[1]);
            if goes_back || (entry.rows > 0 && times[0] < entry.max_time) {
                return Err(StoreError::Rows("times of a series do not ascend".to_owned()));
            }
            entry.duplicates |=
                (entry.rows > 0 && times[0] == entry.max_time) || times.windows(2).any(|w| w[0] == w[1]);
            entry.rows += times.len() as u64;
            entry.max_time = times[times.len() - 1];
            for (number, column) in rows.columns.iter().enumerate() {
                let has = column.dense
                    || column.sources[part.batch].as_ref().is_some_and(|array| {
                        array.nulls().is_none_or(|nulls| {
                            nulls.slice(part.range.start, part.range.len()).null_count() < part.range.len()
                        })
                    });
                set[number / 8] |= u8::from(has) << (number % 8);
            }
            run = runs.next_if(|next| next.key == key);
        }
        if runs.peek().is_some_and(|next| next.key < key) {
            return Err(StoreError::Rows("series do not ascend".to_owned()));
        }
        entry.field_set = writer.field_set(&set);
        writer.push(key, entry).map_err(failed)?;
    }
    let series = writer.series();
    let rollups = rollup::encode(rows).map_err(failed)?;
    Ok((writer.finish(rollups.as_deref()).map_err(failed)?, series))
}

/// Writes the file; answers it and where its tail begins.
fn parquet_file(rows: &Rows<'_>, measurement: &str) -> Result<(Vec<u8>, usize)> {
    let scales: Vec<Option<u32>> = (0..rows.columns.len())
        .map(|c| (rows.columns[c].ty == FieldType::Float).then(|| scale_of(rows, c)).flatten())
        .collect();
    let schema = Arc::new(schema(rows, &scales)?);
    let properties = Arc::new(properties(rows, &scales, measurement)?);
    let descriptor = Arc::new(SchemaDescriptor::new(schema.clone()));
    let mut bytes = Vec::new();
    let mut file = SerializedFileWriter::new(&mut bytes, schema, properties)?;
    let mut start = 0;
    while start < rows.len() {
        // The last group takes what would be less than half a group.
        let left = rows.len() - start;
        let take = if left < ROW_GROUP_ROWS + ROW_GROUP_ROWS / 2 { left } else { ROW_GROUP_ROWS };
        let range = start..start + take;
        let mut group = file.next_row_group()?;
        write_tags(rows, &range, &descriptor, &mut group)?;
        let slices = rows.slices(&range);
        let mut column = next(group.next_column()?)?;
        let mut times = Vec::with_capacity(take);
        let mut sequences = Vec::with_capacity(take);
        for (batch, range) in &slices {
            times.extend_from_slice(&rows.batches[*batch].times.values()[range.clone()]);
            sequences.extend(rows.sequences(*batch).values()[range.clone()].iter().map(|s| *s as i64));
        }
        column.typed::<pq::Int64Type>().write_batch(&times, None, None)?;
        column.close()?;
        let mut column = next(group.next_column()?)?;
        column.typed::<pq::Int64Type>().write_batch(&sequences, None, None)?;
        column.close()?;
        for (number, scale) in scales.iter().enumerate() {
            let mut column = next(group.next_column()?)?;
            write_field(rows, &slices, number, *scale, &mut column)?;
            column.close()?;
        }
        group.close()?;
        start += take;
    }
    let metadata = file.close()?;
    let tail = metadata
        .row_groups()
        .iter()
        .flat_map(|g| g.columns())
        .flat_map(|c| [c.column_index_offset(), c.offset_index_offset()])
        .flatten()
        .min()
        .ok_or_else(|| StoreError::Rows("the file has no page index".to_owned()))?;
    Ok((bytes, tail as usize))
}

fn next(column: Option<SerializedColumnWriter<'_>>) -> Result<SerializedColumnWriter<'_>> {
    column.ok_or_else(|| StoreError::Rows("the schema has fewer columns than the rows".to_owned()))
}

/// The name of a field's column. The type stands in it, so that a type may change between segments, and a tag or
/// another type may share the name.
pub(crate) fn field_column(name: &str, ty: FieldType) -> String {
    format!("{ty}:{name}")
}

fn leaf(name: &str, physical: Physical, optional: bool, logical: Option<LogicalType>) -> Result<Arc<Type>> {
    let repetition = if optional { Repetition::OPTIONAL } else { Repetition::REQUIRED };
    let mut builder = Type::primitive_type_builder(name, physical).with_repetition(repetition);
    if let Some(LogicalType::Decimal(decimal)) = &logical {
        builder = builder.with_precision(decimal.precision).with_scale(decimal.scale);
    }
    Ok(Arc::new(builder.with_logical_type(logical).build()?))
}

fn schema(rows: &Rows<'_>, scales: &[Option<u32>]) -> Result<Type> {
    let mut leaves = Vec::new();
    for tag in &rows.tag_keys {
        let name = format!("{TAG_PREFIX}{tag}");
        let optional = rows.optional_tags.contains(tag);
        leaves.push(leaf(&name, Physical::BYTE_ARRAY, optional, Some(LogicalType::String))?);
    }
    let timestamp = LogicalType::timestamp(true, TimeUnit::NANOS);
    leaves.push(leaf(TIME_COLUMN, Physical::INT64, false, Some(timestamp))?);
    leaves.push(leaf(SEQUENCE_COLUMN, Physical::INT64, false, Some(LogicalType::integer(64, false)))?);
    for (column, scale) in rows.columns.iter().zip(scales) {
        let (physical, logical) = match (column.ty, scale) {
            // Any Parquet reader reads the decimal as the number it stands for.
            (FieldType::Float, Some(scale)) => {
                (Physical::INT64, Some(LogicalType::decimal(*scale as i32, 18)))
            }
            (FieldType::Float, None) => (Physical::DOUBLE, None),
            (FieldType::Integer, _) => (Physical::INT64, None),
            (FieldType::Unsigned, _) => (Physical::INT64, Some(LogicalType::integer(64, false))),
            (FieldType::Boolean, _) => (Physical::BOOLEAN, None),
            (FieldType::String, _) => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        };
        leaves.push(leaf(&field_column(&column.name, column.ty), physical, !column.dense, logical)?);
    }
    Ok(Type::group_type_builder("rows").with_fields(leaves).build()?)
}

fn properties(rows: &Rows<'_>, scales: &[Option<u32>], measurement: &str) -> Result<WriterProperties> {
    let path = |name: &str| ColumnPath::new(vec![name.to_owned()]);
    let mut builder = WriterProperties::builder()
        .set_created_by("weir".to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL)?))
        .set_dictionary_enabled(false)
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_key_value_metadata(Some(vec![
            KeyValue::new(VERSION_KEY.to_owned(), super::FORMAT_VERSION.to_string()),
            KeyValue::new("weir.measurement".to_owned(), measurement.to_owned()),
        ]))
        .set_column_encoding(path(TIME_COLUMN), Encoding::DELTA_BINARY_PACKED)
        .set_column_statistics_enabled(path(TIME_COLUMN), EnabledStatistics::Page)
        .set_column_encoding(path(SEQUENCE_COLUMN), Encoding::DELTA_BINARY_PACKED)
        .set_column_dictionary_enabled(path(SEQUENCE_COLUMN), sequences_repeat(rows));
    for (column, scale) in rows.columns.iter().zip(scales) {
        let path = path(&field_column(&column.name, column.ty));
        builder = match (column.ty, scale) {
            (FieldType::Float, None) => builder.set_column_encoding(path, Encoding::BYTE_STREAM_SPLIT),
            (FieldType::Float | FieldType::Integer | FieldType::Unsigned, _) => {
                builder.set_column_encoding(path, Encoding::DELTA_BINARY_PACKED)
            }
            (FieldType::Boolean, _) => builder,
            (FieldType::String, _) => builder
                .set_column_dictionary_enabled(path.clone(), true)
                .set_column_statistics_enabled(path.clone(), EnabledStatistics::None)
                .set_column_encoding(path, Encoding::DELTA_LENGTH_BYTE_ARRAY),
        };
    }
    Ok(builder.build())
}

fn write_field(
    rows: &Rows<'_>,
    slices: &[(usize, Range<usize>)],
    number: usize,
    scale: Option<u32>,
    writer: &mut SerializedColumnWriter<'_>,
) -> Result<()> {
    let column = &rows.columns[number];
    let levels = (!column.dense).then(|| {
        let mut levels: Vec<i16> = Vec::new();
        for (batch, range) in slices {
            match &column.sources[*batch] {
                None => levels.resize(levels.len() + range.len(), 0),
                Some(array) => match array.nulls() {
                    None => levels.resize(levels.len() + range.len(), 1),
                    Some(nulls) => levels.extend(range.clone().map(|i| i16::from(nulls.is_valid(i)))),
                },
            }
        }
        levels
    });
    let levels = levels.as_deref();
    let sources = || {
        slices.iter().filter_map(|(batch, range)| column.sources[*batch].as_ref().map(|a| (a, range.clone())))
    };
    match (column.ty, scale) {
        (FieldType::Float, Some(scale)) => {
            let factor = power(scale);
            // scale_of has seen that every value scales.
            let to = |v| scaled(v, factor).unwrap_or_default();
            let values = primitives::<Float64Type, _>(sources(), to);
            writer.typed::<pq::Int64Type>().write_batch(&values, levels, None)?;
        }
        (FieldType::Float, None) => {
            let values = primitives::<Float64Type, _>(sources(), |v| v);
            writer.typed::<pq::DoubleType>().write_batch(&values, levels, None)?;
        }
        (FieldType::Integer, _) => {
            let values = primitives::<Int64Type, _>(sources(), |v| v);
            writer.typed::<pq::Int64Type>().write_batch(&values, levels, None)?;
        }
        (FieldType::Unsigned, _) => {
            let values = primitives::<UInt64Type, _>(sources(), |v| v as i64);
            writer.typed::<pq::Int64Type>().write_batch(&values, levels, None)?;
        }
        (FieldType::Boolean, _) => {
            let mut values = Vec::new();
            for (array, range) in sources() {
                let array = array.as_boolean();
                values.extend(range.filter(|i| array.is_valid(*i)).map(|i| array.value(i)));
            }
            writer.typed::<pq::BoolType>().write_batch(&values, levels, None)?;
        }
        (FieldType::String, _) => {
            let mut values = Vec::new();
            for (array, range) in sources() {
                let array = array.as_string::<i32>();
                let first = array.value_offsets()[range.start] as usize;
                let last = array.value_offsets()[range.end] as usize;
                // One copy of the texts, which all values share.
                let bytes = Bytes::copy_from_slice(&array.value_data()[first..last]);
                values.extend(range.filter(|i| array.is_valid(*i)).map(|i| {
                    let start = array.value_offsets()[i] as usize - first;
                    let end = array.value_offsets()[i + 1] as usize - first;
                    ByteArray::from(bytes.slice(start..end))
                }));
            }
            writer.typed::<pq::ByteArrayType>().write_batch(&values, levels, None)?;
        }
    }
    Ok(())
}

/// The values that are there, mapped to what Parquet stores.
fn primitives<'a, A: ArrowPrimitiveType, T>(
    sources: impl Iterator<Item = (&'a arrow_array::ArrayRef, Range<usize>)>,
    map: impl Fn(A::Native) -> T,
) -> Vec<T> {
    let mut values = Vec::new();
    for (array, range) in sources {
        let array: &PrimitiveArray<A> = array.as_primitive();
        match array.nulls().filter(|n| n.null_count() > 0) {
            None => values.extend(array.values()[range].iter().map(|v| map(*v))),
            Some(nulls) => {
                values.extend(range.filter(|i| nulls.is_valid(*i)).map(|i| map(array.values()[i])));
            }
        }
    }
    values
}
