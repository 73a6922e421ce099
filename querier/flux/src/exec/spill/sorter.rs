//! Rows brought into the order of their keys.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, BinaryArray};
use arrow_select::interleave::interleave;
use weir_table::{ColumnType, array_size, null_array};

use super::file::{Chunk, failed};
use super::keys::prefix;
use super::{Keys, Merge, SpillFile, SpillSpace};
use crate::error::{FluxError, Result};
use crate::exec::chunks::ROWS;
use crate::exec::ordering::first_of;
use crate::exec::{Memory, Reservation, Run, interrupt};

/// So many runs are merged into one when there are as many of a size.
const FAN: usize = 16;

/// A share of the query's memory that a chunk may take: all chunks of a merge take a quarter at most.
const CHUNK_SHARE: usize = 128;

/// A share of the query's memory that is collected, if there is as much, before a run is written.
const RUN_SHARE: usize = 16;

/// What a row takes while rows are sorted: its place, twice.
const PLACE: usize = 2 * size_of::<Place>();

/// A column of the sorted rows, by its place among all columns that the rows have.
pub(crate) type ColumnId = usize;

/// Sorts rows, which may have different columns, by keys of bytes. Rows of equal keys keep their order.
#[derive(Debug)]
pub(crate) struct Sorter {
    run: Run,
    space: Arc<SpillSpace>,
    columns: Vec<(Arc<str>, ColumnType)>,
    index: HashMap<(Arc<str>, ColumnType), ColumnId>,
    pending: Vec<Piece>,
    bytes: usize,
    taken: Reservation,
    /// Runs on disk, by how often they were merged. Those that were merged more often are older.
    levels: Vec<Vec<SortedRun>>,
    keep: Option<usize>,
}

#[derive(Debug)]
struct Piece {
    keys: Keys,
    columns: Vec<(ColumnId, ArrayRef)>,
}

/// A row among the pieces.
#[derive(Debug, Clone, Copy)]
struct Place {
    prefix: u64,
    piece: u32,
    row: u32,
}

/// Sorted rows on disk.
#[derive(Debug)]
pub(super) struct SortedRun {
    pub(super) file: SpillFile,
    pub(super) chunks: Vec<Chunk>,
    /// Which columns its chunks have, after their keys.
    pub(super) columns: Vec<ColumnId>,
}

impl SortedRun {
    /// The size of its largest chunk.
    pub(super) fn widest(&self) -> usize {
        self.chunks.iter().map(|c| c.bytes()).max().unwrap_or(0)
    }
}

impl Sorter {
    /// A sorter without rows.
    ///
    /// # Errors
    /// When queries may not use the disk.
    pub(crate) fn new(run: &Run) -> Result<Self> {
        let space = run.spill.as_ref().ok_or_else(|| FluxError::internal("queries may not use the disk"))?;
        Ok(Self {
            run: run.clone(),
            space: Arc::clone(space),
            columns: Vec::new(),
            index: HashMap::new(),
            pending: Vec::new(),
            bytes: 0,
            taken: run.memory.reserve(0)?,
            levels: Vec::new(),
            keep: None,
        })
    }

    /// The same, but of the rows whose keys begin with the same eight bytes only the first few are kept.
    pub(crate) fn keeping(self, keep: Option<usize>) -> Self {
        Self { keep, ..self }
    }

    /// The place of a column.
    pub(crate) fn column(&mut self, label: &Arc<str>, ty: ColumnType) -> ColumnId {
        *self.index.entry((Arc::clone(label), ty)).or_insert_with(|| {
            self.columns.push((Arc::clone(label), ty));
            self.columns.len() - 1
        })
    }

    /// All columns so far, by place.
    pub(crate) fn known(&self) -> &[(Arc<str>, ColumnType)] {
        &self.columns
    }

    /// Adds rows: keys, and columns as long, texts not dictionary-coded.
    ///
    /// # Errors
    /// When the disk is full, or not even so many rows fit into memory.
    pub(crate) fn push(&mut self, keys: Keys, columns: Vec<(ColumnId, ArrayRef)>) -> Result<()> {
        interrupt::check()?;
        if keys.len() == 0 {
            return Ok(());
        }
        let sizes = columns.iter().map(|(_, a)| array_size(a));
        let bytes = keys.size() + keys.len() * PLACE + sizes.sum::<usize>();
        let memory = &self.run.memory;
        if self.bytes > memory.limit() / RUN_SHARE && memory.is_short_of(bytes) {
            self.flush()?;
        }
        if self.taken.grow(bytes).is_err() {
            // What was refused counts until it is given back with the rest.
            self.flush()?;
            self.taken.clear();
            self.taken.grow(bytes)?;
        }
        self.bytes += bytes;
        self.pending.push(Piece { keys, columns });
        Ok(())
    }

