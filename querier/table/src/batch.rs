//! A batch of tables.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef};

use crate::access::{Bools, Floats, Ints, Strings, Uints};
use crate::{ColumnType, Scalar, kernels};

/// The cells of a column.
#[derive(Debug, Clone)]
pub enum ColumnData {
    /// One value a run: the column is part of the group key.
    Key(ArrayRef),
    /// One value a row.
    Row(ArrayRef),
}

impl ColumnData {
    /// The array, whichever way it is laid out.
    pub fn array(&self) -> &ArrayRef {
        match self {
            Self::Key(a) | Self::Row(a) => a,
        }
    }
}

/// A column of a batch.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its label.
    pub label: Arc<str>,
    /// Its type.
    pub ty: ColumnType,
    /// Its cells.
    pub data: ColumnData,
}

impl Column {
    /// A key column.
    pub fn key(label: impl Into<Arc<str>>, ty: ColumnType, values: ArrayRef) -> Self {
        Self { label: label.into(), ty, data: ColumnData::Key(values) }
    }

    /// A row column.
    pub fn row(label: impl Into<Arc<str>>, ty: ColumnType, values: ArrayRef) -> Self {
        Self { label: label.into(), ty, data: ColumnData::Row(values) }
    }

    /// Whether the column is part of the group key.
    pub fn is_key(&self) -> bool {
        matches!(self.data, ColumnData::Key(_))
    }
}

/// Tables of one shape, one run of rows after the other. See the crate's documentation.
#[derive(Debug, Clone)]
pub struct TableBatch {
    /// The columns, in the order they are shown.
    pub columns: Vec<Column>,
    /// Row offsets of the runs, one more than there are runs.
    pub offsets: Arc<[usize]>,
    /// Whether the first run goes on where the last run of the batch before ended.
    pub continues: bool,
}

impl TableBatch {
    /// A batch of these columns and runs.
    pub fn new(columns: Vec<Column>, offsets: impl Into<Arc<[usize]>>) -> Self {
        let batch = Self { columns, offsets: offsets.into(), continues: false };
        debug_assert!(batch.check().is_ok(), "{:?}", batch.check());
        batch
    }

    /// Tells which invariant is broken, if one is.
    pub fn check(&self) -> Result<(), String> {
        if self.offsets.first() != Some(&0) || self.offsets.windows(2).any(|w| w[0] > w[1]) {
            return Err(format!("offsets {:?}", self.offsets));
        }
        for (i, c) in self.columns.iter().enumerate() {
            let want = if c.is_key() { self.runs() } else { self.rows() };
            if c.data.array().len() != want {
                return Err(format!("column {} has {} cells, not {want}", c.label, c.data.array().len()));
            }
            if self.columns[..i].iter().any(|d| d.label == c.label) {
                return Err(format!("two columns are called {}", c.label));
            }
        }
        Ok(())
    }

    /// How many tables there are.
    pub fn runs(&self) -> usize {
        self.offsets.len() - 1
    }

    /// How many rows all tables have together.
    pub fn rows(&self) -> usize {
        self.offsets[self.offsets.len() - 1]
    }

    /// The rows of table `run`.
    pub fn run(&self, run: usize) -> std::ops::Range<usize> {
        self.offsets[run]..self.offsets[run + 1]
    }

    /// The place of a column.
    pub fn find(&self, label: &str) -> Option<usize> {
        self.columns.iter().position(|c| &*c.label == label)
    }

    /// A column by label.
    pub fn column(&self, label: &str) -> Option<&Column> {
        self.columns.iter().find(|c| &*c.label == label)
    }

    /// The key columns, in order.
    pub fn key_columns(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|c| c.is_key())
    }

    /// Whether the label is part of the group key.
    pub fn is_key(&self, label: &str) -> bool {
        self.column(label).is_some_and(Column::is_key)
    }

    /// A column with one cell a row, whichever way it is laid out (a key column is spread over its rows).
    pub fn row_values(&self, index: usize) -> ArrayRef {
        match &self.columns[index].data {
            ColumnData::Row(a) => Arc::clone(a),
            ColumnData::Key(a) => kernels::repeat_each(a, &self.offsets),
        }
    }

    /// The cell of a column in a row of a run.
    pub fn cell(&self, column: usize, run: usize, row: usize) -> Scalar {
        let c = &self.columns[column];
        match &c.data {
            ColumnData::Key(a) => scalar_at(a, c.ty, run),
            ColumnData::Row(a) => scalar_at(a, c.ty, row),
        }
    }

    /// The same tables with the column added, or put in the place of the one with its label.
    pub fn set_column(&mut self, column: Column) {
        match self.find(&column.label) {
            Some(i) => self.columns[i] = column,
            None => self.columns.push(column),
        }
    }

    /// Tables `runs` only.
    pub fn slice_runs(&self, runs: std::ops::Range<usize>) -> Self {
        kernels::slice_runs(self, runs)
    }

    /// Bytes of memory the batch refers to, roughly (shared buffers are counted in each batch that holds them).
    pub fn memory_size(&self) -> usize {
        self.offsets.len() * 8 + self.columns.iter().map(|c| array_size(c.data.array())).sum::<usize>()
    }
}

/// Bytes of memory that the cells of an array take.
pub fn array_size(array: &ArrayRef) -> usize {
    let any: &dyn Array = array;
    let nulls = array.nulls().map_or(0, |nulls| nulls.len().div_ceil(8));
    if Ints::of(any).is_some() || Floats::of(any).is_some() || Uints::of(any).is_some() {
        return array.len() * 8 + nulls;
    }
    match Strings::of(any) {
        Some(Strings::Dictionary(codes, _)) => return codes.len() * 4 + nulls + array_size(codes.values()),
        Some(Strings::Plain(texts)) => {
            let (offsets, last) = (texts.value_offsets(), texts.len());
            return (last + 1) * 4 + nulls + (offsets[last] - offsets[0]) as usize;
        }
        None => {}
    }
    array.to_data().get_slice_memory_size().unwrap_or_else(|_| array.get_array_memory_size())
}

/// The cell at `i` of an array that holds values of type `ty`; null where the array is of another type.
pub fn scalar_at(array: &dyn Array, ty: ColumnType, i: usize) -> Scalar {
    let value = match ty {
        ColumnType::Bool => Bools::of(array).and_then(|a| a.get(i)).map(Scalar::Bool),
        ColumnType::Int => Ints::of(array).and_then(|a| a.get(i)).map(Scalar::Int),
        ColumnType::Time => Ints::of(array).and_then(|a| a.get(i)).map(Scalar::Time),
        ColumnType::UInt => Uints::of(array).and_then(|a| a.get(i)).map(Scalar::UInt),
        ColumnType::Float => Floats::of(array).and_then(|a| a.get(i)).map(Scalar::Float),
        ColumnType::String => Strings::of(array).and_then(|a| a.get(i)).map(|s| Scalar::String(s.into())),
    };
    value.unwrap_or(Scalar::Null)
}
