//! Tables that are joined on disk: both streams are sorted by their tables and the columns compared, and read side by
//! side.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, BinaryArray};
use weir_table::{ColumnType, KeyEncoder, KeySlots, TableBatch, null_array, plain};

use super::groups::{Groups, Matches};
use super::in_memory::{compared, lacks, widen};
use super::rows::{SideShape, Source, SourceColumn};
use super::tables::{Pairing, Pairings};
use crate::error::Result;
use crate::exec::chunks::chunks;
use crate::exec::spill::{ColumnId, Keys, Merge, Ranges, Shape, SortedRows, Sorter, table_of};
use crate::exec::{Budget, Reservation, Run};
use crate::tables::keys::TableKeys;

/// The bytes of a key that say which table a row is of; one that says whether nothing compared is null comes next.
const TABLE: usize = size_of::<u64>();

/// A side on its way to disk, or there.
#[derive(Default)]
struct Side {
    rows: Option<Sorter>,
    sorted: Option<Merge>,
    shape: SideShape,
    /// The shapes of tables, and where in the sorted rows each of their columns is.
    shapes: Vec<(Arc<Shape>, Vec<ColumnId>)>,
    pushed: u64,
}

impl Side {
    /// The number of a shape.
    fn place(&mut self, shape: Shape) -> u32 {
        let known = self.shapes.iter().position(|known| *known.0 == shape);
        known.unwrap_or_else(|| {
            self.shapes.push((Arc::new(shape), Vec::new()));
            self.shapes.len() - 1
        }) as u32
    }
}

/// Two streams on disk.
pub(super) struct OnDisk {
    run: Run,
    slots: KeySlots,
    /// For each group key the shapes of the tables that have it.
    tables: Vec<[Option<u32>; 2]>,
    sides: [Side; 2],
    /// A column that tables of the left stream lack, or of the right one.
    lacking: Option<String>,
    keys: Budget,
}

impl OnDisk {
    pub(super) fn new(run: &Run) -> Result<Self> {
        Ok(Self {
            run: run.clone(),
            slots: KeySlots::new(),
            tables: Vec::new(),
            sides: Default::default(),
            lacking: None,
            keys: Budget::new(run)?,
        })
    }

    /// Goes on with the rows of a side; those of the other are all there, or none.
    pub(super) fn begin(&mut self, side: usize) -> Result<()> {
        self.end()?;
        self.sides[side].rows = Some(Sorter::new(&self.run)?);
        Ok(())
    }

    /// Ends the side that was begun.
    fn end(&mut self) -> Result<()> {
        for side in &mut self.sides {
            let Some(mut rows) = side.rows.take() else { continue };
            for (shape, places) in &mut side.shapes {
                *places = shape.iter().map(|(label, ty, _)| rows.column(label, *ty)).collect();
            }
            side.sorted = Some(rows.finish()?);
        }
        Ok(())
    }

    /// Adds the rows of a batch.
    pub(super) fn push(&mut self, side: usize, batch: &TableBatch, on: &[String]) -> Result<()> {
        let own = &mut self.sides[side];
        if batch.rows() > 0 {
            widen(&mut own.shape, batch);
        }
        let shape: Shape = batch.columns.iter().map(|c| (Arc::clone(&c.label), c.ty, c.is_key())).collect();
        let number = own.place(shape);
        let mut key = Vec::new();
        for piece in chunks(batch) {
            let columns = match compared(&piece, on) {
                Ok(columns) => columns,
                Err(label) => {
                    self.lacking.get_or_insert(label);
                    return Ok(());
                }
            };
            let encoder = KeyEncoder::new(columns.iter().map(|(t, a)| (*t, a)));
            let table_keys = TableKeys::of(&piece);
            let mut keys = Keys::default();
            for run in 0..piece.runs() {
                key.clear();
                table_keys.write(run, &mut key);
                let (slot, new) = self.slots.slot(&key);
                if new {
                    self.keys.add(size_of::<[Option<u32>; 2]>() + 48 + key.len())?;
                    self.tables.push([None, None]);
                }
                let own = &mut self.sides[side];
                let shape = match self.tables[slot][side] {
                    Some(known) if known != number => {
                        let mut wide = (*own.shapes[known as usize].0).clone();
                        let more = Arc::clone(&own.shapes[number as usize].0);
                        wide.extend(
                            more.iter()
                                .filter(|c| wide.iter().all(|w| w.0 != c.0))
                                .cloned()
                                .collect::<Vec<_>>(),
                        );
                        own.place(wide)
                    }
                    _ => number,
                };
                self.tables[slot][side] = Some(shape);
                for row in piece.run(run) {
                    own.pushed += 1;
                    let last = !own.pushed;
                    keys.push(|out| {
                        out.extend((slot as u64).to_be_bytes());
                        if columns.iter().all(|(_, a)| a.is_valid(row)) {
                            out.push(0);
                            encoder.encode(row, out);
                        } else {
                            // Behind the others, those of the left side before those of the right, the last first.
                            out.push(1 + side as u8);
                            out.extend(last.to_be_bytes());
                        }
                    });
                }
            }
            let Some(rows) = &mut self.sides[side].rows else { continue };
            let values = piece.columns.iter().enumerate();
            let values = values.map(|(i, c)| (rows.column(&c.label, c.ty), plain(&piece.row_values(i))));
            let values = values.collect();
            rows.push(keys, values)?;
        }
        Ok(())
    }

