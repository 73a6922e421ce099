//! Rollups: summaries of stretches of rows, kept in the series index of a segment, so that aggregates over long windows
//! need not read the rows.
//!
//! ```text
//! varint every (nanoseconds), varint entries E
//! bytes: zstd over the stretches, each stream E long:
//!   varint first row - row after the last entry's, varint rows, signed (min time - min time before),
//!   varint (max time - min time)
//! varint fields (those of the segment, in order), then each: bytes (empty: the field has no rollup), zstd over
//!   varint (rows - values), varint (first time - min time), varint (max time - last time),
//!   then sum, min, max, first, last: integers signed varint, unsigned varint, floats their 8 bytes, byte by byte
//! ```
//!
//! An entry is the rows of one series between two multiples of `every`; entries are in the order of rows. Texts,
//! booleans and integers so large that sums might lose digits as floats have none. A segment has rollups only if entries have [`ENOUGH_ROWS`] rows on average.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type, UInt64Type};
use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, UInt64Array};
use arrow_buffer::{NullBuffer, ScalarBuffer};
use bytes::Bytes;
use weir_batch::{FieldArray, FieldType, Picked, ReducedField, Reductions, ScanWindows};

use super::rows::Rows;
use super::varint::{Reader, put, put_bytes, put_signed};
use crate::frames::decompress;

const HOUR: i64 = 3_600_000_000_000;
/// How long entries may be, the shortest first.
const LENGTHS: [i64; 2] = [HOUR, 24 * HOUR];
/// Fewer rows an entry are read as fast as its summaries, which would take a tenth of the rows' place or more.
const ENOUGH_ROWS: usize = 128;
const ZSTD_LEVEL: i32 = 3;

/// Which stretches of rows a segment's rollups are of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stretches {
    pub(crate) first_row: Vec<u64>,
    pub(crate) rows: Vec<u64>,
    pub(crate) min_time: Vec<i64>,
    pub(crate) max_time: Vec<i64>,
}

/// The rollups of a segment: the stretches decoded, the fields as they lie there.
#[derive(Debug)]
pub(crate) struct Rollups {
    pub(crate) stretches: Stretches,
    fields: Vec<Bytes>,
}

/// Writes the rollups of a segment; `None` if they would not pay.
pub(crate) fn encode(rows: &Rows<'_>) -> std::io::Result<Option<Vec<u8>>> {
    let numbers = |ty: FieldType| !matches!(ty, FieldType::Boolean | FieldType::String);
    if !rows.columns.iter().any(|c| numbers(c.ty)) {
        return Ok(None);
    }
    for every in LENGTHS {
        let windows = ScanWindows::Every { every, offset: 0 };
        // The stretches of each batch, as its rows.
        let mut cuts: Vec<Vec<Range<usize>>> = vec![Vec::new(); rows.batches.len()];
        for run in rows.runs() {
            let times = rows.batches[run.batch].times.values();
            windows.cut(times, run.range.clone(), |_, stretch| cuts[run.batch].push(stretch));
        }
        let entries: usize = cuts.iter().map(Vec::len).sum();
        if entries * ENOUGH_ROWS > rows.len() {
            continue;
        }
        return encode_entries(rows, every, &cuts).map(Some);
    }
    Ok(None)
}

fn encode_entries(rows: &Rows<'_>, every: i64, cuts: &[Vec<Range<usize>>]) -> std::io::Result<Vec<u8>> {
    let mut stretches =
        Stretches { first_row: Vec::new(), rows: Vec::new(), min_time: Vec::new(), max_time: Vec::new() };
    for run in rows.runs() {
        let times = rows.batches[run.batch].times.values();
        let of_batch = &cuts[run.batch];
        let from = of_batch.partition_point(|cut| cut.start < run.range.start);
        for cut in of_batch[from..].iter().take_while(|cut| cut.end <= run.range.end) {
            stretches.first_row.push((run.first_row + cut.start - run.range.start) as u64);
            stretches.rows.push(cut.len() as u64);
            stretches.min_time.push(times[cut.start]);
            stretches.max_time.push(times[cut.end - 1]);
        }
    }
    let mut out = Vec::new();
    put(&mut out, every as u64);
    put(&mut out, stretches.rows.len() as u64);
    put_bytes(&mut out, &zstd::bulk::compress(&stretches.encode(), ZSTD_LEVEL)?);
    put(&mut out, rows.columns.len() as u64);
    for column in &rows.columns {
        if matches!(column.ty, FieldType::Boolean | FieldType::String) {
            put_bytes(&mut out, &[]);
            continue;
        }
        let mut field = Field::new(column.ty);
        let mut entry = 0;
        for (batch, cuts) in cuts.iter().enumerate() {
            let mine = entry..entry + cuts.len();
            entry = mine.end;
            let source = column.sources[batch].as_ref();
            let reduced = source.and_then(|values| {
                let array = FieldArray { name: column.name.clone(), values: values.clone() };
                array.reduce(rows.batches[batch].times.values(), cuts, EVERYTHING)
            });
            field.push(&stretches, mine, reduced.as_ref());
        }
        let bytes =
            if field.is_large() { Vec::new() } else { zstd::bulk::compress(&field.encode(), ZSTD_LEVEL)? };
        put_bytes(&mut out, &bytes);
    }
    Ok(out)
}

