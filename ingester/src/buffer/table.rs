//! Rows of one measurement of one bucket's shard group.

use std::hash::BuildHasher;
use std::sync::Arc;

use hashbrown::{DefaultHashBuilder, HashTable};
use weir_batch::{FieldType, MeasurementRows, Sequence};

use super::chunk::{Chunk, ChunkColumn, Span};
use super::series_index::{SeriesIndex, SeriesView};

/// A write with at most this many rows is put behind the last chunk, so that many small writes do not become many
/// small chunks.
const SMALL_WRITE: usize = 512;
/// A chunk made of small writes does not grow past this: a scan may force a copy of it.
const SMALL_CHUNK: usize = 8192;

/// A field's column: its name and type. Two columns of a table may share a name (after a delete the type may change).
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Column {
    /// The field's name.
    pub(crate) name: Arc<str>,
    /// The field's type.
    pub(crate) ty: FieldType,
}

/// A table that grows.
#[derive(Debug, Default)]
pub(crate) struct Table {
    series: SeriesIndex,
    columns: Vec<Arc<Column>>,
    column_ids: HashTable<u32>,
    hasher: DefaultHashBuilder,
    chunks: Vec<Arc<Chunk>>,
    chunk_bytes: usize,
}

/// A table as it stood at some moment. Cheap to take and to clone: it shares the chunks.
#[derive(Debug, Clone, Default)]
pub(crate) struct TableView {
    /// The series, by id.
    pub(crate) series: SeriesView,
    /// The columns, by id.
    pub(crate) columns: Vec<Arc<Column>>,
    /// The rows.
    pub(crate) chunks: Vec<Arc<Chunk>>,
}

impl TableView {
    /// How many rows the table has.
    pub(crate) fn rows(&self) -> usize {
        self.chunks.iter().map(|c| c.rows()).sum()
    }
}

impl Table {
    /// Takes rows over. Returns by how many bytes the table grew.
    pub(crate) fn append(&mut self, rows: MeasurementRows, sequence: Sequence) -> usize {
        let before = self.memory_size();
        if rows.times.is_empty() {
            return 0;
        }
        let ids: Vec<u32> = rows.series.iter().map(|key| self.series.intern(key)).collect();
        let mut series = rows.row_series;
        for id in &mut series {
            *id = ids[*id as usize];
        }
        let (min_time, max_time) =
            rows.times.iter().fold((i64::MAX, i64::MIN), |(min, max), t| (min.min(*t), max.max(*t)));
        let mut columns = Vec::with_capacity(rows.fields.len());
        for (i, field) in rows.fields.into_iter().enumerate() {
            let column = self.column_id(i, &field.name, field.values.field_type());
            columns.push(ChunkColumn { column, values: field.values, rows: field.rows });
        }
        columns.sort_by_key(|c| c.column);
        let spans = vec![Span { sequence, end: rows.times.len() as u32 }];
        self.push(Chunk { spans, series, times: rows.times, columns, min_time, max_time });
        self.memory_size() - before
    }

    fn push(&mut self, chunk: Chunk) {
        match self.chunks.last_mut() {
            Some(last) if chunk.rows() <= SMALL_WRITE && last.rows() + chunk.rows() <= SMALL_CHUNK => {
                self.chunk_bytes -= last.memory_size().min(self.chunk_bytes);
                let last = Arc::make_mut(last);
                last.append(chunk);
                self.chunk_bytes += last.memory_size();
            }
            _ => {
                self.chunk_bytes += chunk.memory_size();
                self.chunks.push(Arc::new(chunk));
            }
        }
    }

    /// The column of a field; `guess` is where writes of one shape find it without hashing.
    fn column_id(&mut self, guess: usize, name: &str, ty: FieldType) -> u32 {
        if self.columns.get(guess).is_some_and(|c| &*c.name == name && c.ty == ty) {
            return guess as u32;
        }
        let hash = self.hasher.hash_one((name, ty));
        let columns = &self.columns;
        let found = self.column_ids.find(hash, |id| {
            let column = &columns[*id as usize];
            &*column.name == name && column.ty == ty
        });
        if let Some(id) = found {
            return *id;
        }
        let id = self.columns.len() as u32;
        self.columns.push(Arc::new(Column { name: name.into(), ty }));
        let (columns, hasher) = (&self.columns, &self.hasher);
        self.column_ids.insert_unique(hash, id, |id| {
            let column = &columns[*id as usize];
            hasher.hash_one((&*column.name, column.ty))
        });
        id
    }

    /// The table as it stands now.
    pub(crate) fn view(&self) -> TableView {
        TableView { series: self.series.view(), columns: self.columns.clone(), chunks: self.chunks.clone() }
    }

    /// The table as it will stay.
    pub(crate) fn into_view(self) -> TableView {
        TableView { series: self.series.into_view(), columns: self.columns, chunks: self.chunks }
    }

    /// Bytes of memory the table takes, roughly.
    pub(crate) fn memory_size(&self) -> usize {
        let columns: usize = self.columns.iter().map(|c| c.name.len() + 64).sum();
        self.series.memory_size() + self.chunk_bytes + columns
    }
}
