//! Batches kept on disk, in their order.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::UInt64Type;
use arrow_array::{ArrayRef, UInt64Array};
use weir_table::{Column, ColumnData, TableBatch, plain};

use super::file::{Chunk, failed};
use super::{Shape, SpillFile};
use crate::error::{FluxError, Result};
use crate::exec::chunks::chunks;
use crate::exec::{Budget, Run};

/// Batches that are written one after the other, and can be read in any order.
#[derive(Debug)]
pub(crate) struct KeptBatches {
    file: SpillFile,
    shapes: Vec<Arc<Shape>>,
    /// Counts what it takes to know where batches are.
    places: Budget,
}

/// A batch on disk.
#[derive(Debug, Clone)]
pub(crate) struct KeptBatch {
    shape: Arc<Shape>,
    continues: bool,
    offsets: Chunk,
    /// The key columns, and the row columns, if there are any.
    columns: [Option<Chunk>; 2],
}

impl KeptBatch {
    /// About how many bytes of memory it takes when it is read.
    pub(crate) fn size(&self) -> usize {
        self.columns.iter().flatten().map(|chunk| chunk.bytes()).sum::<usize>() + self.offsets.bytes()
    }
}

impl KeptBatches {
    /// No batches yet.
    ///
    /// # Errors
    /// When queries may not use the disk.
    pub(crate) fn new(run: &Run) -> Result<Self> {
        let space = run.spill.as_ref().ok_or_else(|| FluxError::internal("queries may not use the disk"))?;
        Ok(Self { file: space.file()?, shapes: Vec::new(), places: Budget::new(run)? })
    }

    /// Writes a batch, in pieces if it is large.
    ///
    /// # Errors
    /// When the disk, or what queries may use of it, is full, or there are too many batches for the query's memory.
    pub(crate) fn push(&mut self, batch: &TableBatch) -> Result<Vec<KeptBatch>> {
        let shape: Shape = batch.columns.iter().map(|c| (Arc::clone(&c.label), c.ty, c.is_key())).collect();
        let shape = match self.shapes.iter().find(|known| ***known == shape) {
            Some(known) => Arc::clone(known),
            None => {
                self.shapes.push(Arc::new(shape));
                Arc::clone(&self.shapes[self.shapes.len() - 1])
            }
        };
        let mut kept = Vec::new();
        for piece in chunks(batch) {
            self.places.add(2 * size_of::<KeptBatch>())?;
            let offsets: UInt64Array = piece.offsets.iter().map(|&offset| offset as u64).collect();
            let offsets = self.file.write(vec![Arc::new(offsets)])?;
            let mut columns = [None, None];
            for (is_key, chunk) in [true, false].into_iter().zip(&mut columns) {
                let some = piece.columns.iter().filter(|c| c.is_key() == is_key);
                let some: Vec<ArrayRef> = some.map(|c| plain(c.data.array())).collect();
                if !some.is_empty() {
                    *chunk = Some(self.file.write(some)?);
                }
            }
            kept.push(KeptBatch { shape: Arc::clone(&shape), continues: piece.continues, offsets, columns });
        }
        Ok(kept)
    }

    /// Reads a batch back.
    ///
    /// # Errors
    /// When the disk fails.
    pub(crate) fn read(&self, kept: &KeptBatch) -> Result<TableBatch> {
        let offsets = self.file.read(kept.offsets)?;
        let offsets = offsets.first().and_then(|a| a.as_primitive_opt::<UInt64Type>());
        let offsets = offsets.ok_or_else(|| failed("a batch has lost its offsets"))?;
        let mut columns = [Vec::new().into_iter(), Vec::new().into_iter()];
        for (chunk, columns) in kept.columns.iter().zip(&mut columns) {
            if let Some(chunk) = chunk {
                *columns = self.file.read(*chunk)?.into_iter();
            }
        }
        let [mut keys, mut rows] = columns;
        let column = |(label, ty, is_key): &(Arc<str>, _, bool)| {
            let values = if *is_key { keys.next() } else { rows.next() };
            let values = values.ok_or_else(|| failed("a batch has lost a column"))?;
            let data = if *is_key { ColumnData::Key(values) } else { ColumnData::Row(values) };
            Ok(Column { label: Arc::clone(label), ty: *ty, data })
        };
        let columns = kept.shape.iter().map(column).collect::<Result<Vec<_>>>()?;
        let offsets: Vec<usize> = offsets.values().iter().map(|&offset| offset as usize).collect();
        Ok(TableBatch { continues: kept.continues, ..TableBatch::new(columns, offsets) })
    }
}
