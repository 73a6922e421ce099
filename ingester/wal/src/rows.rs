//! Rows as bytes: the columns of a [`WriteBatch`], with its series keys or without.

use weir_batch::{FieldColumn, FieldType, FieldValues, MeasurementRows, SeriesKey, SeriesKeys, WriteBatch};

use crate::block::{Block, Reader, Unpacked};
use crate::error::Error;
use crate::input::{Garbled, put_text, put_varint};
use crate::numbers::{
    put_booleans, put_floats, put_integers, put_steps, take_booleans, take_floats, take_integers, take_steps,
};

/// The version of the rows' form, its first byte.
const VERSION: u8 = 1;

/// The rows as bytes that stand for themselves: the body of a write between roles.
pub fn encode_rows(rows: &WriteBatch) -> Vec<u8> {
    let mut out = Vec::new();
    put_rows(rows, true, &mut out);
    out
}

/// Reads what [`encode_rows`] wrote.
///
/// # Errors
/// [`Error::Garbled`] for bytes that are not rows; never a panic.
pub fn decode_rows(bytes: &[u8]) -> Result<WriteBatch, Error> {
    take_rows(bytes, None).map_err(Error::from)
}

/// Appends the rows to `out`; without `series`, the keys are left to the log's dictionary.
pub(crate) fn put_rows(rows: &WriteBatch, series: bool, out: &mut Vec<u8>) {
    let mut block = Block::default();
    put_varint(&mut block.meta, rows.measurements.len() as u64);
    for m in &rows.measurements {
        put_text(&mut block.meta, &m.measurement);
        if series {
            put_keys(&mut block, &m.series, 0);
        }
        put_varint(&mut block.meta, m.times.len() as u64);
        put_steps(&mut block, m.row_series.iter().map(|&s| i64::from(s)));
        put_steps(&mut block, m.times.iter().copied());
        put_varint(&mut block.meta, m.fields.len() as u64);
        for field in &m.fields {
            put_field(&mut block, field);
        }
    }
    out.push(VERSION);
    block.finish(out);
}

/// Appends the series keys from `first` on, with their count.
pub(crate) fn put_keys(block: &mut Block, keys: &SeriesKeys, first: usize) {
    put_varint(&mut block.meta, (keys.len() - first) as u64);
    put_integers(block, (first..keys.len()).map(|i| keys.get(i).0.len() as i64));
    for i in first..keys.len() {
        block.soft.extend_from_slice(keys.get(i).0.as_bytes());
    }
}

