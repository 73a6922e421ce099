//! Which rows of a batch an expression is evaluated for.

use arrow_buffer::BooleanBuffer;
use weir_table::TableBatch;

/// The rows of a batch, or those of them that get to an expression: a branch of a conditional, the right side of an
/// `and`. What is computed for other rows is never looked at, and must not fail.
pub(super) struct Rows<'a> {
    batch: &'a TableBatch,
    active: Option<BooleanBuffer>,
}

impl<'a> Rows<'a> {
    pub(super) fn all(batch: &'a TableBatch) -> Self {
        Self { batch, active: None }
    }

    /// Those of the rows that are also among `mask`, a bit a row.
    pub(super) fn among(&self, mask: &BooleanBuffer) -> Self {
        let active = match &self.active {
            Some(active) => active & mask,
            None => mask.clone(),
        };
        Self { batch: self.batch, active: Some(active) }
    }

    pub(super) fn batch(&self) -> &'a TableBatch {
        self.batch
    }

    pub(super) fn is_active(&self, row: usize) -> bool {
        self.active.as_ref().is_none_or(|active| active.value(row))
    }

    /// Whether there is any row.
    pub(super) fn any(&self) -> bool {
        match &self.active {
            Some(active) => active.count_set_bits() > 0,
            None => self.batch.rows() > 0,
        }
    }

    /// Whether a table has any row that counts.
    pub(super) fn any_in(&self, run: usize) -> bool {
        let range = self.batch.run(run);
        match &self.active {
            Some(active) => active.slice(range.start, range.len()).count_set_bits() > 0,
            None => !range.is_empty(),
        }
    }
}
