//! An object: many segments, then a footer that describes them.
//!
//! ```text
//! for each segment: Parquet file, series index
//! footer: zstd over JSON {"bucket", "shard_group", "segments": [...]}
//! length of the footer: u32 little-endian
//! version: u32 little-endian
//! magic "WEIROBJ\n"
//! ```
//!
//! Scans never read the footer, for the file index has the same; it is there so that a lost index can be made again
//! from the objects alone.

use std::sync::Arc;

use serde_json::{Value, json};
use weir_batch::FieldType;
use weir_model::Id;
use xxhash_rust::xxh3::xxh3_64;

use super::segment::SegmentMeta;
use super::write::EncodedSegment;
use super::{FORMAT_VERSION, ZSTD_LEVEL};
use crate::error::{Result, StoreError};
use crate::frames::decompress;

const MAGIC: &[u8; 8] = b"WEIROBJ\n";

/// Puts encoded segments into one object: its bytes, and what the file index will know of each segment.
pub(crate) fn assemble(
    bucket: Id,
    shard_group: i64,
    created: i64,
    deletes_applied: u64,
    encoded: Vec<EncodedSegment>,
) -> Result<(Vec<u8>, Vec<SegmentMeta>)> {
    let mut bytes = Vec::with_capacity(encoded.iter().map(|e| e.parquet.len() + e.index.len() + 256).sum());
    let mut segments = Vec::with_capacity(encoded.len());
    for segment in encoded {
        let start = bytes.len() as u64;
        bytes.extend_from_slice(&segment.parquet);
        let end = bytes.len() as u64;
        bytes.extend_from_slice(&segment.index);
        segments.push(SegmentMeta {
            id: 0,
            bucket,
            shard_group,
            measurement: segment.measurement,
            object: "".into(),
            data: start..end,
            tail: start + segment.tail as u64,
            index: end..bytes.len() as u64,
            rows: segment.rows,
            series: segment.series,
            min_time: segment.times.0,
            max_time: segment.times.1,
            min_sequence: segment.sequences.0,
            max_sequence: segment.sequences.1,
            deletes_applied,
            fields: segment.fields,
            tag_keys: segment.tag_keys,
            created,
        });
    }
    // The path is made of what is in the object, so a flush that is replayed writes the same object again.
    let low = segments.iter().map(|s| s.min_sequence).min().unwrap_or_default();
    let high = segments.iter().map(|s| s.max_sequence).max().unwrap_or_default();
    let hash = xxh3_64(&bytes);
    let object: Arc<str> =
        format!("data/{bucket}/{shard_group}/{low:016x}-{high:016x}-{hash:016x}.weir").into();
    for segment in &mut segments {
        segment.object = object.clone();
        segment.id = segment_id(&object, segment.data.start);
    }
    let footer = json!({
        "bucket": bucket, "shard_group": shard_group,
        "segments": segments.iter().map(to_json).collect::<Vec<_>>(),
    });
    let footer = zstd::bulk::compress(footer.to_string().as_bytes(), ZSTD_LEVEL)
        .map_err(|e| StoreError::Rows(format!("the footer cannot be compressed: {e}")))?;
    let length =
        u32::try_from(footer.len()).map_err(|_| StoreError::Rows("the footer is too large".to_owned()))?;
    bytes.extend_from_slice(&footer);
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
    bytes.extend_from_slice(MAGIC);
    Ok((bytes, segments))
}

/// A positive number made of the segment's place.
fn segment_id(object: &str, offset: u64) -> i64 {
    (xxh3_64(format!("{object}@{offset}").as_bytes()) & i64::MAX as u64) as i64
}

fn to_json(s: &SegmentMeta) -> Value {
    json!({
        "measurement": &*s.measurement,
        "data": [s.data.start, s.data.end], "tail": s.tail, "index": [s.index.start, s.index.end],
        "rows": s.rows, "series": s.series, "times": [s.min_time, s.max_time],
        "sequences": [s.min_sequence, s.max_sequence], "deletes": s.deletes_applied, "created": s.created,
        "fields": s.fields.iter().map(|(n, t)| json!([&**n, t.as_str()])).collect::<Vec<_>>(),
        "tags": s.tag_keys.iter().map(|t| &**t).collect::<Vec<_>>(),
    })
}

/// Reads back what [`assemble`] wrote of an object's segments, from the whole object or its end.
///
/// # Errors
/// [`StoreError::Corrupt`] if the bytes are not the end of an object of a version this program knows.
pub fn read_footer(object: &str, bytes: &[u8]) -> Result<Vec<SegmentMeta>> {
    let corrupt = |reason: &str| StoreError::corrupt(object, reason);
    let rest = bytes.strip_suffix(MAGIC).ok_or_else(|| corrupt("it does not end as an object does"))?;
    let (rest, version) = rest.split_last_chunk::<4>().ok_or_else(|| corrupt("it is cut off"))?;
    if u32::from_le_bytes(*version) != FORMAT_VERSION {
        return Err(corrupt("it has a version this program does not know"));
    }
    let (rest, length) = rest.split_last_chunk::<4>().ok_or_else(|| corrupt("it is cut off"))?;
    let start = rest.len().checked_sub(u32::from_le_bytes(*length) as usize);
    let footer = start.and_then(|start| rest.get(start..)).ok_or_else(|| corrupt("its footer is cut off"))?;
    let footer = decompress(&[], footer).map_err(|_| corrupt("its footer cannot be decompressed"))?;
    let footer: Value = serde_json::from_slice(&footer).map_err(|_| corrupt("its footer is malformed"))?;
    segments_of(object, &footer).ok_or_else(|| corrupt("its footer is malformed"))
}

fn segments_of(object: &str, footer: &Value) -> Option<Vec<SegmentMeta>> {
    let bucket: Id = footer["bucket"].as_str()?.parse().ok()?;
    let shard_group = footer["shard_group"].as_i64()?;
    let object: Arc<str> = object.into();
    footer["segments"]
        .as_array()?
        .iter()
        .map(|s| {
            let data = s["data"][0].as_u64()?..s["data"][1].as_u64()?;
            Some(SegmentMeta {
                id: segment_id(&object, data.start),
                bucket,
                shard_group,
                measurement: s["measurement"].as_str()?.into(),
                object: object.clone(),
                data,
                tail: s["tail"].as_u64()?,
                index: s["index"][0].as_u64()?..s["index"][1].as_u64()?,
                rows: s["rows"].as_u64()?,
                series: s["series"].as_u64()?,
                min_time: s["times"][0].as_i64()?,
                max_time: s["times"][1].as_i64()?,
                min_sequence: s["sequences"][0].as_u64()?,
                max_sequence: s["sequences"][1].as_u64()?,
                deletes_applied: s["deletes"].as_u64()?,
                fields: s["fields"]
                    .as_array()?
                    .iter()
                    .map(|f| Some((f[0].as_str()?.into(), FieldType::from_name(f[1].as_str()?)?)))
                    .collect::<Option<_>>()?,
                tag_keys: s["tags"]
                    .as_array()?
                    .iter()
                    .map(|t| t.as_str().map(Arc::from))
                    .collect::<Option<_>>()?,
                created: s["created"].as_i64()?,
            })
        })
        .collect()
}