/// Reads what [`put_keys`] wrote, key by key.
pub(crate) fn take_keys(
    reader: &mut Reader<'_>,
    mut each: impl FnMut(SeriesKey<'_>) -> Result<(), Garbled>,
) -> Result<(), Garbled> {
    let count = reader.count(4)?;
    for length in take_integers(reader, count)? {
        let length = usize::try_from(length).map_err(|_| Garbled("a series key has no length"))?;
        let key = std::str::from_utf8(reader.soft.take(length)?)
            .map_err(|_| Garbled("a series key is not UTF-8"))?;
        each(SeriesKey(key))?;
    }
    Ok(())
}

fn put_field(block: &mut Block, field: &FieldColumn) {
    put_text(&mut block.meta, &field.name);
    block.meta.push(field.field_type() as u8);
    match &field.rows {
        None => block.meta.push(0),
        Some(rows) => {
            block.meta.push(1);
            put_varint(&mut block.meta, rows.len() as u64);
            put_steps(block, rows.iter().map(|&r| i64::from(r)));
        }
    }
    match &field.values {
        FieldValues::Float(v) => put_floats(block, v),
        FieldValues::Integer(v) => put_integers(block, v.iter().copied()),
        // Turned by the sign bit, unsigned integers keep their order as signed ones.
        FieldValues::Unsigned(v) => put_integers(block, v.iter().map(|&v| (v ^ 1 << 63) as i64)),
        FieldValues::Boolean(v) => put_booleans(block, v),
        FieldValues::String { offsets, bytes } => {
            put_integers(block, offsets.windows(2).map(|w| i64::from(w[1] - w[0])));
            block.soft.extend_from_slice(bytes.as_bytes());
        }
    }
}

/// Reads rows; `series` gives each measurement its keys where the bytes have none.
pub(crate) fn take_rows(bytes: &[u8], series: Option<Vec<SeriesKeys>>) -> Result<WriteBatch, Garbled> {
    let (&version, bytes) = bytes.split_first().ok_or(Garbled("no rows"))?;
    if version != VERSION {
        return Err(Garbled("rows of an unknown version"));
    }
    let block = Unpacked::new(bytes)?;
    let mut reader = block.reader();
    let mut given = series.map(Vec::into_iter);
    let mut out = WriteBatch::default();
    for _ in 0..reader.count(1)? {
        let mut m = MeasurementRows::new(reader.meta.text()?);
        match &mut given {
            Some(given) => m.series = given.next().ok_or(Garbled("a measurement without series"))?,
            None => take_keys(&mut reader, |key| {
                m.series.push(key);
                Ok(())
            })?,
        }
        let rows = reader.count(12)?;
        let series = m.series.len();
        m.row_series = indices(take_steps(&mut reader, rows)?, series)?;
        m.times = take_steps(&mut reader, rows)?;
        for _ in 0..reader.count(1)? {
            let field = take_field(&mut reader, rows)?;
            m.fields.push(field);
        }
        out.measurements.push(m);
    }
    reader.end()?;
    Ok(out)
}

/// Checks that all numbers lie below `limit`.
fn indices(values: Vec<i64>, limit: usize) -> Result<Vec<u32>, Garbled> {
    values
        .into_iter()
        .map(|v| {
            u32::try_from(v).ok().filter(|&v| (v as usize) < limit).ok_or(Garbled("an index is out of range"))
        })
        .collect()
}

fn take_field(reader: &mut Reader<'_>, rows: usize) -> Result<FieldColumn, Garbled> {
    const TYPES: [FieldType; 5] =
        [FieldType::Float, FieldType::Integer, FieldType::Unsigned, FieldType::Boolean, FieldType::String];
    let name = reader.meta.text()?.to_owned();
    let ty = *TYPES.get(usize::from(reader.meta.byte()?)).ok_or(Garbled("unknown field type"))?;
    let (count, at) = match reader.meta.byte()? {
        0 => (rows, None),
        1 => {
            let count = reader.count(4)?;
            let at = indices(take_steps(reader, count)?, rows)?;
            if at.windows(2).any(|w| w[0] >= w[1]) {
                return Err(Garbled("rows of a field do not ascend"));
            }
            (count, Some(at))
        }
        _ => return Err(Garbled("unknown form of a field")),
    };
    let values = match ty {
        FieldType::Float => FieldValues::Float(take_floats(reader, count)?),
        FieldType::Integer => FieldValues::Integer(take_integers(reader, count)?),
        FieldType::Unsigned => {
            let values = take_integers(reader, count)?;
            FieldValues::Unsigned(values.into_iter().map(|v| v as u64 ^ 1 << 63).collect())
        }
        FieldType::Boolean => FieldValues::Boolean(take_booleans(reader, count)?),
        FieldType::String => take_strings(reader, count)?,
    };
    Ok(FieldColumn { name, values, rows: at })
}

fn take_strings(reader: &mut Reader<'_>, count: usize) -> Result<FieldValues, Garbled> {
    let mut offsets = Vec::with_capacity(count + 1);
    let mut end = 0u32;
    offsets.push(end);
    for length in take_integers(reader, count)? {
        let length = u32::try_from(length).map_err(|_| Garbled("a string has no length"))?;
        end = end.checked_add(length).ok_or(Garbled("strings are too long"))?;
        offsets.push(end);
    }
    let bytes =
        std::str::from_utf8(reader.soft.take(end as usize)?).map_err(|_| Garbled("a string is not UTF-8"))?;
    if offsets.iter().any(|&at| !bytes.is_char_boundary(at as usize)) {
        return Err(Garbled("a string is not UTF-8"));
    }
    Ok(FieldValues::String { offsets, bytes: bytes.to_owned() })
}
