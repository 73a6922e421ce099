//! A block: annotations, header, and the rows under them.

use std::sync::Arc;

use weir_table::{Column, ColumnBuilder, ColumnType, Scalar, TableBatch};

use super::DecodeError;
use super::cell::{Format, parse};

/// A column as annotations and header describe it.
#[derive(Debug)]
pub(super) struct ColumnMeta {
    pub(super) label: String,
    pub(super) format: Format,
    pub(super) in_key: bool,
    pub(super) default: Scalar,
}

/// What rows of a block are read by.
#[derive(Debug)]
pub(super) struct Meta {
    /// The name of the result.
    pub(super) result: String,
    /// The id that an empty table has.
    pub(super) table: String,
    pub(super) columns: Vec<ColumnMeta>,
    /// How many cells a row has, with those before the data.
    pub(super) width: usize,
    /// How many cells stand before the data.
    pub(super) skip: usize,
}

/// Collects the tables of a block into one batch.
pub(super) struct Block {
    meta: Meta,
    builders: Vec<ColumnBuilder>,
    /// The id of the table that rows are added to.
    table: Option<String>,
    offsets: Vec<usize>,
    rows: usize,
}

impl Block {
    pub(super) fn new(meta: Meta) -> Self {
        let builders = meta.columns.iter().map(|c| ColumnBuilder::new(c.format.ty(), 0)).collect();
        Self { meta, builders, table: None, offsets: vec![0], rows: 0 }
    }

    pub(super) fn width(&self) -> usize {
        self.meta.width
    }

    /// Adds a row of the block's width.
    pub(super) fn push(&mut self, row: &[String]) -> Result<(), DecodeError> {
        let id = if self.meta.skip > 2 { row[2].as_str() } else { "0" };
        let begins = match &self.table {
            None => true,
            Some(current) => !id.is_empty() && id != current,
        };
        if begins {
            if self.table.is_some() {
                self.offsets.push(self.rows);
            }
            self.table = Some(id.to_owned());
        }
        for ((column, builder), cell) in
            self.meta.columns.iter().zip(&mut self.builders).zip(&row[self.meta.skip..])
        {
            if column.in_key && !begins {
                continue;
            }
            if cell.is_empty() {
                builder.push(&column.default);
            } else {
                parse(cell, &column.format, builder)?;
            }
        }
        self.rows += 1;
        Ok(())
    }

    /// The tables. A block without rows is one empty table, whose key is in the defaults.
    pub(super) fn finish(mut self) -> Result<TableBatch, DecodeError> {
        if self.table.is_none() {
            if self.meta.table.is_empty() {
                return Err(DecodeError::MissingTableId);
            }
            for (column, builder) in self.meta.columns.iter().zip(&mut self.builders) {
                if column.in_key {
                    builder.push(&column.default);
                }
            }
        }
        self.offsets.push(self.rows);
        let columns = self
            .meta
            .columns
            .into_iter()
            .zip(self.builders)
            .map(|(meta, builder)| {
                let ty: ColumnType = builder.ty();
                let array = builder.finish();
                let label: Arc<str> = meta.label.into();
                if meta.in_key { Column::key(label, ty, array) } else { Column::row(label, ty, array) }
            })
            .collect();
        Ok(TableBatch::new(columns, self.offsets))
    }
}
