//! What every operator of a plan is wrapped in.

use weir_table::TableBatch;

use super::interrupt::working_for;
use super::memory::Hold;
use super::{BoxOperator, Operator, Run};
use crate::error::Result;

/// Counts what the operator answered last until it is asked again (who keeps a batch longer holds it himself), and
/// stops between batches when the query is cancelled.
pub(super) struct Metered {
    operator: BoxOperator,
    run: Run,
    last: Option<Hold>,
}

impl Metered {
    pub(super) fn over(operator: BoxOperator, run: &Run) -> BoxOperator {
        Box::new(Self { operator, run: run.clone(), last: None })
    }
}

impl Operator for Metered {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        self.last = None;
        self.run.check()?;
        let _working = working_for(&self.run.cancelled);
        let batch = self.operator.next()?;
        if let Some(batch) = &batch {
            self.last = Some(self.run.memory.hold(batch)?);
        }
        Ok(batch)
    }
}
