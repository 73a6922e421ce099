//! Sorting tables as they come.

use weir_table::TableBatch;

use super::Sort;
use super::spilled::Spilled;
use crate::error::{FluxError, Result};
use crate::exec::{BoxOperator, Collected, Gathered, Hold, Operator, Ready, Run, Whole, join_parts};
use crate::plan::Node;
use crate::tables::Call;
use crate::tables::full::drop_empty;

/// Sorts tables in memory, and those that are too large for it on disk.
pub(super) struct Sorting {
    sort: Sort,
    input: Whole,
    run: Run,
    call: Call,
    /// What is being answered from disk.
    disk: Option<BoxOperator>,
    last: Option<Hold>,
}

impl Sorting {
    pub(super) fn over(
        sort: Sort,
        mut inputs: Vec<BoxOperator>,
        run: &Run,
        node: &Node,
    ) -> Result<BoxOperator> {
        let input = inputs.pop().ok_or_else(|| FluxError::internal("nothing is sorted"))?;
        Ok(Box::new(Self {
            sort,
            input: Whole::new(input, run),
            run: run.clone(),
            call: Call::of(node),
            disk: None,
            last: None,
        }))
    }

    fn in_memory(&mut self, parts: &Collected) -> Result<TableBatch> {
        let batch = join_parts(parts, &self.run)?;
        self.last = Some(self.run.memory.hold(&batch)?);
        let _answer = self.run.memory.reserve(batch.memory_size())?;
        let _working = self.run.memory.reserve(Sort::working_size(&batch))?;
        self.sort.apply(&batch, &self.run).map_err(|e| self.call.tell(e))
    }

    /// What is answered of sorted tables: of the first few rows of none, nothing.
    fn answer(&self, sorted: TableBatch) -> Option<TableBatch> {
        if self.sort.limit.is_none() {
            return Some(sorted);
        }
        let continues = sorted.continues && sorted.runs() > 0 && !sorted.run(0).is_empty();
        let full = drop_empty(sorted)?;
        Some(TableBatch { continues, ..full })
    }

    /// Starts over on disk with tables of which the last may go on.
    fn go_on_on_disk(&mut self, parts: Collected, more: Option<TableBatch>) -> Result<BoxOperator> {
        self.last = None;
        let mut spilled = Spilled::new(&self.sort, &self.run)?;
        let mut ready = Ready::from(parts);
        while let Some(part) = ready.pop() {
            spilled.push(&part)?;
        }
        drop(ready);
        let mut more = more;
        while let Some(part) = more {
            spilled.push(&part)?;
            more = self.input.rest()?;
        }
        spilled.finish()
    }
}

impl Operator for Sorting {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        self.last = None;
        loop {
            self.run.check()?;
            if let Some(disk) = &mut self.disk {
                match disk.next()? {
                    Some(batch) => match self.answer(batch) {
                        Some(batch) => return Ok(Some(batch)),
                        None => continue,
                    },
                    None => self.disk = None,
                }
            }
            let may_spill = self.run.spill.is_some();
            let Some(Gathered { parts, cut_short }) = self.input.gather(may_spill)? else { return Ok(None) };
            let more = if cut_short { self.input.rest()? } else { None };
            if more.is_none() {
                match self.in_memory(&parts) {
                    Err(e) if may_spill && e.is_out_of_memory() => {}
                    sorted => match self.answer(sorted?) {
                        Some(batch) => return Ok(Some(batch)),
                        None => continue,
                    },
                }
            }
            self.disk = Some(self.go_on_on_disk(parts, more)?);
        }
    }
}
