//! Sorting in steps, so that a cancelled query stops.

use std::cmp::Ordering;

use super::interrupt;
use crate::error::Result;

/// So many items are sorted at once; then a cancelled query stops.
const BLOCK: usize = 1 << 17;

/// Sorts by an order in which no two are equal, at least the first `limit`, to which the items may be cut.
///
/// # Errors
/// `Canceled`.
pub(crate) fn first_of<T: Copy>(
    items: &mut Vec<T>,
    limit: usize,
    mut compare: impl FnMut(&T, &T) -> Ordering,
) -> Result<()> {
    if limit > 0 && limit < items.len() / 8 {
        let mut first: Vec<T> = Vec::new();
        for block in items.chunks(BLOCK) {
            interrupt::check()?;
            first.extend_from_slice(block);
            if first.len() > limit {
                first.select_nth_unstable_by(limit - 1, &mut compare);
                first.truncate(limit);
            }
        }
        *items = first;
    }
    if items.len() <= BLOCK {
        items.sort_unstable_by(compare);
        return Ok(());
    }
    for block in items.chunks_mut(BLOCK) {
        interrupt::check()?;
        block.sort_unstable_by(&mut compare);
    }
    merge_blocks(items, BLOCK, |a, b| compare(a, b).is_lt())
}

/// Merges sorted neighbours, each `width` long, until all are one. Equals keep their order.
///
/// # Errors
/// `Canceled`.
pub(crate) fn merge_blocks<T: Copy>(
    items: &mut Vec<T>,
    mut width: usize,
    mut less: impl FnMut(&T, &T) -> bool,
) -> Result<()> {
    while width < items.len() {
        let mut merged = Vec::with_capacity(items.len());
        for pair in items.chunks(width * 2) {
            let (left, right) = pair.split_at(width.min(pair.len()));
            let (mut i, mut j) = (0, 0);
            while i < left.len() && j < right.len() {
                interrupt::tick(i + j)?;
                if less(&right[j], &left[i]) {
                    merged.push(right[j]);
                    j += 1;
                } else {
                    merged.push(left[i]);
                    i += 1;
                }
            }
            merged.extend_from_slice(&left[i..]);
            merged.extend_from_slice(&right[j..]);
        }
        *items = merged;
        width *= 2;
    }
    Ok(())
}
