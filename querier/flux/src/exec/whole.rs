//! Whole tables.

use weir_table::{Column, ColumnData, TableBatch, concat, null_array};

use super::memory::Hold;
use super::{BoxOperator, Operator, Run};
use crate::error::Result;

/// Joins tables that are split between batches: its output never `continues`.
pub struct Whole {
    input: BoxOperator,
    run: Run,
    pending: Option<TableBatch>,
    /// Counts what was answered last: the input has gone on to the next batch meanwhile.
    last: Option<Hold>,
}

impl Whole {
    /// The same stream in whole tables.
    pub fn over(input: BoxOperator, run: &Run) -> BoxOperator {
        Box::new(Self { input, run: run.clone(), pending: None, last: None })
    }
}

impl Operator for Whole {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        self.last = None;
        let Some(mut batch) = (match self.pending.take() {
            Some(batch) => Some(batch),
            None => self.input.next()?,
        }) else {
            return Ok(None);
        };
        batch.continues = false;
        // Parts are joined once at the end, not one by one, or a table of many parts would be copied many times.
        let mut held = vec![self.run.memory.hold(&batch)?];
        let mut parts = vec![batch];
        loop {
            self.run.check()?;
            match self.input.next()? {
                Some(next) if next.continues => {
                    held.push(self.run.memory.hold(&next)?);
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
        let whole = if parts.len() == 1 {
            parts.pop()
        } else {
            let _copy = self.run.memory.reserve(parts.iter().map(TableBatch::memory_size).sum())?;
            Some(join(&parts))
        };
        drop(parts);
        drop(held);
        if let Some(batch) = &whole {
            self.last = Some(self.run.memory.hold(batch)?);
        }
        Ok(whole)
    }
}

/// Joins batches where each but the first continues the last run of the one before. A column that one of them lacks is
/// null there.
fn join(parts: &[TableBatch]) -> TableBatch {
    let mut offsets: Vec<usize> = parts[0].offsets.to_vec();
    for part in &parts[1..] {
        let base = offsets[offsets.len() - 1];
        offsets.pop();
        offsets.extend(part.offsets[1..].iter().map(|o| base + o));
    }
    let mut columns: Vec<Column> = Vec::new();
    for (first, column) in parts.iter().enumerate().flat_map(|(n, p)| p.columns.iter().map(move |c| (n, c))) {
        if columns.iter().any(|c| c.label == column.label) {
            continue;
        }
        let key = column.is_key() && first == 0;
        let arrays: Vec<_> = parts
            .iter()
            .enumerate()
            .map(|(n, part)| {
                match part.find(&column.label).filter(|&i| is_like(&part.columns[i], column, key)) {
                    Some(i) if key && n > 0 => {
                        let a = part.columns[i].data.array();
                        a.slice(1, a.len() - 1)
                    }
                    Some(i) if key => part.columns[i].data.array().clone(),
                    Some(i) => part.row_values(i),
                    None => null_array(column.ty, if key { part.runs() - 1 } else { part.rows() }),
                }
            })
            .collect();
        let data = if key { ColumnData::Key(concat(&arrays)) } else { ColumnData::Row(concat(&arrays)) };
        columns.push(Column { data, ..column.clone() });
    }
    TableBatch::new(columns, offsets)
}

/// Whether the cells of a part go behind those of the column: a key column goes on as one.
fn is_like(part: &Column, column: &Column, key: bool) -> bool {
    part.ty == column.ty && (part.is_key() || !key)
}
