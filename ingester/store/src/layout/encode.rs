//! How the values of a column are laid down: chosen from the data.

use arrow_array::types::Float64Type;
use arrow_array::{Array, cast::AsArray};

use super::rows::Rows;

/// Scaled integers stay below this, so that `integer / 10^scale` is rounded once and gives the float back.
const SCALED_LIMIT: f64 = (1i64 << 50) as f64;
const MAX_SCALE: u32 = 12;

/// The power of ten as a float; exact for every scale we use.
pub(crate) fn power(scale: u32) -> f64 {
    10f64.powi(scale as i32)
}

/// The integer that stands for `value` at `scale`, if dividing it gives exactly `value` back.
pub(crate) fn scaled(value: f64, power: f64) -> Option<i64> {
    let integer = (value * power).round();
    if integer.is_nan() || integer.abs() >= SCALED_LIMIT {
        return None;
    }
    // Compared by bits, after going through the integer: negative zero does not come back.
    let integer = integer as i64;
    ((integer as f64 / power).to_bits() == value.to_bits()).then_some(integer)
}

/// The lowest scale at which all floats of a column can be stored as integers without loss. Measured values mostly
/// have a few decimals; integers with delta encoding then take a fifth of what floats take.
pub(crate) fn scale_of(rows: &Rows<'_>, column: usize) -> Option<u32> {
    let values = || {
        rows.columns[column].sources.iter().flatten().flat_map(|array| {
            let array = array.as_primitive::<Float64Type>();
            (0..array.len()).filter(|i| array.is_valid(*i)).map(|i| array.value(i))
        })
    };
    let mut scale = 0;
    let mut factor = 1.0;
    for value in values() {
        while scaled(value, factor).is_none() {
            scale += 1;
            if scale > MAX_SCALE || !value.is_finite() {
                return None;
            }
            factor = power(scale);
        }
    }
    // A scale found late must also hold for what came before it.
    values().all(|value| scaled(value, factor).is_some()).then_some(scale)
}

/// Whether a dictionary of the rows' sequences pays: batches of many rows repeat a sequence, single-row writes don't.
pub(crate) fn sequences_repeat(rows: &Rows<'_>) -> bool {
    let limit = rows.len().min(super::ROW_GROUP_ROWS) / 4;
    let mut seen = std::collections::HashSet::new();
    let mut last = None;
    for batch in 0..rows.batches.len() {
        for sequence in rows.sequences(batch).values() {
            if last.replace(*sequence) != Some(*sequence) && seen.insert(*sequence) && seen.len() > limit {
                return rows.len() < 64;
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_scale_without_loss_and_others_do_not() {
        assert_eq!(scaled(12.34, power(2)), Some(1234));
        assert_eq!(scaled(0.1 + 0.2, power(12)), None);
        for odd in [-0.0, f64::NAN, f64::INFINITY, 1e300, 0.1234567890123456] {
            assert_eq!(scaled(odd, power(4)), None, "{odd}");
        }
        for i in -100_000..100_000i64 {
            let v = i as f64 / 1000.0;
            if v.to_bits() != (-0.0f64).to_bits() {
                assert_eq!(scaled(v, power(3)), Some(i));
                assert_eq!(scaled(v, power(5)), Some(i * 100));
            }
        }
    }
}
