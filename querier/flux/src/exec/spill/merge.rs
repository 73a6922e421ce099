//! Sorted runs read as one.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, BinaryArray};
use arrow_select::interleave::interleave;
use weir_table::{ColumnType, array_size, null_array};

use super::file::failed;
use super::keys::table_of;
use super::sorter::{ColumnId, SortedRun};
use crate::error::Result;
use crate::exec::chunks::ROWS;
use crate::exec::{Reservation, Run, interrupt};

/// Reads runs in the order of their keys; of equal keys those of the earlier run come first.
#[derive(Debug)]
pub(crate) struct Merge {
    cursors: Vec<Cursor>,
    /// The cursors that have rows left, the one with the smallest key first.
    order: Vec<usize>,
    columns: Vec<ColumnId>,
    types: Vec<ColumnType>,
    keep: Option<usize>,
    /// The table that was read last, and how many of its rows.
    kept: (usize, usize),
    _chunks: Reservation,
}

#[derive(Debug)]
struct Cursor {
    run: SortedRun,
    /// How many chunks were read.
    read: usize,
    keys: BinaryArray,
    columns: Vec<ArrayRef>,
    row: usize,
}

/// Rows in order.
#[derive(Debug)]
pub(crate) struct SortedRows {
    /// Their keys.
    pub(crate) keys: BinaryArray,
    /// Their columns; those that are not here are null.
    pub(crate) columns: Vec<(ColumnId, ArrayRef)>,
}

impl SortedRows {
    /// A column of these rows.
    pub(crate) fn column(&self, id: ColumnId) -> Option<&ArrayRef> {
        self.columns.iter().find(|c| c.0 == id).map(|c| &c.1)
    }

    /// Bytes of memory that they refer to, roughly.
    pub(crate) fn memory_size(&self) -> usize {
        let keys: ArrayRef = Arc::new(self.keys.clone());
        array_size(&keys) + self.columns.iter().map(|(_, a)| array_size(a)).sum::<usize>()
    }

    /// Some of these rows.
    pub(crate) fn slice(&self, start: usize, count: usize) -> Self {
        let columns = self.columns.iter().map(|(id, a)| (*id, a.slice(start, count))).collect();
        Self { keys: self.keys.slice(start, count), columns }
    }

    /// These rows and the next of the same stream.
    ///
    /// # Errors
    /// When they are too many.
    pub(crate) fn followed_by(&self, next: &Self) -> Result<Self> {
        let concat = |arrays: &[&dyn Array]| arrow_select::concat::concat(arrays).map_err(failed);
        let keys = concat(&[&self.keys, &next.keys])?;
        let keys = keys.as_binary_opt::<i32>().cloned().ok_or_else(|| failed("keys are no bytes"))?;
        let columns = self.columns.iter().zip(&next.columns);
        let columns = columns.map(|(a, b)| Ok((a.0, concat(&[&a.1, &b.1])?)));
        Ok(Self { keys, columns: columns.collect::<Result<_>>()? })
    }
}

impl Cursor {
    fn key(&self) -> &[u8] {
        self.keys.value(self.row)
    }

    /// Reads the next chunk; false if there is none.
    fn refill(&mut self) -> Result<bool> {
        let Some(chunk) = self.run.chunks.get(self.read) else { return Ok(false) };
        let mut columns = self.run.file.read(*chunk)?.into_iter();
        self.keys = columns
            .next()
            .and_then(|keys| keys.as_binary_opt::<i32>().cloned())
            .ok_or_else(|| failed("rows have no keys"))?;
        self.columns = columns.collect();
        self.read += 1;
        self.row = 0;
        Ok(true)
    }

    fn column(&self, id: ColumnId) -> Option<&ArrayRef> {
        self.columns.get(self.run.columns.iter().position(|c| *c == id)?)
    }
}

impl Merge {
    /// Merges runs, the oldest first, of rows that have (some of) the columns `known`.
    pub(super) fn of(
        runs: Vec<SortedRun>,
        known: &[(Arc<str>, ColumnType)],
        keep: Option<usize>,
        run: &Run,
    ) -> Result<Self> {
        // A chunk of each, and what is made of them.
        let chunks: usize = runs.iter().map(SortedRun::widest).sum();
        let widest = runs.iter().map(SortedRun::widest).max().unwrap_or(0);
        let reserved = run.memory.reserve(chunks + widest)?;
        let mut columns: Vec<ColumnId> = runs.iter().flat_map(|r| r.columns.iter().copied()).collect();
        columns.sort_unstable();
        columns.dedup();
        let mut merge = Self {
            types: columns.iter().map(|&c| known[c].1).collect(),
            cursors: Vec::with_capacity(runs.len()),
            order: Vec::new(),
            columns,
            keep,
            kept: (usize::MAX, 0),
            _chunks: reserved,
        };
        for run in runs {
            let keys = BinaryArray::from_iter_values(std::iter::empty::<&[u8]>());
            let mut cursor = Cursor { run, read: 0, keys, columns: Vec::new(), row: 0 };
            let any = cursor.refill()?;
            merge.cursors.push(cursor);
            if any {
                merge.enter(merge.cursors.len() - 1);
            }
        }
        Ok(merge)
    }

