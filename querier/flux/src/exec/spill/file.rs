//! One file: chunks of rows as Arrow IPC streams, one after the other. It lives as long as an operator, so its form is
//! nobody else's business.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, Field, Schema};

use super::SpillSpace;
use crate::error::{FluxError, Result};

/// A file without a name.
#[derive(Debug)]
pub(crate) struct SpillFile {
    file: File,
    end: u64,
    space: Arc<SpillSpace>,
}

/// Where a chunk lies in its file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chunk {
    start: u64,
    bytes: usize,
}

impl Chunk {
    /// How long it is in the file, and about how many bytes of memory its rows take.
    pub(super) fn bytes(self) -> usize {
        self.bytes
    }
}

impl SpillFile {
    pub(super) fn new(file: File, space: Arc<SpillSpace>) -> Self {
        Self { file, end: 0, space }
    }

    /// Adds columns of one length.
    ///
    /// # Errors
    /// When the disk, or what queries may use of it, is full.
    pub(super) fn write(&mut self, columns: Vec<ArrayRef>) -> Result<Chunk> {
        let bytes = encoded(columns).map_err(failed)?;
        self.space.take(bytes.len() as u64)?;
        let chunk = Chunk { start: self.end, bytes: bytes.len() };
        self.end += bytes.len() as u64;
        self.file.write_all_at(&bytes, chunk.start).map_err(failed)?;
        Ok(chunk)
    }

    /// Reads columns back.
    ///
    /// # Errors
    /// When the disk fails.
    pub(super) fn read(&self, chunk: Chunk) -> Result<Vec<ArrayRef>> {
        let mut bytes = vec![0; chunk.bytes];
        self.file.read_exact_at(&mut bytes, chunk.start).map_err(failed)?;
        let mut reader = StreamReader::try_new(&*bytes, None).map_err(failed)?;
        let rows = reader.next().ok_or_else(|| failed("there are no rows"))?.map_err(failed)?;
        Ok(rows.columns().to_vec())
    }
}

fn encoded(columns: Vec<ArrayRef>) -> Result<Vec<u8>, ArrowError> {
    let fields: Vec<Field> = columns
        .iter()
        .enumerate()
        .map(|(i, a)| Field::new(i.to_string(), a.data_type().clone(), true))
        .collect();
    let options = RecordBatchOptions::new().with_row_count(columns.first().map(|c| c.len()));
    let rows = RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), columns, &options)?;
    let mut writer = StreamWriter::try_new(Vec::new(), &rows.schema())?;
    writer.write(&rows)?;
    writer.into_inner()
}

impl Drop for SpillFile {
    fn drop(&mut self) {
        self.space.give_back(self.end);
    }
}

/// What the user reads when the disk does not do its part.
pub(super) fn failed(e: impl std::fmt::Display) -> FluxError {
    FluxError::internal(format!("what did not fit into memory cannot be kept on disk: {e}"))
}
