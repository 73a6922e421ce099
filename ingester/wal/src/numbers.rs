//! Vectors of numbers: offsets from their minimum in as few byte planes as they need.
//!
//! A plane holds one byte of every value. Planes with runs go where lz4 sees them, the others beside it, so that no
//! time is lost on bytes that do not get smaller.

use crate::block::{Block, Reader};
use crate::input::{Garbled, put_varint, put_zigzag};

/// Whether the bytes have runs, judged by a sample of up to 256 neighbours.
fn has_runs(bytes: &[u8]) -> bool {
    let step = (bytes.len() / 256).max(1);
    let (mut same, mut seen) = (0, 0);
    for pair in bytes.windows(2).step_by(step) {
        same += usize::from(pair[0] == pair[1]);
        seen += 1;
    }
    same * 3 > seen
}

/// Appends the `width` low bytes of each value, plane by plane. Which planes are soft is told in one byte.
fn put_planes(block: &mut Block, width: usize, values: impl Iterator<Item = u64> + Clone) {
    let flags_at = block.meta.len();
    block.meta.push(0);
    for plane in 0..width {
        let start = block.hard.len();
        block.hard.extend(values.clone().map(|v| (v >> (8 * plane)) as u8));
        if has_runs(&block.hard[start..]) {
            block.soft.extend_from_slice(&block.hard[start..]);
            block.hard.truncate(start);
            block.meta[flags_at] |= 1 << plane;
        }
    }
}

fn take_planes(reader: &mut Reader<'_>, width: usize, count: usize) -> Result<Vec<u64>, Garbled> {
    if width > 8 {
        return Err(Garbled("a number is too wide"));
    }
    let flags = reader.meta.byte()?;
    reader.allow(count, 8)?;
    let mut out = Vec::new();
    for plane in 0..width {
        let source = if flags >> plane & 1 == 1 { &mut reader.soft } else { &mut reader.hard };
        let bytes = source.take(count)?;
        if plane == 0 {
            out.extend(bytes.iter().map(|&b| u64::from(b)));
        } else {
            out.iter_mut().zip(bytes).for_each(|(v, &b)| *v |= u64::from(b) << (8 * plane));
        }
    }
    out.resize(count, 0);
    Ok(out)
}

/// Appends integers. Their count is for the caller to keep.
pub(crate) fn put_integers(block: &mut Block, values: impl Iterator<Item = i64> + Clone) {
    let (mut min, mut max) = (i64::MAX, i64::MIN);
    for v in values.clone() {
        min = min.min(v);
        max = max.max(v);
    }
    if min > max {
        return; // none
    }
    let span = max.wrapping_sub(min) as u64;
    let width = (64 - span.leading_zeros()).div_ceil(8) as usize;
    put_zigzag(&mut block.meta, min);
    block.meta.push(width as u8);
    if width > 0 {
        put_planes(block, width, values.map(|v| v.wrapping_sub(min) as u64));
    }
}

/// Reads `count` integers.
pub(crate) fn take_integers(reader: &mut Reader<'_>, count: usize) -> Result<Vec<i64>, Garbled> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let min = reader.meta.zigzag()?;
    let width = usize::from(reader.meta.byte()?);
    reader.allow(count, 8)?;
    if width == 0 {
        return Ok(vec![min; count]);
    }
    let planes = take_planes(reader, width, count)?;
    Ok(planes.into_iter().map(|v| min.wrapping_add(v as i64)).collect())
}

/// Appends integers that follow each other (times, row numbers): the first, then the steps, in units of their
/// greatest common divisor.
pub(crate) fn put_steps(block: &mut Block, values: impl Iterator<Item = i64>) {
    let mut values = values;
    let Some(first) = values.next() else { return };
    put_zigzag(&mut block.meta, first);
    let mut last = first;
    let mut unit = 0u64;
    let mut steps: Vec<i64> = Vec::with_capacity(values.size_hint().0);
    for v in values {
        let step = v.wrapping_sub(last);
        last = v;
        if unit != 1 && step != 0 {
            unit = divisor(unit, step.unsigned_abs());
        }
        steps.push(step);
    }
    let unit = i64::try_from(unit).unwrap_or(1).max(1);
    put_varint(&mut block.meta, unit as u64);
    if unit > 1 {
        steps.iter_mut().filter(|step| **step != 0).for_each(|step| *step /= unit);
    }
    put_integers(block, steps.iter().copied());
}

/// Reads `count` integers that [`put_steps`] wrote.
pub(crate) fn take_steps(reader: &mut Reader<'_>, count: usize) -> Result<Vec<i64>, Garbled> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let mut last = reader.meta.zigzag()?;
    let unit = reader.meta.varint()? as i64;
    let mut out = take_integers(reader, count - 1)?;
    for v in &mut out {
        last = std::mem::replace(v, last).wrapping_mul(unit).wrapping_add(last);
    }
    out.push(last);
    Ok(out)
}

fn divisor(mut a: u64, mut b: u64) -> u64 {
    if a == b {
        return a;
    }
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

const SCALES: [f64; 5] = [1.0, 10.0, 100.0, 1_000.0, 10_000.0];

/// Appends floats: as scaled integers where that loses nothing, else their bits.
pub(crate) fn put_floats(block: &mut Block, values: &[f64]) {
    let scale = SCALES.iter().position(|&scale| {
        values.iter().take(32).all(|&v| scaled(v, scale).is_some())
            && values.iter().skip(32).all(|&v| scaled(v, scale).is_some())
    });
    match scale {
        Some(n) => {
            block.meta.push(n as u8);
            put_integers(block, values.iter().map(|&v| scaled(v, SCALES[n]).unwrap_or_default()));
        }
        None => {
            block.meta.push(u8::MAX);
            put_planes(block, 8, values.iter().map(|v| v.to_bits()));
        }
    }
}

/// The float as an integer of so many parts, if it comes back as the same bits.
fn scaled(value: f64, scale: f64) -> Option<i64> {
    let n = (value * scale).round();
    if n.abs() > 9_007_199_254_740_992.0 || n.is_nan() {
        return None;
    }
    let n = n as i64;
    (((n as f64) / scale).to_bits() == value.to_bits()).then_some(n)
}

/// Reads `count` floats.
pub(crate) fn take_floats(reader: &mut Reader<'_>, count: usize) -> Result<Vec<f64>, Garbled> {
    match reader.meta.byte()? {
        u8::MAX => Ok(take_planes(reader, 8, count)?.into_iter().map(f64::from_bits).collect()),
        n => {
            let scale = *SCALES.get(usize::from(n)).ok_or(Garbled("unknown scale of floats"))?;
            Ok(take_integers(reader, count)?.into_iter().map(|v| v as f64 / scale).collect())
        }
    }
}

/// Appends booleans, eight a byte.
pub(crate) fn put_booleans(block: &mut Block, values: &[bool]) {
    block.soft.extend(
        values
            .chunks(8)
            .map(|eight| eight.iter().enumerate().fold(0, |byte, (i, &b)| byte | u8::from(b) << i)),
    );
}

/// Reads `count` booleans.
pub(crate) fn take_booleans(reader: &mut Reader<'_>, count: usize) -> Result<Vec<bool>, Garbled> {
    let bytes = reader.soft.take(count.div_ceil(8))?;
    reader.allow(count, 1)?;
    Ok((0..count).map(|i| bytes[i / 8] >> (i % 8) & 1 == 1).collect())
}
