//! Pivoting on disk.
//!
//! Rows are sorted by output table and row key, so that those that make one row of the output lie together; the rows
//! that are made are sorted once more, into the order that they have in memory.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, UInt32Array, UInt64Array};
use weir_table::{
    Column, ColumnType, KeyEncoder, KeySlots, Scalar, TableBatch, Uints, concat, null_array, plain, take,
};

use super::{Head, Output, Pivot, table_has_column};
use crate::error::{FluxError, Result};
use crate::exec::chunks::chunks;
use crate::exec::spill::{ColumnId, Keys, Shape, SortedRows, Sorter, TableSorter, table_of};
use crate::exec::{BoxOperator, Budget, Run};
use crate::tables::Call;

/// Cells that are made at a time, at most, and the share of the query's memory that they may take.
const CELLS: usize = 1 << 18;
const CELLS_SHARE: usize = 32;

/// What a cell takes on its way: its row, and what is in it.
const CELL: usize = 16;

/// The columns that rows have on disk besides those of their row key.
struct Marks {
    /// The column of the output that the value goes to.
    column: ColumnId,
    /// The row's number in the stream.
    place: ColumnId,
}

/// What is pivoted.
struct Spilled<'a> {
    pivot: &'a Pivot,
    slots: KeySlots,
    outputs: Vec<Output>,
    heads: Vec<Arc<Head>>,
    keys: Vec<Box<[Scalar]>>,
    rows: Sorter,
    marks: Marks,
    place: u64,
    budget: Budget,
}

/// The label of the values on disk: no column of a table is called so.
fn value_label() -> Arc<str> {
    "\0value".into()
}

/// Pivots a stream; `call` is told in what it is refused for.
pub(super) fn pivot_on_disk(
    pivot: &Pivot,
    mut input: BoxOperator,
    call: &Call,
    run: &Run,
) -> Result<BoxOperator> {
    let mut rows = Sorter::new(run)?;
    let marks = Marks {
        column: rows.column(&"\0column".into(), ColumnType::UInt),
        place: rows.column(&"\0place".into(), ColumnType::UInt),
    };
    let mut spilled = Spilled {
        pivot,
        slots: KeySlots::new(),
        outputs: Vec::new(),
        heads: Vec::new(),
        keys: Vec::new(),
        rows,
        marks,
        place: 0,
        budget: Budget::new(run)?,
    };
    while let Some(batch) = input.next()? {
        for piece in chunks(&batch) {
            spilled.push(&piece).map_err(|e| call.tell(e))?;
        }
    }
    drop(input);
    spilled.finish(run)
}

