//! Which series, columns and rows a scan wants of the tables of one measurement.

use std::sync::Arc;

use weir_batch::{Predicate, SeriesKey, TimeRange};

use super::chunk::Chunk;
use super::table::{Column, TableView};
use super::tombstone::Tombstone;

/// What a scan asks of one measurement.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    /// The measurement.
    pub(crate) measurement: Arc<str>,
    /// The times wanted.
    pub(crate) range: TimeRange,
    /// The series and fields wanted. Comparisons of values are left to whoever merges the sources: a value that is
    /// not wanted still replaces an older one that is.
    pub(crate) predicate: Predicate,
    /// The deletes of the bucket.
    pub(crate) tombstones: Vec<Arc<Tombstone>>,
}

/// Series that are treated alike.
#[derive(Debug)]
pub(crate) struct Class {
    /// What the predicate leaves to say about fields.
    rest: Predicate,
    /// The deletes that take these series.
    pub(crate) tombstones: Vec<Arc<Tombstone>>,
    /// Which output columns are wanted.
    pub(crate) wants: Vec<bool>,
    wants_all: bool,
}

/// Which rows of a chunk have a wanted value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Presence {
    All,
    None,
    Rows(Vec<bool>),
}

impl Presence {
    /// Whether a row has a wanted value.
    pub(crate) fn has(&self, row: usize) -> bool {
        match self {
            Self::All => true,
            Self::None => false,
            Self::Rows(rows) => rows[row],
        }
    }
}

const UNKNOWN: u32 = u32::MAX;
const EXCLUDED: u32 = u32::MAX - 1;

/// Decides, and remembers what it decided.
#[derive(Debug)]
pub(crate) struct Selection {
    filter: Filter,
    /// Output columns: the distinct columns of all tables, by name and type.
    columns: Vec<Arc<Column>>,
    /// By table: the output column of each of its columns.
    column_maps: Vec<Vec<u32>>,
    classes: Vec<Class>,
    /// By table and series: the class.
    of_series: Vec<Vec<u32>>,
}

impl Selection {
    pub(crate) fn new(filter: Filter, tables: &[Arc<TableView>]) -> Self {
        let mut columns: Vec<Arc<Column>> = tables.iter().flat_map(|t| t.columns.iter().cloned()).collect();
        columns.sort_by(|a, b| (&a.name, a.ty).cmp(&(&b.name, b.ty)));
        columns.dedup();
        let place = |column: &Arc<Column>| {
            columns.partition_point(|c| (&c.name, c.ty) < (&column.name, column.ty)) as u32
        };
        let column_maps = tables.iter().map(|t| t.columns.iter().map(place).collect()).collect();
        let of_series = tables.iter().map(|t| vec![UNKNOWN; t.series.len()]).collect();
        Self { filter, columns, column_maps, classes: Vec::new(), of_series }
    }

    pub(crate) fn filter(&self) -> &Filter {
        &self.filter
    }

    pub(crate) fn columns(&self) -> &[Arc<Column>] {
        &self.columns
    }

    pub(crate) fn classes(&self) -> &[Class] {
        &self.classes
    }

    /// The output column of a table's column.
    pub(crate) fn output_column(&self, table: usize, column: u32) -> u32 {
        self.column_maps[table][column as usize]
    }

    /// The class of a series; `None` if nothing of it is wanted.
    pub(crate) fn class(&mut self, table: usize, id: u32, view: &TableView) -> Option<u32> {
        let known = self.of_series[table][id as usize];
        let class = if known == UNKNOWN {
            let class = self.classify(view.series.get(id));
            self.of_series[table][id as usize] = class;
            class
        } else {
            known
        };
        (class != EXCLUDED).then_some(class)
    }

    fn classify(&mut self, key: SeriesKey<'_>) -> u32 {
        let measurement = Arc::clone(&self.filter.measurement);
        let rest = self.filter.predicate.for_series(&measurement, key);
        if rest == Predicate::Constant(false) {
            return EXCLUDED;
        }
        let tombstones: Vec<_> =
            self.filter.tombstones.iter().filter(|t| t.takes(&measurement, key)).cloned().collect();
        let same = |c: &Class| {
            c.rest == rest
                && c.tombstones.len() == tombstones.len()
                && c.tombstones.iter().zip(&tombstones).all(|(a, b)| Arc::ptr_eq(a, b))
        };
        if let Some(i) = self.classes.iter().position(same) {
            return i as u32;
        }
        let wants: Vec<bool> =
            self.columns.iter().map(|c| rest.for_field(&c.name) != Predicate::Constant(false)).collect();
        let wants_all = wants.iter().all(|w| *w);
        if !wants.contains(&true) {
            return EXCLUDED;
        }
        self.classes.push(Class { rest, tombstones, wants, wants_all });
        self.classes.len() as u32 - 1
    }

    /// Which rows of a chunk have a value that a class wants.
    pub(crate) fn presence(&self, class: u32, table: usize, chunk: &Chunk) -> Presence {
        let class = &self.classes[class as usize];
        if class.wants_all {
            return Presence::All; // a row has at least one field
        }
        let mut rows: Option<Vec<bool>> = None;
        for column in &chunk.columns {
            if !class.wants[self.output_column(table, column.column) as usize] {
                continue;
            }
            match &column.rows {
                None => return Presence::All,
                Some(present) => {
                    let rows = rows.get_or_insert_with(|| vec![false; chunk.rows()]);
                    present.iter().for_each(|row| rows[*row as usize] = true);
                }
            }
        }
        rows.map_or(Presence::None, Presence::Rows)
    }
}
