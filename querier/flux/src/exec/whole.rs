//! Whole tables.

use weir_table::{Column, ColumnData, TableBatch, concat, null_array};

use super::memory::Hold;
use super::{BoxOperator, Collected, Operator, Run};
use crate::error::Result;

/// Joins tables that are split between batches: its output never `continues`.
pub struct Whole {
    input: BoxOperator,
    run: Run,
    /// The beginning of what comes next.
    pending: Vec<TableBatch>,
    /// Whether the end of the table that was answered in parts was reached.
    ended: bool,
    /// Counts what was answered last: the input has gone on to the next batch meanwhile.
    last: Option<Hold>,
}

/// Whole tables, or as much of them as fits into memory.
pub(crate) struct Gathered {
    /// Batches, each of which but the first continues the one before.
    pub(crate) parts: Collected,
    /// Whether more of the last table may come ([`Whole::rest`]).
    pub(crate) cut_short: bool,
}

impl Whole {
    /// The same stream in whole tables.
    pub fn over(input: BoxOperator, run: &Run) -> BoxOperator {
        Box::new(Self::new(input, run))
    }

    /// The same, to be read in parts too.
    pub(crate) fn new(input: BoxOperator, run: &Run) -> Self {
        Self { input, run: run.clone(), pending: Vec::new(), ended: true, last: None }
    }

    /// The parts of the next tables; if `spill` is set, only as long as there is memory for what is done with them.
    ///
    /// # Errors
    /// What the input answers, or that the query's memory is used up.
    pub(crate) fn gather(&mut self, spill: bool) -> Result<Option<Gathered>> {
        let mut parts = Collected::default();
        for part in std::mem::take(&mut self.pending) {
            parts.push(part, &self.run.memory)?;
        }
        if parts.batches.is_empty() {
            let Some(mut first) = self.input.next()? else { return Ok(None) };
            first.continues = false;
            parts.push(first, &self.run.memory)?;
        }
        loop {
            self.run.check()?;
            if spill && self.run.memory.is_short_of(0) {
                self.ended = false;
                return Ok(Some(Gathered { parts, cut_short: true }));
            }
            match self.input.next()? {
                Some(next) if next.continues => {
                    let last = parts.batches.len() - 1;
                    let runs = parts.batches[last].runs();
                    if runs > 1 {
                        // Its last table goes on, the others are whole.
                        let mut tail = parts.batches[last].slice_runs(runs - 1..runs);
                        tail.continues = false;
                        parts.batches[last] = parts.batches[last].slice_runs(0..runs - 1);
                        self.pending = vec![tail, next];
                        break;
                    }
                    parts.push(next, &self.run.memory)?;
                }
                next => {
                    self.pending.extend(next);
                    break;
                }
            }
        }
        Ok(Some(Gathered { parts, cut_short: false }))
    }

    /// More of the table that was cut short; `None` at its end.
    ///
    /// # Errors
    /// What the input answers.
    pub(crate) fn rest(&mut self) -> Result<Option<TableBatch>> {
        if self.ended {
            return Ok(None);
        }
        match self.input.next()? {
            Some(next) if next.continues => {
                let runs = next.runs();
                if runs > 1 {
                    self.ended = true;
                    self.pending = vec![next.slice_runs(1..runs)];
                    return Ok(Some(next.slice_runs(0..1)));
                }
                Ok(Some(next))
            }
            next => {
                self.ended = true;
                self.pending.extend(next);
                Ok(None)
            }
        }
    }
}

impl Operator for Whole {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        self.last = None;
        let Some(Gathered { parts, .. }) = self.gather(false)? else { return Ok(None) };
        // Parts are joined once at the end, not one by one, or a table of many parts would be copied many times.
        let whole = join_parts(&parts, &self.run)?;
        drop(parts);
        self.last = Some(self.run.memory.hold(&whole)?);
        Ok(Some(whole))
    }
}

/// Parts as one batch.
///
/// # Errors
/// When the query's memory is used up.
pub(crate) fn join_parts(parts: &Collected, run: &Run) -> Result<TableBatch> {
    if let [whole] = parts.batches.as_slice() {
        return Ok(whole.clone());
    }
    let _copy = run.memory.reserve(parts.batches.iter().map(TableBatch::memory_size).sum())?;
    Ok(join(&parts.batches))
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