    /// The columns that rows may have.
    pub(crate) fn columns(&self) -> &[ColumnId] {
        &self.columns
    }

    /// Puts a cursor in its place.
    fn enter(&mut self, cursor: usize) {
        let cursors = &self.cursors;
        let key = cursors[cursor].key();
        let at = self.order.partition_point(|&c| (cursors[c].key(), c) < (key, cursor));
        self.order.insert(at, cursor);
    }

    /// Whether one more row of the table of this row is kept.
    fn keeps(&mut self, cursor: usize) -> bool {
        let Some(keep) = self.keep else { return true };
        let cursor = &self.cursors[cursor];
        let table = table_of(&cursor.keys, cursor.row);
        if self.kept.0 != table {
            self.kept = (table, 0);
        }
        self.kept.1 += 1;
        self.kept.1 <= keep
    }

    /// The next rows.
    ///
    /// # Errors
    /// When the disk fails, or the query is cancelled.
    pub(crate) fn next(&mut self) -> Result<Option<SortedRows>> {
        loop {
            interrupt::check()?;
            let Some(&first) = self.order.first() else { return Ok(None) };
            let mut picks: Vec<(usize, usize)> = Vec::new();
            let mut cursor = first;
            while picks.len() < ROWS {
                let row = self.cursors[cursor].row;
                if self.keeps(cursor) {
                    picks.push((cursor, row));
                }
                self.cursors[cursor].row += 1;
                if self.cursors[cursor].row == self.cursors[cursor].keys.len() {
                    break;
                }
                let later = self.order.get(1).is_some_and(|&other| {
                    (self.cursors[other].key(), other) < (self.cursors[cursor].key(), cursor)
                });
                if later {
                    self.order.remove(0);
                    self.enter(cursor);
                    cursor = self.order[0];
                }
            }
            let rows = if picks.is_empty() { None } else { Some(self.pick(&picks)?) };
            if self.cursors[cursor].row == self.cursors[cursor].keys.len() {
                self.order.remove(0);
                if self.cursors[cursor].refill()? {
                    self.enter(cursor);
                }
            }
            if rows.is_some() {
                return Ok(rows);
            }
        }
    }

    fn pick(&self, picks: &[(usize, usize)]) -> Result<SortedRows> {
        if let ([(cursor, row), ..], [(last, end)]) = (picks, &picks[picks.len() - 1..])
            && picks.iter().all(|p| p.0 == *cursor)
            && last == cursor
            && end - row + 1 == picks.len()
        {
            // Rows of one run, as they lie there.
            let cursor = &self.cursors[*cursor];
            let slice = |a: &ArrayRef| a.slice(*row, picks.len());
            let columns = cursor.run.columns.iter().copied().zip(cursor.columns.iter().map(slice)).collect();
            return Ok(self.full(cursor.keys.slice(*row, picks.len()), columns));
        }
        let keys = BinaryArray::from_iter_values(picks.iter().map(|p| self.cursors[p.0].keys.value(p.1)));
        let mut columns = Vec::with_capacity(self.columns.len());
        for (id, ty) in self.columns.iter().zip(&self.types) {
            let null = null_array(*ty, 1);
            let found: Vec<Option<&ArrayRef>> = self.cursors.iter().map(|c| c.column(*id)).collect();
            let arrays: Vec<&dyn Array> = found.iter().map(|a| a.unwrap_or(&null).as_ref()).collect();
            let places: Vec<(usize, usize)> =
                picks.iter().map(|p| (p.0, if found[p.0].is_some() { p.1 } else { 0 })).collect();
            columns.push((*id, interleave(&arrays, &places).map_err(failed)?));
        }
        Ok(SortedRows { keys, columns })
    }

    /// The rows with all columns.
    fn full(&self, keys: BinaryArray, columns: Vec<(ColumnId, ArrayRef)>) -> SortedRows {
        let n = keys.len();
        let column = |(id, ty): (&ColumnId, &ColumnType)| {
            let known = columns.iter().find(|c| c.0 == *id).map(|c| Arc::clone(&c.1));
            (*id, known.unwrap_or_else(|| null_array(*ty, n)))
        };
        SortedRows { keys, columns: self.columns.iter().zip(&self.types).map(column).collect() }
    }
}
