//! Rows that are in the log and not yet in the object store.
//!
//! The buffer keeps rows as they were appended: writes become chunks of columns whose series are ids of their table,
//! and nothing is sorted until somebody reads. A snapshot shares the chunks, so that the lock is held for as long as
//! it takes to clone a few pointers; sorting happens outside.

mod chunk;
mod gather;
mod generation;
mod selection;
mod series_index;
mod sort;
mod table;
mod tombstone;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use weir_batch::{Predicate, ScanRequest, Sequence, SeriesBatch, TimeRange, WriteBatch};
use weir_model::Id;

use gather::Batches;
pub(crate) use generation::Frozen;
use generation::Generation;
use selection::Filter;
use sort::Sorted;
use table::TableView;
pub(crate) use tombstone::Tombstone;

/// The active generation and those that are being flushed.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    active: Generation,
    frozen: VecDeque<Arc<Frozen>>,
    frozen_so_far: u64,
}

/// What a scan of one measurement reads.
#[derive(Debug)]
pub(crate) struct MeasurementSnapshot {
    tables: Vec<Arc<TableView>>,
    filter: Filter,
}

impl Buffer {
    /// Takes rows over.
    pub(crate) fn append(&mut self, bucket: Id, shard_group: i64, rows: WriteBatch, sequence: Sequence) {
        self.active.append(bucket, shard_group, rows, sequence);
    }

    /// Hides rows of lower sequence, in all generations, from now on.
    pub(crate) fn delete(&mut self, tombstone: Tombstone) {
        self.active.delete(Arc::new(tombstone));
    }

    /// Forgets a bucket.
    pub(crate) fn drop_bucket(&mut self, bucket: Id) {
        self.active.drop_bucket(bucket);
        for frozen in &mut self.frozen {
            if frozen.tables.keys().any(|(of, ..)| *of == bucket) {
                let mut rest = Frozen::clone(frozen);
                rest.tables.retain(|(of, ..), _| *of != bucket);
                *frozen = Arc::new(rest);
            }
        }
    }

    /// Whether nothing was written or deleted since the last freeze.
    pub(crate) fn active_is_empty(&self) -> bool {
        self.active.is_empty()
    }

    /// Whether a frozen generation has not been released yet.
    pub(crate) fn has_frozen(&self) -> bool {
        !self.frozen.is_empty()
    }

    /// Bytes of the active generation.
    pub(crate) fn active_bytes(&self) -> usize {
        self.active.bytes()
    }

    /// Bytes of all generations.
    pub(crate) fn bytes(&self) -> usize {
        self.active.bytes() + self.frozen.iter().map(|f| f.bytes).sum::<usize>()
    }

    /// Closes the active generation, which goes on being scanned until it is released, and returns its number.
    pub(crate) fn freeze(&mut self) -> u64 {
        let number = self.frozen_so_far;
        self.frozen_so_far += 1;
        let active = std::mem::take(&mut self.active);
        self.frozen.push_back(Arc::new(active.freeze(number)));
        number
    }

    /// A frozen generation, without the buckets dropped since, and the deletes that came since.
    pub(crate) fn frozen(&self, number: u64) -> Option<(Arc<Frozen>, Vec<Arc<Tombstone>>)> {
        let frozen = self.frozen.iter().find(|f| f.number == number)?;
        Some((Arc::clone(frozen), self.tombstones(None)))
    }

    /// Forgets a frozen generation whose rows are in the file index.
    pub(crate) fn release(&mut self, number: u64) {
        self.frozen.retain(|f| f.number != number);
    }

    fn tombstones(&self, bucket: Option<Id>) -> Vec<Arc<Tombstone>> {
        let frozen = self.frozen.iter().flat_map(|f| &f.tombstones);
        let all = frozen.chain(self.active.tombstones());
        all.filter(|t| bucket.is_none_or(|b| t.bucket == b)).cloned().collect()
    }

    /// What a scan reads, by measurement, ascending.
    pub(crate) fn snapshot(&self, request: &ScanRequest) -> Vec<MeasurementSnapshot> {
        let wanted =
            |measurement: &str| request.predicate.for_measurement(measurement) != Predicate::Constant(false);
        let mut tables: BTreeMap<Arc<str>, Vec<Arc<TableView>>> = BTreeMap::new();
        for frozen in &self.frozen {
            for ((bucket, _, measurement), table) in &frozen.tables {
                if *bucket == request.bucket && wanted(measurement) {
                    tables.entry(Arc::clone(measurement)).or_default().push(Arc::clone(table));
                }
            }
        }
        for (measurement, table) in self.active.views(request.bucket, &wanted) {
            tables.entry(measurement).or_default().push(table);
        }
        let tombstones = self.tombstones(Some(request.bucket));
        let snapshot = |(measurement, tables): (Arc<str>, _)| MeasurementSnapshot {
            tables,
            filter: Filter {
                predicate: request.predicate.for_measurement(&measurement),
                measurement,
                range: request.range,
                tombstones: tombstones.clone(),
            },
        };
        tables.into_iter().map(snapshot).collect()
    }
}

impl MeasurementSnapshot {
    /// All rows of one table of a frozen generation that no delete hides.
    pub(crate) fn of_table(
        measurement: Arc<str>,
        bucket: Id,
        table: Arc<TableView>,
        tombstones: &[Arc<Tombstone>],
    ) -> Self {
        let tombstones = tombstones.iter().filter(|t| t.bucket == bucket).cloned().collect();
        let filter = Filter { measurement, range: TimeRange::ALL, predicate: Predicate::TRUE, tombstones };
        Self { tables: vec![table], filter }
    }

    /// How many rows lie before it, wanted or not.
    pub(crate) fn rows(&self) -> usize {
        self.tables.iter().map(|t| t.rows()).sum()
    }

    /// Sorts; this takes time in proportion to the rows.
    pub(crate) fn read(self) -> impl Iterator<Item = SeriesBatch> + Send {
        Batches::new(Sorted::new(self.tables, self.filter))
    }

    /// Sorts, leaving out rows that later ones replace wholly.
    pub(crate) fn read_to_store(self) -> impl Iterator<Item = SeriesBatch> + Send {
        let mut batches = Batches::new(Sorted::new(self.tables, self.filter));
        batches.drop_replaced();
        batches
    }
}

#[cfg(test)]
mod tests;
