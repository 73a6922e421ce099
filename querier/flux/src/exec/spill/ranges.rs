//! Two sorted streams read side by side.

use arrow_array::Array;

use super::{Merge, SortedRows};
use crate::error::Result;

/// Reads two streams in ranges of keys: all rows of both whose keys are not greater than some key.
pub(crate) struct Ranges {
    sides: [Side; 2],
}

struct Side {
    rows: Merge,
    block: Option<SortedRows>,
}

impl Side {
    fn of(mut rows: Merge) -> Result<Self> {
        let block = rows.next()?;
        Ok(Self { rows, block })
    }

    /// The last key of the rows that were read.
    fn last(&self) -> Option<&[u8]> {
        self.block.as_ref().map(|block| block.keys.value(block.keys.len() - 1))
    }

    /// All rows up to a key.
    fn through(&mut self, key: &[u8]) -> Result<Vec<SortedRows>> {
        let mut rows = Vec::new();
        while let Some(block) = self.block.take() {
            let count = block.keys.len();
            let (mut low, mut high) = (0, count);
            while low < high {
                let middle = low + (high - low) / 2;
                if block.keys.value(middle) <= key { low = middle + 1 } else { high = middle }
            }
            if low > 0 {
                rows.push(block.slice(0, low));
            }
            if low < count {
                self.block = Some(block.slice(low, count - low));
                break;
            }
            self.block = self.rows.next()?;
        }
        Ok(rows)
    }
}

impl Ranges {
    /// Over two streams.
    ///
    /// # Errors
    /// When the disk fails.
    pub(crate) fn of(left: Merge, right: Merge) -> Result<Self> {
        Ok(Self { sides: [Side::of(left)?, Side::of(right)?] })
    }

    /// The rows of the next range, of the left and the right stream; one of them may have none.
    ///
    /// # Errors
    /// When the disk fails, or the query is cancelled.
    pub(crate) fn next(&mut self) -> Result<Option<(Vec<SortedRows>, Vec<SortedRows>)>> {
        let [left, right] = &mut self.sides;
        let end: Vec<u8> = match (left.last(), right.last()) {
            (Some(l), Some(r)) => l.min(r).to_vec(),
            (Some(one), None) | (None, Some(one)) => one.to_vec(),
            (None, None) => return Ok(None),
        };
        Ok(Some((left.through(&end)?, right.through(&end)?)))
    }
}
