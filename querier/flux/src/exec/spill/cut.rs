//! Sorted rows cut into tables.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::Array;
use weir_table::{Column, ColumnBuilder, ColumnData, ColumnType, TableBatch, null_array};

use super::keys::table_of;
use super::tables::Table;
use super::{Merge, SortedRows};
use crate::error::Result;
use crate::exec::{Budget, Operator};

/// Answers tables in the order of their numbers; those without rows too.
pub(super) struct Cut {
    rows: Merge,
    columns: Vec<(Arc<str>, ColumnType)>,
    tables: Vec<Table>,
    /// How many tables have begun.
    begun: usize,
    ready: VecDeque<TableBatch>,
    ended: bool,
    /// Counts the tables' keys.
    _keys: Budget,
}

impl Cut {
    pub(super) fn new(
        rows: Merge,
        columns: Vec<(Arc<str>, ColumnType)>,
        tables: Vec<Table>,
        keys: Budget,
    ) -> Self {
        Self { rows, columns, tables, begun: 0, ready: VecDeque::new(), ended: false, _keys: keys }
    }

    /// Makes batches of the next rows (none: of what tables are left).
    fn cut(&mut self, rows: Option<&SortedRows>) {
        let continues = self.begun;
        let mut parts: Vec<(usize, Range<usize>)> = Vec::new();
        let count = rows.map_or(0, |r| r.keys.len());
        let mut start = 0;
        while let Some(rows) = rows
            && start < count
        {
            let table = table_of(&rows.keys, start);
            let mut end = start + 1;
            while end < count && table_of(&rows.keys, end) == table {
                end += 1;
            }
            parts.extend((self.begun..table).map(|empty| (empty, start..start)));
            parts.push((table, start..end));
            self.begun = table + 1;
            start = end;
        }
        if rows.is_none() {
            parts.extend((self.begun..self.tables.len()).map(|empty| (empty, 0..0)));
            self.begun = self.tables.len();
        }
        let alike = |a: &(usize, Range<usize>), b: &(usize, Range<usize>)| {
            Arc::ptr_eq(&self.tables[a.0].shape, &self.tables[b.0].shape)
        };
        for part in parts.chunk_by(alike) {
            let mut batch = self.batch(part, rows);
            batch.continues = part[0].0 < continues;
            self.ready.push_back(batch);
        }
    }

    fn batch(&self, parts: &[(usize, Range<usize>)], rows: Option<&SortedRows>) -> TableBatch {
        let start = parts[0].1.start;
        let count = parts[parts.len() - 1].1.end - start;
        let mut offsets = vec![0];
        offsets.extend(parts.iter().map(|p| p.1.end - start));
        let mut key = 0;
        let columns = self.tables[parts[0].0].shape.iter().map(|(label, ty, is_key)| {
            let data = if *is_key {
                let mut values = ColumnBuilder::new(*ty, parts.len());
                for (table, _) in parts {
                    // A column that became one of the key later has no value in it.
                    match self.tables[*table].key.get(key) {
                        Some(value) => _ = values.push(value),
                        None => values.push_null(),
                    }
                }
                key += 1;
                ColumnData::Key(values.finish())
            } else {
                let found = rows.and_then(|rows| {
                    let of = |c: &&(usize, _)| {
                        let (known, kind) = &self.columns[c.0];
                        known == label && kind == ty
                    };
                    rows.columns.iter().find(of)
                });
                ColumnData::Row(match found {
                    Some((_, array)) => array.slice(start, count),
                    None => null_array(*ty, count),
                })
            };
            Column { label: Arc::clone(label), ty: *ty, data }
        });
        TableBatch::new(columns.collect(), offsets)
    }
}

impl Operator for Cut {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        loop {
            if let Some(batch) = self.ready.pop_front() {
                return Ok(Some(batch));
            }
            if self.ended {
                return Ok(None);
            }
            let rows = self.rows.next()?;
            self.ended = rows.is_none();
            self.cut(rows.as_ref());
        }
    }
}
