//! The part of the buffer that one flush writes.

use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::HashMap;
use weir_batch::{Sequence, WriteBatch};
use weir_model::Id;

use super::table::{Table, TableView};
use super::tombstone::Tombstone;

/// Rows and deletes since the last freeze.
#[derive(Debug, Default)]
pub(crate) struct Generation {
    shards: HashMap<(Id, i64), HashMap<Arc<str>, Table>>,
    tombstones: Vec<Arc<Tombstone>>,
    bytes: usize,
}

/// A generation that no longer changes. It can be scanned until its rows are in the file index.
#[derive(Debug, Clone)]
pub(crate) struct Frozen {
    /// Counts generations.
    pub(crate) number: u64,
    /// By bucket, shard group and measurement.
    pub(crate) tables: BTreeMap<(Id, i64, Arc<str>), Arc<TableView>>,
    /// The deletes that came in its time.
    pub(crate) tombstones: Vec<Arc<Tombstone>>,
    /// Bytes of memory it takes, roughly.
    pub(crate) bytes: usize,
}

impl Generation {
    pub(crate) fn append(&mut self, bucket: Id, shard_group: i64, rows: WriteBatch, sequence: Sequence) {
        let tables = self.shards.entry((bucket, shard_group)).or_default();
        for rows in rows.measurements {
            if !tables.contains_key(rows.measurement.as_str()) {
                self.bytes += rows.measurement.len() + size_of::<Table>() + 64;
                tables.insert(rows.measurement.as_str().into(), Table::default());
            }
            if let Some(table) = tables.get_mut(rows.measurement.as_str()) {
                self.bytes += table.append(rows, sequence);
            }
        }
    }

    pub(crate) fn delete(&mut self, tombstone: Arc<Tombstone>) {
        self.bytes += 256;
        self.tombstones.push(tombstone);
    }

    pub(crate) fn drop_bucket(&mut self, bucket: Id) {
        self.tombstones.retain(|t| t.bucket != bucket);
        self.shards.retain(|(of, _), tables| {
            let keep = *of != bucket;
            if !keep {
                self.bytes -= tables.values().map(Table::memory_size).sum::<usize>().min(self.bytes);
            }
            keep
        });
        if self.is_empty() {
            self.bytes = 0;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.shards.is_empty() && self.tombstones.is_empty()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(crate) fn tombstones(&self) -> &[Arc<Tombstone>] {
        &self.tombstones
    }

    /// The tables of a bucket, as they stand now.
    pub(crate) fn views(&self, bucket: Id, wanted: &dyn Fn(&str) -> bool) -> Vec<(Arc<str>, Arc<TableView>)> {
        let tables = self.shards.iter().filter(|((of, _), _)| *of == bucket).flat_map(|(_, tables)| tables);
        let wanted = tables.filter(|(measurement, _)| wanted(measurement));
        wanted.map(|(measurement, table)| (Arc::clone(measurement), Arc::new(table.view()))).collect()
    }

    pub(crate) fn freeze(self, number: u64) -> Frozen {
        let bytes = self.bytes;
        let tables = self.shards.into_iter().flat_map(|((bucket, shard_group), tables)| {
            let key = move |measurement| (bucket, shard_group, measurement);
            tables
                .into_iter()
                .map(move |(measurement, table)| (key(measurement), Arc::new(table.into_view())))
        });
        Frozen { number, tables: tables.collect(), tombstones: self.tombstones, bytes }
    }
}