    /// Writes what is in memory as a run.
    fn flush(&mut self) -> Result<()> {
        let pieces = std::mem::take(&mut self.pending);
        if !pieces.is_empty() {
            let run = self.write(&pieces)?;
            drop(pieces);
            self.add(run, 0)?;
        }
        self.bytes = 0;
        self.taken.clear();
        Ok(())
    }

    /// Adds a run; merges those of its level if there are many.
    fn add(&mut self, run: SortedRun, level: usize) -> Result<()> {
        let (mut run, mut level) = (run, level);
        loop {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            self.levels[level].push(run);
            if self.levels[level].len() < FAN {
                return Ok(());
            }
            let runs = std::mem::take(&mut self.levels[level]);
            let mut merge = Merge::of(runs, &self.columns, self.keep, &self.run)?;
            let columns = merge.columns().to_vec();
            let mut merged = SortedRun { file: self.space.file()?, chunks: Vec::new(), columns };
            while let Some(rows) = merge.next()? {
                let mut arrays: Vec<ArrayRef> = vec![Arc::new(rows.keys)];
                arrays.extend(rows.columns.into_iter().map(|(_, array)| array));
                merged.chunks.push(merged.file.write(arrays)?);
            }
            run = merged;
            level += 1;
        }
    }

    fn write(&self, pieces: &[Piece]) -> Result<SortedRun> {
        let order = self.order(pieces)?;
        let mut columns: Vec<ColumnId> = pieces.iter().flat_map(|p| p.columns.iter().map(|c| c.0)).collect();
        columns.sort_unstable();
        columns.dedup();
        let all: usize = pieces.iter().map(|p| p.keys.len()).sum();
        let at_once = rows_at_once(&self.run.memory, self.bytes / all.max(1));
        let nulls: Vec<ArrayRef> = columns.iter().map(|&c| null_array(self.columns[c].1, 1)).collect();
        let sources: Vec<Vec<&dyn Array>> = columns
            .iter()
            .zip(&nulls)
            .map(|(c, null)| {
                let array = |p: &'_ Piece| p.columns.iter().position(|(id, _)| id == c);
                let of = pieces.iter().map(|p| match array(p) {
                    Some(i) => p.columns[i].1.as_ref(),
                    None => null.as_ref(),
                });
                of.collect()
            })
            .collect();
        let mut run = SortedRun { file: self.space.file()?, chunks: Vec::new(), columns };
        for block in order.chunks(at_once) {
            interrupt::check()?;
            let key = |p: &Place| pieces[p.piece as usize].keys.get(p.row as usize);
            let keys = BinaryArray::from_iter_values(block.iter().map(key));
            let mut arrays: Vec<ArrayRef> = vec![Arc::new(keys)];
            for (c, sources) in run.columns.iter().zip(&sources) {
                let lacks: Vec<bool> =
                    pieces.iter().map(|p| p.columns.iter().all(|(id, _)| id != c)).collect();
                let picks: Vec<(usize, usize)> = block
                    .iter()
                    .map(|p| (p.piece as usize, if lacks[p.piece as usize] { 0 } else { p.row as usize }))
                    .collect();
                arrays.push(interleave(sources, &picks).map_err(failed)?);
            }
            run.chunks.push(run.file.write(arrays)?);
        }
        Ok(run)
    }

    /// The rows of the pieces in order, without those that are not kept.
    fn order(&self, pieces: &[Piece]) -> Result<Vec<Place>> {
        let key = |p: &Place| pieces[p.piece as usize].keys.get(p.row as usize);
        let mut order: Vec<Place> = Vec::with_capacity(pieces.iter().map(|p| p.keys.len()).sum());
        for (piece, p) in pieces.iter().enumerate() {
            order.extend((0..p.keys.len()).map(|row| Place {
                prefix: prefix(p.keys.get(row)),
                piece: piece as u32,
                row: row as u32,
            }));
        }
        let all = order.len();
        first_of(&mut order, all, |a, b| match a.prefix.cmp(&b.prefix) {
            Ordering::Equal => key(a).cmp(key(b)).then((a.piece, a.row).cmp(&(b.piece, b.row))),
            unequal => unequal,
        })?;
        if let Some(keep) = self.keep {
            let mut first = 0;
            let mut at = 0;
            order = order
                .iter()
                .enumerate()
                .filter_map(|(i, place)| {
                    if order[first].prefix != place.prefix {
                        first = i;
                        at = 0;
                    }
                    at += 1;
                    (at <= keep).then_some(*place)
                })
                .collect();
        }
        Ok(order)
    }

    /// The rows in order.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub(crate) fn finish(mut self) -> Result<Merge> {
        self.flush()?;
        let runs = std::mem::take(&mut self.levels).into_iter().rev().flatten().collect();
        Merge::of(runs, &self.columns, self.keep, &self.run)
    }
}

/// How many rows, of so many bytes each, are put together at a time.
pub(super) fn rows_at_once(memory: &Memory, row: usize) -> usize {
    (memory.limit() / CHUNK_SHARE / row.max(1)).clamp(16, ROWS)
}