impl Spilled<'_> {
    fn push(&mut self, batch: &TableBatch) -> Result<()> {
        let places = self.pivot.places(batch)?;
        let keys: Vec<&Column> = self.pivot.output_key(batch);
        let key_encoder = KeyEncoder::new(keys.iter().map(|c| (c.ty, c.data.array())));
        let prefix = Pivot::prefix(&keys);
        let head = Pivot::head(batch, &keys, &places, &mut self.heads);
        let row_arrays: Vec<(ColumnType, ArrayRef)> =
            places.row_key.iter().map(|&i| (batch.columns[i].ty, batch.row_values(i))).collect();
        let row_encoder = KeyEncoder::new(row_arrays.iter().map(|(t, a)| (*t, a)));
        let constant = places.column_key.iter().all(|&i| batch.columns[i].is_key());
        let value = &batch.columns[places.value];
        let (mut sorted, mut buffer) = (Keys::default(), Vec::new());
        let mut columns: Vec<u64> = Vec::with_capacity(batch.rows());
        for run in 0..batch.runs() {
            buffer.clear();
            buffer.extend_from_slice(&prefix);
            key_encoder.encode(run, &mut buffer);
            let (slot, new) = self.slots.slot(&buffer);
            if new {
                self.budget.add(size_of::<Output>() + 2 * buffer.len() + 96 + keys.len() * 64)?;
                self.outputs.push(self.pivot.output(&head, (0, 0)));
                let cells = batch.columns.iter().enumerate();
                let cells = cells.filter(|(_, c)| keys.iter().any(|k| k.label == c.label));
                self.keys.push(cells.map(|(i, _)| batch.cell(i, run, 0)).collect());
            }
            let output = &mut self.outputs[slot];
            output.accepts(&head)?;
            let rows = batch.run(run);
            let mut column = None;
            let mut last: Vec<u8> = Vec::new();
            for row in rows {
                buffer.clear();
                row_encoder.encode(row, &mut buffer);
                if output.ascending && *buffer < *last {
                    output.ascending = false;
                }
                last.clone_from(&buffer);
                sorted.push(|out| {
                    out.extend((slot as u64).to_be_bytes());
                    out.extend_from_slice(&buffer);
                });
                let at = match column {
                    Some(at) if constant => at,
                    _ => {
                        let known = output.columns.len();
                        let at = output.column(Pivot::label(batch, &places, run, row), value.ty)?;
                        self.budget.add(if output.columns.len() > known { 160 } else { 0 })?;
                        at
                    }
                };
                column = Some(at);
                columns.push(at as u64);
            }
        }
        let end = self.place + columns.len() as u64;
        let mut arrays: Vec<(ColumnId, ArrayRef)> = vec![
            (self.marks.column, Arc::new(UInt64Array::from(columns))),
            (self.marks.place, Arc::new((self.place..end).collect::<UInt64Array>())),
            (self.rows.column(&value_label(), value.ty), plain(&batch.row_values(places.value))),
        ];
        for (&i, (ty, array)) in places.row_key.iter().zip(&row_arrays) {
            arrays.push((self.rows.column(&batch.columns[i].label, *ty), plain(array)));
        }
        self.place = end;
        self.rows.push(sorted, arrays)
    }

    fn finish(mut self, run: &Run) -> Result<BoxOperator> {
        self.budget.settle()?;
        let known = self.rows.known().to_vec();
        let mut sorted = self.rows.finish()?;
        let mut tables = TableSorter::new(run, None)?;
        let mut made: Vec<Made> = Vec::with_capacity(self.outputs.len());
        for (output, key) in self.outputs.into_iter().zip(self.keys) {
            made.push(Made::of(output, key, self.pivot.sorted, &mut tables)?);
        }
        let cells = (run.memory.limit() / CELLS_SHARE / CELL).min(CELLS);
        let maker = Maker { known, marks: self.marks };
        let mut ordinal = 0;
        let mut open: Option<SortedRows> = None;
        loop {
            let next = sorted.next()?;
            let ends = next.is_none();
            let rows = match (open.take(), next) {
                (Some(open), Some(next)) => open.followed_by(&next)?,
                (Some(rows), None) | (None, Some(rows)) => rows,
                (None, None) => break,
            };
            // Rows of one key: a row of the output. Those of the last key may go on.
            let mut groups: Vec<Range<usize>> = Vec::new();
            let count = rows.keys.len();
            let mut start = 0;
            for row in 1..=count {
                if row == count || rows.keys.value(row) != rows.keys.value(start) {
                    groups.push(start..row);
                    start = row;
                }
            }
            if !ends && let Some(last) = groups.pop() {
                open = Some(rows.slice(last.start, last.len()));
            }
            for of_table in
                groups.chunk_by(|a, b| table_of(&rows.keys, a.start) == table_of(&rows.keys, b.start))
            {
                let table = table_of(&rows.keys, of_table[0].start);
                let output =
                    made.get(table).ok_or_else(|| FluxError::internal("a pivoted row has no table"))?;
                for some in of_table.chunks((cells / output.width()).max(1)) {
                    let _cells = run.memory.reserve(some.len() * output.width() * CELL)?;
                    maker.make(table, output, &rows, some, &mut ordinal, &mut tables)?;
                }
            }
            if ends {
                break;
            }
        }
        drop(sorted);
        tables.finish()
    }
}