const EVERYTHING: Reductions =
    Reductions { sum: true, float_sum: false, min: true, max: true, first: true, last: true, times: true };

impl Stretches {
    fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut next = 0;
        for (first, rows) in self.first_row.iter().zip(&self.rows) {
            put(&mut out, first - next);
            next = first + rows;
        }
        self.rows.iter().for_each(|rows| put(&mut out, *rows));
        let mut before = 0i64;
        for time in &self.min_time {
            put_signed(&mut out, time.wrapping_sub(before));
            before = *time;
        }
        for (min, max) in self.min_time.iter().zip(&self.max_time) {
            put(&mut out, max.wrapping_sub(*min) as u64);
        }
        out
    }

    fn decode(raw: &[u8], entries: usize) -> Option<Self> {
        let mut r = Reader::new(raw);
        let mut first_row = Vec::with_capacity(entries.min(raw.len()));
        for _ in 0..entries {
            first_row.push(r.get()?);
        }
        let mut rows = Vec::with_capacity(first_row.len());
        let mut next = 0u64;
        for first in &mut first_row {
            let count = r.get()?;
            *first = first.checked_add(next)?;
            next = first.checked_add(count)?;
            rows.push(count);
        }
        let (mut min_time, mut before) = (Vec::with_capacity(rows.len()), 0i64);
        for _ in 0..entries {
            before = before.wrapping_add(r.get_signed()?);
            min_time.push(before);
        }
        let mut max_time = Vec::with_capacity(rows.len());
        for min in &min_time {
            max_time.push(min.wrapping_add(r.get()? as i64));
        }
        r.is_empty().then_some(Self { first_row, rows, min_time, max_time })
    }

    pub(crate) fn memory_size(&self) -> usize {
        self.rows.len() * 32
    }

    /// The stretches that lie in the rows `range` as a whole.
    pub(crate) fn within(&self, range: &Range<u64>) -> Range<usize> {
        let start = self.first_row.partition_point(|first| *first < range.start);
        let end = start
            + self.first_row[start..]
                .iter()
                .zip(&self.rows[start..])
                .take_while(|(first, rows)| *first + *rows <= range.end)
                .count();
        start..end
    }
}

/// The streams of one field while they are written. All values are kept as the bits of their type.
struct Field {
    ty: FieldType,
    absent: Vec<u64>,
    early: Vec<u64>,
    late: Vec<u64>,
    /// Sum, min, max, first, last.
    values: [Vec<u64>; 5],
}

impl Field {
    fn new(ty: FieldType) -> Self {
        Self { ty, absent: Vec::new(), early: Vec::new(), late: Vec::new(), values: Default::default() }
    }

    fn push(&mut self, stretches: &Stretches, entries: Range<usize>, reduced: Option<&ReducedField>) {
        let Some(reduced) = reduced else {
            for entry in entries {
                self.absent.push(stretches.rows[entry]);
                self.early.push(0);
                self.late.push(0);
                self.values.iter_mut().for_each(|v| v.push(0));
            }
            return;
        };
        let picked = [&reduced.min, &reduced.max, &reduced.first, &reduced.last];
        let time = |p: &Option<Picked>, at: usize| {
            p.as_ref().and_then(|p| p.times.as_ref()).filter(|t| t.is_valid(at)).map(|t| t.value(at))
        };
        for (at, entry) in entries.enumerate() {
            self.absent.push(stretches.rows[entry] - reduced.count.value(at));
            let first = time(&reduced.first, at).map_or(0, |t| t.wrapping_sub(stretches.min_time[entry]));
            let last = time(&reduced.last, at).map_or(0, |t| stretches.max_time[entry].wrapping_sub(t));
            self.early.push(first as u64);
            self.late.push(last as u64);
            self.values[0].push(reduced.sum.as_ref().map_or(0, |sum| bits(self.ty, sum, at)));
            for (values, picked) in self.values[1..].iter_mut().zip(picked) {
                values.push(picked.as_ref().map_or(0, |p| bits(self.ty, &p.values, at)));
            }
        }
    }

    /// Whether sums of integers may differ from sums of the same as floats.
    fn is_large(&self) -> bool {
        const EXACT: u64 = 1 << 40;
        self.values.iter().flatten().any(|v| match self.ty {
            FieldType::Unsigned => *v > EXACT,
            FieldType::Integer => (*v as i64).unsigned_abs() > EXACT,
            _ => false,
        })
    }

    fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for stream in [&self.absent, &self.early, &self.late] {
            stream.iter().for_each(|v| put(&mut out, *v));
        }
        for stream in &self.values {
            match self.ty {
                FieldType::Float => {
                    for byte in 0..8 {
                        out.extend(stream.iter().map(|v| (v >> (8 * byte)) as u8));
                    }
                }
                FieldType::Unsigned => stream.iter().for_each(|v| put(&mut out, *v)),
                _ => stream.iter().for_each(|v| put_signed(&mut out, *v as i64)),
            }
        }
        out
    }
}

