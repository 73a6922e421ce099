//! Rows that belong to tables, sorted within them.

use std::sync::Arc;

use arrow_array::ArrayRef;
use weir_table::{Column, ColumnType, Scalar, TableBatch, plain};

use super::cut::Cut;
use super::{Keys, Sorter};
use crate::error::Result;
use crate::exec::regroup::is_new;
use crate::exec::{BoxOperator, Budget, Run};

/// The columns of a table: label, type, and whether it is a key column.
pub(crate) type Shape = Vec<(Arc<str>, ColumnType, bool)>;

/// A table: its columns, and the values of the key columns among them.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) shape: Arc<Shape>,
    pub(super) key: Box<[Scalar]>,
}

/// Collects the rows of tables. The key of a row begins with the number of its table ([`Keys::push_table`]); what comes
/// after that decides about the order within the table.
#[derive(Debug)]
pub(crate) struct TableSorter {
    sorter: Sorter,
    tables: Vec<Table>,
    shapes: Vec<Arc<Shape>>,
    budget: Budget,
}

impl TableSorter {
    /// No tables yet; of each at most `keep` rows are kept, if that is given.
    ///
    /// # Errors
    /// When queries may not use the disk.
    pub(crate) fn new(run: &Run, keep: Option<usize>) -> Result<Self> {
        let sorter = Sorter::new(run)?.keeping(keep);
        Ok(Self { sorter, tables: Vec::new(), shapes: Vec::new(), budget: Budget::new(run)? })
    }

    /// A shape, to be shared by all tables that have it.
    pub(crate) fn shape(&mut self, shape: Shape) -> Arc<Shape> {
        if let Some(known) = self.shapes.iter().find(|known| ***known == shape) {
            return Arc::clone(known);
        }
        self.shapes.push(Arc::new(shape));
        Arc::clone(&self.shapes[self.shapes.len() - 1])
    }

    /// Adds a table, whose key is in row `row` of table `run` of the batch; answers its number.
    ///
    /// # Errors
    /// When there are too many for the query's memory.
    pub(crate) fn table(
        &mut self,
        shape: &Arc<Shape>,
        batch: &TableBatch,
        run: usize,
        row: usize,
    ) -> Result<usize> {
        let cells = shape.iter().enumerate().filter(|(_, c)| c.2).map(|(i, _)| batch.cell(i, run, row));
        self.table_of_key(shape, cells.collect())
    }

    /// Adds a table whose key columns have these values; answers its number.
    ///
    /// # Errors
    /// When there are too many for the query's memory.
    pub(crate) fn table_of_key(&mut self, shape: &Arc<Shape>, key: Box<[Scalar]>) -> Result<usize> {
        let text = |s: &Scalar| if let Scalar::String(s) = s { s.len() + 16 } else { 0 };
        let texts: usize = key.iter().map(text).sum();
        self.budget.add(2 * size_of::<Table>() + key.len() * size_of::<Scalar>() + texts)?;
        self.tables.push(Table { shape: Arc::clone(shape), key });
        Ok(self.tables.len() - 1)
    }

    /// Adds columns to a table, if it lacks any of these.
    ///
    /// # Errors
    /// When it has one of them with another type.
    pub(crate) fn widen(&mut self, table: usize, shape: &Arc<Shape>) -> Result<()> {
        if Arc::ptr_eq(&self.tables[table].shape, shape) {
            return Ok(());
        }
        let mut wide = (*self.tables[table].shape).clone();
        for (label, ty, is_key) in shape.iter() {
            if is_new(wide.iter().map(|c| (&c.0, c.1)), label, *ty)? {
                wide.push((Arc::clone(label), *ty, *is_key));
            }
        }
        self.tables[table].shape = self.shape(wide);
        Ok(())
    }

    /// How many tables there are.
    pub(crate) fn len(&self) -> usize {
        self.tables.len()
    }

    /// Adds the rows of a small batch, with their keys. The columns are those of the shape.
    ///
    /// # Errors
    /// When memory or disk are full.
    pub(crate) fn rows(&mut self, batch: &TableBatch, shape: &Shape, keys: Keys) -> Result<()> {
        let columns: Vec<(usize, ArrayRef)> = shape
            .iter()
            .enumerate()
            .filter(|(_, c)| !c.2)
            .map(|(i, (label, ty, _))| (self.sorter.column(label, *ty), plain(&batch.row_values(i))))
            .collect();
        self.sorter.push(keys, columns)
    }

    /// Adds rows with their keys, which say what tables they belong to: the row columns of these.
    ///
    /// # Errors
    /// When memory or disk are full.
    pub(crate) fn columns(&mut self, columns: &[Column], keys: Keys) -> Result<()> {
        let mut id = |c: &Column| (self.sorter.column(&c.label, c.ty), plain(c.data.array()));
        let columns = columns.iter().map(&mut id).collect();
        self.sorter.push(keys, columns)
    }

    /// The tables in the order of their numbers, with their rows in order.
    ///
    /// # Errors
    /// When the disk fails.
    pub(crate) fn finish(mut self) -> Result<BoxOperator> {
        self.budget.settle()?;
        let columns = self.sorter.known().to_vec();
        Ok(Box::new(Cut::new(self.sorter.finish()?, columns, self.tables, self.budget)))
    }
}