/// A table of the output.
struct Made {
    head: Arc<Head>,
    /// The new columns in their order: number, label and type.
    columns: Vec<(usize, Arc<str>, ColumnType)>,
    ascending: bool,
}

impl Made {
    /// `stored`: whether new columns stand in the order of their labels, see [`super::build`].
    fn of(output: Output, key: Box<[Scalar]>, stored: bool, tables: &mut TableSorter) -> Result<Self> {
        let mut columns: Vec<(usize, Arc<str>, ColumnType)> =
            output.columns.into_iter().enumerate().map(|(i, (label, ty, _))| (i, label, ty)).collect();
        if stored {
            columns.sort_by(|a, b| a.1.cmp(&b.1));
        }
        let head = output.head;
        let mut shape: Shape = head.key.iter().map(|(label, ty)| (Arc::clone(label), *ty, true)).collect();
        shape.extend(head.row_columns.iter().map(|(label, ty)| (Arc::clone(label), *ty, false)));
        shape.sort_by_key(|c| head.stay.iter().position(|label| *label == c.0));
        for (_, label, ty) in &columns {
            if shape.iter().any(|c| c.0 == *label) {
                return Err(table_has_column(label));
            }
            shape.push((Arc::clone(label), *ty, false));
        }
        let shape = tables.shape(shape);
        tables.table_of_key(&shape, key)?;
        Ok(Self { head, columns, ascending: output.ascending })
    }

    /// How many columns are made.
    fn width(&self) -> usize {
        self.head.row_columns.len() + self.columns.len() + 1
    }
}

/// Makes rows of the output.
struct Maker {
    known: Vec<(Arc<str>, ColumnType)>,
    marks: Marks,
}

impl Maker {
    /// The rows that groups of sorted rows become; `ordinal` counts all of them.
    fn make(
        &self,
        table: usize,
        output: &Made,
        rows: &SortedRows,
        groups: &[Range<usize>],
        ordinal: &mut u64,
        tables: &mut TableSorter,
    ) -> Result<()> {
        let lacking = || FluxError::internal("a row on disk has lost a column");
        let columns = rows.column(self.marks.column).ok_or_else(lacking)?;
        let places = rows.column(self.marks.place).ok_or_else(lacking)?;
        let (columns, places) =
            (Uints::of(columns).ok_or_else(lacking)?.0, Uints::of(places).ok_or_else(lacking)?.0);
        let of = |label: &str, ty: ColumnType| {
            rows.columns
                .iter()
                .find(|c| *self.known[c.0].0 == *label && self.known[c.0].1 == ty)
                .map(|c| &c.1)
        };
        let first: UInt32Array = groups.iter().map(|g| g.start as u32).collect();
        let mut keys = Keys::default();
        for group in groups {
            // Rows of one key are in the order of the stream.
            let order = if output.ascending { *ordinal } else { places.value(group.start) };
            *ordinal += 1;
            keys.push(|out| {
                out.extend((table as u64).to_be_bytes());
                out.extend(order.to_be_bytes());
            });
        }
        let mut cells: Vec<Vec<Option<u32>>> = vec![vec![None; groups.len()]; output.columns.len()];
        for (at, group) in groups.iter().enumerate() {
            for row in group.clone() {
                cells[columns.value(row) as usize][at] = Some(row as u32);
            }
        }
        let mut made: Vec<Column> = Vec::new();
        for (label, ty) in &output.head.row_columns {
            let array = of(label, *ty).map_or_else(|| null_array(*ty, groups.len()), |a| take(a, &first));
            made.push(Column::row(Arc::clone(label), *ty, array));
        }
        for (number, label, ty) in &output.columns {
            let indices = UInt32Array::from(std::mem::take(&mut cells[*number]));
            let values = of(&value_label(), *ty);
            let array = values.map_or_else(|| null_array(*ty, groups.len()), |a| take(a, &indices));
            made.push(Column::row(Arc::clone(label), *ty, concat(&[array])));
        }
        // The key columns are known to the table.
        tables.columns(&made, keys)
    }
}
