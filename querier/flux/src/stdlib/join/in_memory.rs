//! Tables that are joined in memory.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef};
use weir_table::{ColumnType, KeyEncoder, KeySlots, TableBatch};

use super::groups::{Groups, Matches};
use super::rows::{SideShape, Source, SourceColumn};
use super::tables::{Pairing, Pairings};
use crate::error::{FluxError, Result};
use crate::exec::{BoxOperator, Budget, Collected, Ready, Reservation, Run};
use crate::tables::keys::TableKeys;

/// The columns that are compared, with a value a row; or the label of one that the tables lack.
type Compared = Result<Vec<(ColumnType, ArrayRef)>, String>;

/// One of the streams.
struct Side {
    collected: Collected,
    sources: Vec<Arc<Source>>,
    compared: Vec<Vec<(ColumnType, ArrayRef)>>,
}

/// Two streams in memory.
pub(super) struct InMemory {
    run: Run,
    sides: [Side; 2],
    /// The batch and run of the tables of each group key, in order of appearance, those of the left stream first.
    tables: Vec<[Option<(u32, u32)>; 2]>,
    next: usize,
    /// A column that tables of the left stream lack, or of the right one.
    lacking: Option<String>,
    /// Counts the tables, and the values of key columns a row.
    _keys: Budget,
    _spread: Reservation,
}

/// What a table takes besides the bytes of its key: its place, and that in the table of keys.
const TABLE: usize = size_of::<[Option<(u32, u32)>; 2]>() + 48;

/// What a row takes while tables are matched.
const ROW: usize = 64;

impl InMemory {
    pub(super) fn of(sides: [Collected; 2], on: &[Vec<String>; 2], run: &Run) -> Result<Self> {
        let (mut slots, mut tables) = (KeySlots::new(), Vec::new());
        let (mut keys, mut spread) = (Budget::new(run)?, run.memory.reserve(0)?);
        let mut key = Vec::new();
        for (side, collected) in sides.iter().enumerate() {
            for (b, batch) in collected.batches.iter().enumerate() {
                let table_keys = TableKeys::of(batch);
                for at in 0..batch.runs() {
                    key.clear();
                    table_keys.write(at, &mut key);
                    let (slot, new) = slots.slot(&key);
                    keys.add(if new { TABLE + key.len() } else { 0 })?;
                    if new {
                        tables.push([None, None]);
                    }
                    tables[slot][side] = Some((b as u32, at as u32));
                }
                let keyed = on[side].iter().filter(|label| batch.is_key(label)).count();
                spread.grow(keyed * batch.rows() * 8)?;
            }
        }
        keys.settle()?;
        let [left, right] = sides;
        let mut lacking = None;
        let sides = [Side::of(left, &on[0], &mut lacking), Side::of(right, &on[1], &mut lacking)];
        Ok(Self { run: run.clone(), sides, tables, next: 0, lacking, _keys: keys, _spread: spread })
    }

    pub(super) fn shapes(&self) -> [SideShape; 2] {
        let shape = |side: &Side| {
            let mut shape = SideShape::new();
            for batch in side.collected.batches.iter().filter(|batch| batch.rows() > 0) {
                widen(&mut shape, batch);
            }
            shape
        };
        [shape(&self.sides[0]), shape(&self.sides[1])]
    }

    /// How many bytes it takes to match the largest tables.
    pub(super) fn working_size(&self) -> usize {
        let longest = |side: &Side| {
            let runs = side.collected.batches.iter().flat_map(|b| (0..b.runs()).map(|run| b.run(run).len()));
            runs.max().unwrap_or(0)
        };
        (longest(&self.sides[0]) + longest(&self.sides[1])) * ROW
    }

    /// The streams again.
    pub(super) fn into_streams(self) -> [BoxOperator; 2] {
        self.sides.map(|side| Box::new(Ready::from(side.collected)) as BoxOperator)
    }
}

/// Adds the columns of a batch to those of its side.
pub(super) fn widen(shape: &mut SideShape, batch: &TableBatch) {
    for c in &batch.columns {
        if !shape.iter().any(|(label, _)| *label == c.label) {
            shape.push((Arc::clone(&c.label), c.ty));
        }
    }
}

/// The columns of a batch that are compared.
pub(super) fn compared(batch: &TableBatch, on: &[String]) -> Compared {
    let column = |label: &String| {
        let i = batch.find(label).ok_or_else(|| label.clone())?;
        Ok((batch.columns[i].ty, batch.row_values(i)))
    };
    on.iter().map(column).collect()
}

pub(super) fn lacks(label: &str) -> FluxError {
    FluxError::invalid(format!("table is missing column \"{label}\""))
}

impl Side {
    fn of(collected: Collected, on: &[String], lacking: &mut Option<String>) -> Self {
        let source = |batch: &TableBatch| {
            let columns = batch.columns.iter().map(|c| SourceColumn {
                label: Arc::clone(&c.label),
                ty: c.ty,
                is_key: c.is_key(),
                values: Arc::clone(c.data.array()),
            });
            Arc::new(Source { columns: columns.collect() })
        };
        let sources = collected.batches.iter().map(source).collect();
        let mut columns = |batch| {
            compared(batch, on).unwrap_or_else(|label| {
                lacking.get_or_insert(label);
                Vec::new()
            })
        };
        let compared = collected.batches.iter().map(&mut columns).collect();
        Self { collected, sources, compared }
    }

    /// The rows of a table by the columns compared.
    fn groups(&self, (batch, run): (u32, u32), budget: &mut Budget) -> Result<Groups> {
        let columns = &self.compared[batch as usize];
        let encoder = KeyEncoder::new(columns.iter().map(|(t, a)| (*t, a)));
        let write = |row: usize, out: &mut Vec<u8>| {
            encoder.encode(row, out);
            columns.iter().all(|(_, a)| a.is_valid(row))
        };
        Groups::of(self.collected.batches[batch as usize].run(run as usize), write, budget)
    }
}

impl Pairings for InMemory {
    fn next(&mut self) -> Result<Option<Pairing>> {
        if let Some(label) = &self.lacking {
            return Err(lacks(label));
        }
        let Some(&places) = self.tables.get(self.next) else { return Ok(None) };
        self.next += 1;
        let mut budget = Budget::new(&self.run)?;
        let mut groups = |side: usize| match places[side] {
            Some(place) => self.sides[side].groups(place, &mut budget),
            None => Ok(Groups::default()),
        };
        let matches = Matches::of(groups(0)?, groups(1)?);
        let source = |side: usize| {
            places[side].map(|(batch, _)| Arc::clone(&self.sides[side].sources[batch as usize]))
        };
        Ok(Some(Pairing {
            table: self.next - 1,
            matches,
            sources: [source(0), source(1)],
            key: places.map(|place| place.map(|(_, run)| run)),
            _budget: budget,
        }))
    }
}
