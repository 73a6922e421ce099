//! Whole tables.

use weir_table::{Column, ColumnData, TableBatch, concat};

use super::{BoxOperator, Operator, Run};
use crate::error::Result;

/// Joins tables that are split between batches: its output never `continues`.
pub struct Whole {
    input: BoxOperator,
    run: Run,
    pending: Option<TableBatch>,
}

impl Whole {
    /// The same stream in whole tables.
    pub fn over(input: BoxOperator, run: &Run) -> BoxOperator {
        Box::new(Self { input, run: run.clone(), pending: None })
    }
}

impl Operator for Whole {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        let Some(mut batch) = (match self.pending.take() {
            Some(batch) => Some(batch),
            None => self.input.next()?,
        }) else {
            return Ok(None);
        };
        batch.continues = false;
        // Parts are joined once at the end, not one by one, or a table of many parts would be copied many times.
        let mut parts = vec![batch];
        let mut reservation = self.run.memory.reserve(0)?;
        loop {
            self.run.check()?;
            match self.input.next()? {
                Some(next) if next.continues => {
                    reservation.grow(next.memory_size())?;
                    let ends = next.runs() > 1;
                    parts.push(next);
                    if ends {
                        break;
                    }
                }
                next => {
                    self.pending = next;
                    break;
                }
            }
        }
        if parts.len() == 1 {
            return Ok(parts.pop());
        }
        Ok(Some(join(&parts)))
    }
}

/// Joins batches of one shape where each but the first continues the last run of the one before.
fn join(parts: &[TableBatch]) -> TableBatch {
    let first = &parts[0];
    let mut offsets: Vec<usize> = first.offsets.to_vec();
    for part in &parts[1..] {
        let base = offsets[offsets.len() - 1];
        offsets.pop();
        offsets.extend(part.offsets[1..].iter().map(|o| base + o));
    }
    let columns = first
        .columns
        .iter()
        .enumerate()
        .map(|(i, c)| {
            let data = match &c.data {
                ColumnData::Row(_) => {
                    let arrays: Vec<_> = parts.iter().map(|p| p.columns[i].data.array().clone()).collect();
                    ColumnData::Row(concat(&arrays))
                }
                ColumnData::Key(_) => {
                    let arrays: Vec<_> = parts
                        .iter()
                        .enumerate()
                        .map(|(n, p)| {
                            let a = p.columns[i].data.array();
                            if n == 0 { a.clone() } else { a.slice(1, a.len() - 1) }
                        })
                        .collect();
                    ColumnData::Key(concat(&arrays))
                }
            };
            Column { data, ..c.clone() }
        })
        .collect();
    TableBatch::new(columns, offsets)
}