fn bits(ty: FieldType, values: &ArrayRef, at: usize) -> u64 {
    if values.is_null(at) {
        return 0;
    }
    match ty {
        FieldType::Float => values.as_primitive_opt::<Float64Type>().map_or(0, |v| v.value(at).to_bits()),
        FieldType::Integer => values.as_primitive_opt::<Int64Type>().map_or(0, |v| v.value(at) as u64),
        FieldType::Unsigned => values.as_primitive_opt::<UInt64Type>().map_or(0, |v| v.value(at)),
        FieldType::Boolean | FieldType::String => 0,
    }
}

impl Rollups {
    /// Reads the stretches; `None` if the bytes are malformed.
    pub(crate) fn parse(bytes: &Bytes) -> Option<Self> {
        let mut r = Reader::new(bytes);
        let _every = r.get()?;
        let entries = r.get_usize()?;
        let raw = decompress(&[], r.get_bytes()?).ok()?;
        let stretches = Stretches::decode(&raw, entries)?;
        let mut fields = Vec::new();
        for _ in 0..r.get()? {
            fields.push(bytes.slice_ref(r.get_bytes()?));
        }
        r.is_empty().then_some(Self { stretches, fields })
    }

    pub(crate) fn memory_size(&self) -> usize {
        self.stretches.memory_size() + self.fields.iter().map(|f| f.len() + 32).sum::<usize>()
    }

    /// Whether a field, by its number in the segment, has rollups.
    pub(crate) fn has(&self, field: usize) -> bool {
        self.fields.get(field).is_some_and(|bytes| !bytes.is_empty())
    }

    /// Decodes a field's summaries; `None` if it has none, or they are malformed.
    pub(crate) fn field(&self, number: usize, name: &Arc<str>, ty: FieldType) -> Option<ReducedField> {
        let raw = decompress(&[], self.fields.get(number).filter(|b| !b.is_empty())?).ok()?;
        let mut r = Reader::new(&raw);
        let stretches = &self.stretches;
        let entries = stretches.rows.len();
        let stream = |r: &mut Reader<'_>| (0..entries).map(|_| r.get()).collect::<Option<Vec<u64>>>();
        let (absent, early, late) = (stream(&mut r)?, stream(&mut r)?, stream(&mut r)?);
        let count: Vec<u64> = stretches
            .rows
            .iter()
            .zip(&absent)
            .map(|(rows, absent)| rows.checked_sub(*absent))
            .collect::<Option<_>>()?;
        let nulls: Option<NullBuffer> =
            count.contains(&0).then(|| count.iter().map(|n| *n > 0).collect::<Vec<bool>>().into());
        let mut column = || -> Option<ArrayRef> {
            Some(match ty {
                FieldType::Float => {
                    let bytes = r.take(entries.checked_mul(8)?)?;
                    let value = |i: usize| {
                        f64::from_bits((0..8).map(|b| u64::from(bytes[b * entries + i]) << (8 * b)).sum())
                    };
                    let values: Vec<f64> = (0..entries).map(value).collect();
                    Arc::new(Float64Array::new(ScalarBuffer::from(values), nulls.clone()))
                }
                FieldType::Integer => {
                    let values = (0..entries).map(|_| r.get_signed()).collect::<Option<Vec<i64>>>()?;
                    Arc::new(Int64Array::new(ScalarBuffer::from(values), nulls.clone()))
                }
                FieldType::Unsigned => {
                    let values = (0..entries).map(|_| r.get()).collect::<Option<Vec<u64>>>()?;
                    Arc::new(UInt64Array::new(ScalarBuffer::from(values), nulls.clone()))
                }
                FieldType::Boolean | FieldType::String => return None,
            })
        };
        let sum = column()?;
        let (min, max, first, last) = (column()?, column()?, column()?, column()?);
        let times = |values: Vec<i64>| Some(Int64Array::new(ScalarBuffer::from(values), nulls.clone()));
        let first_times =
            stretches.min_time.iter().zip(&early).map(|(t, d)| t.wrapping_add(*d as i64)).collect();
        let last_times =
            stretches.max_time.iter().zip(&late).map(|(t, d)| t.wrapping_sub(*d as i64)).collect();
        let float_sum: Option<Float64Array> = match ty {
            FieldType::Float => sum.as_primitive_opt::<Float64Type>().cloned(),
            FieldType::Integer => sum.as_primitive_opt::<Int64Type>().map(|s| s.unary(|v| v as f64)),
            _ => sum.as_primitive_opt::<UInt64Type>().map(|s| s.unary(|v| v as f64)),
        };
        r.is_empty().then(|| ReducedField {
            name: name.clone(),
            ty,
            count: UInt64Array::from(count),
            sum: Some(sum),
            float_sum,
            min: Some(Picked { values: min, times: None }),
            max: Some(Picked { values: max, times: None }),
            first: Some(Picked { values: first, times: times(first_times) }),
            last: Some(Picked { values: last, times: times(last_times) }),
        })
    }
}
