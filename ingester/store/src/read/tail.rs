//! A segment's tail: the Parquet footer with its page index, and the series index.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{LogicalType, Type as Physical};
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader};
use weir_batch::FieldType;

use crate::error::{Result, StoreError};
use crate::layout::{
    FORMAT_VERSION, SEQUENCE_COLUMN, SegmentMeta, SeriesIndex, TIME_COLUMN, VERSION_KEY, field_column, power,
};

/// What planning and decoding a scan of a segment needs, without its data.
#[derive(Debug)]
pub(crate) struct Tail {
    pub(crate) metadata: ParquetMetaData,
    pub(crate) series: SeriesIndex,
    /// Number of the first row of each row group, and of the row after the last.
    pub(crate) group_starts: Vec<u64>,
    pub(crate) time: Leaf,
    pub(crate) sequence: Leaf,
    /// One for each of the segment's fields, in their order.
    pub(crate) fields: Vec<Leaf>,
    memory: usize,
}

/// A column of the Parquet file and how its values are to be understood.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Leaf {
    pub(crate) number: usize,
    pub(crate) kind: Kind,
}

/// What a column's values become.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Float,
    /// Integers to be divided by this power of ten.
    Scaled(f64),
    Integer,
    Unsigned,
    Boolean,
    String,
}

impl Tail {
    /// Reads the bytes from the segment's `tail` to the end of its series index.
    pub(crate) fn parse(segment: &SegmentMeta, bytes: &Bytes) -> Result<Self> {
        let corrupt = |reason: &str| StoreError::corrupt(&segment.object, reason);
        let footer = (segment.data.end - segment.tail) as usize;
        if (bytes.len() as u64) != segment.index.end - segment.tail || footer > bytes.len() {
            return Err(corrupt("it is shorter than the file index says"));
        }
        let mut reader = ParquetMetaDataReader::new()
            .with_column_index_policy(PageIndexPolicy::Skip)
            .with_offset_index_policy(PageIndexPolicy::Required);
        reader.try_parse_sized(&bytes.slice(..footer), segment.data.end - segment.data.start)?;
        let metadata = reader.finish()?;
        let version = metadata
            .file_metadata()
            .key_value_metadata()
            .and_then(|pairs| pairs.iter().find(|p| p.key == VERSION_KEY))
            .and_then(|pair| pair.value.as_deref());
        if version != Some(FORMAT_VERSION.to_string().as_str()) {
            return Err(corrupt("its Parquet file has a version this program does not know"));
        }
        let series = SeriesIndex::parse(&bytes.slice(footer..)).map_err(corrupt)?;

        let schema = metadata.file_metadata().schema_descr();
        let numbers: HashMap<&str, usize> =
            schema.columns().iter().enumerate().map(|(number, column)| (column.name(), number)).collect();
        let find = |name: &str, ty: FieldType| {
            let number = *numbers.get(name)?;
            let column = schema.column(number);
            let kind = match (ty, column.physical_type(), column.logical_type_ref()) {
                (FieldType::Float, Physical::INT64, Some(LogicalType::Decimal(decimal))) => {
                    Kind::Scaled(power(u32::try_from(decimal.scale).ok()?))
                }
                (FieldType::Float, Physical::DOUBLE, _) => Kind::Float,
                (FieldType::Integer, Physical::INT64, _) => Kind::Integer,
                (FieldType::Unsigned, Physical::INT64, _) => Kind::Unsigned,
                (FieldType::Boolean, Physical::BOOLEAN, _) => Kind::Boolean,
                (FieldType::String, Physical::BYTE_ARRAY, _) => Kind::String,
                _ => return None,
            };
            Some(Leaf { number, kind })
        };
        let missing = || corrupt("its columns are not those of the file index");
        let time = find(TIME_COLUMN, FieldType::Integer).ok_or_else(missing)?;
        let sequence = find(SEQUENCE_COLUMN, FieldType::Unsigned).ok_or_else(missing)?;
        let fields = segment
            .fields
            .iter()
            .map(|(name, ty)| find(&field_column(name, *ty), *ty).ok_or_else(missing))
            .collect::<Result<_>>()?;
        let mut group_starts = vec![0u64];
        let mut rows = 0u64;
        for group in metadata.row_groups() {
            rows +=
                u64::try_from(group.num_rows()).map_err(|_| corrupt("a row group has a negative length"))?;
            group_starts.push(rows);
        }
        if rows != segment.rows || series.blocks.last().map(|b| b.first_row + b.rows) != Some(rows) {
            return Err(corrupt("its rows are not as many as the file index says"));
        }
        let memory = metadata.memory_size() + series.memory_size() + 256;
        Ok(Self { metadata, series, group_starts, time, sequence, fields, memory })
    }

    pub(crate) fn memory_size(&self) -> usize {
        self.memory
    }

    /// The row groups that hold rows of `range`.
    pub(crate) fn groups_of(&self, range: &std::ops::Range<u64>) -> std::ops::Range<usize> {
        let first = self.group_starts.partition_point(|start| *start <= range.start).saturating_sub(1);
        let end = self.group_starts.partition_point(|start| *start < range.end);
        first..end.min(self.group_starts.len() - 1)
    }
}

/// A segment that is open for reading.
#[derive(Debug, Clone)]
pub(crate) struct OpenSegment {
    pub(crate) meta: Arc<SegmentMeta>,
    pub(crate) tail: Arc<Tail>,
}