    pub(super) fn shapes(&self) -> [SideShape; 2] {
        [self.sides[0].shape.clone(), self.sides[1].shape.clone()]
    }

    /// The tables, to be read.
    pub(super) fn finish(mut self) -> Result<Joined> {
        self.end()?;
        self.keys.settle()?;
        let lost = || crate::error::FluxError::internal("a side of a join was not read");
        let [left, right] = self.sides;
        let ranges = Ranges::of(left.sorted.ok_or_else(lost)?, right.sorted.ok_or_else(lost)?)?;
        let range = self.run.memory.reserve(0)?;
        Ok(Joined {
            run: self.run,
            tables: self.tables,
            shapes: [left.shapes, right.shapes],
            ranges,
            ready: VecDeque::new(),
            lacking: self.lacking,
            range,
            _keys: self.keys,
        })
    }
}

/// Two streams that are read from disk.
pub(super) struct Joined {
    run: Run,
    tables: Vec<[Option<u32>; 2]>,
    shapes: [Vec<(Arc<Shape>, Vec<ColumnId>)>; 2],
    ranges: Ranges,
    ready: VecDeque<Pairing>,
    lacking: Option<String>,
    /// Counts the rows that were read.
    range: Reservation,
    _keys: Budget,
}

/// The rows of one side in a range.
struct Part {
    rows: Option<SortedRows>,
    sources: HashMap<u32, Arc<Source>>,
    at: usize,
}

impl Part {
    fn of(blocks: Vec<SortedRows>) -> Result<Self> {
        let mut rows: Option<SortedRows> = None;
        for block in blocks {
            rows = Some(match rows {
                Some(rows) => rows.followed_by(&block)?,
                None => block,
            });
        }
        Ok(Self { rows, sources: HashMap::new(), at: 0 })
    }

    fn keys(&self) -> Option<&BinaryArray> {
        self.rows.as_ref().map(|rows| &rows.keys).filter(|keys| self.at < keys.len())
    }

    /// The table of the next row.
    fn table(&self) -> Option<usize> {
        self.keys().map(|keys| table_of(keys, self.at))
    }

    /// Takes the rows of a table.
    fn take(&mut self, table: usize) -> Range<usize> {
        let start = self.at;
        while self.table() == Some(table) {
            self.at += 1;
        }
        start..self.at
    }

    fn groups(&self, rows: Range<usize>, budget: &mut Budget) -> Result<Groups> {
        let write = |row: usize, out: &mut Vec<u8>| {
            let Some(rows) = &self.rows else { return false };
            let key = &rows.keys.value(row)[TABLE..];
            out.extend_from_slice(key);
            key.first() == Some(&0)
        };
        // Of rows with a null the last comes first, and so they lie here.
        Groups::of(rows, write, budget).map(Groups::with_nulls_in_order)
    }

    /// Where rows of tables of a shape are.
    fn source(&mut self, number: u32, shape: &Shape, places: &[ColumnId]) -> Arc<Source> {
        let rows = &self.rows;
        let values = |place: ColumnId, ty: ColumnType| -> ArrayRef {
            let found = rows.as_ref().and_then(|rows| rows.column(place));
            found.map_or_else(|| null_array(ty, rows.as_ref().map_or(0, |r| r.keys.len())), Arc::clone)
        };
        let column = |((label, ty, is_key), place): (&(Arc<str>, ColumnType, bool), &ColumnId)| {
            SourceColumn { label: Arc::clone(label), ty: *ty, is_key: *is_key, values: values(*place, *ty) }
        };
        let source = || Arc::new(Source { columns: shape.iter().zip(places).map(column).collect() });
        Arc::clone(self.sources.entry(number).or_insert_with(source))
    }
}

impl Pairings for Joined {
    fn next(&mut self) -> Result<Option<Pairing>> {
        if let Some(label) = &self.lacking {
            return Err(lacks(label));
        }
        loop {
            if let Some(pairing) = self.ready.pop_front() {
                return Ok(Some(pairing));
            }
            self.range.clear();
            let Some((left, right)) = self.ranges.next()? else { return Ok(None) };
            let size = left.iter().chain(&right).map(SortedRows::memory_size).sum();
            self.range.grow(size)?;
            let mut parts = [Part::of(left)?, Part::of(right)?];
            while let Some(table) = parts.iter().filter_map(Part::table).min() {
                let mut budget = Budget::new(&self.run)?;
                let rows = [parts[0].take(table), parts[1].take(table)];
                let key = [0, 1].map(|side| (!rows[side].is_empty()).then_some(rows[side].start as u32));
                let [left, right] = rows;
                let (left, right) =
                    (parts[0].groups(left, &mut budget)?, parts[1].groups(right, &mut budget)?);
                let sources = [0, 1].map(|side| {
                    let number = self.tables[table][side]?;
                    let (shape, places) = &self.shapes[side][number as usize];
                    Some(parts[side].source(number, shape, places))
                });
                let matches = Matches::of(left, right);
                self.ready.push_back(Pairing { table, matches, sources, key, _budget: budget });
            }
        }
    }
}
