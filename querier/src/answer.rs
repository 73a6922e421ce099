//! The answer on its way: pieces of CSV in a channel that waits for its reader.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use tokio::sync::mpsc;
use weir_annotated_csv::{Annotation, Dialect, Encoder};
use weir_flux::{FluxError, ResultStream};
use weir_model::{Error, ErrorCode, Result};
use weir_proto::CsvDialect;
use weir_table::{Column, ColumnData, TableBatch};

/// A piece of an answer has about so many bytes.
const PIECE: usize = 64 << 10;
/// So many pieces wait for the reader; then the query waits too.
pub(crate) const PIECES: usize = 4;
/// So many rows are written as CSV before looking whether a piece is full, so that
/// the CSV of a long batch is never in memory at once.
const ROWS: usize = 4096;

/// Cancels the query when it is dropped.
#[derive(Debug)]
pub(crate) struct CancelOnDrop(pub(crate) Arc<AtomicBool>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Where a query writes its answer to.
pub(crate) struct Answer {
    sender: mpsc::Sender<Result<Bytes>>,
    encoder: Encoder,
    buffer: Vec<u8>,
    /// Whether there is anything that the reader has seen or will see.
    begun: bool,
    /// Nothing but what goes wrong is written.
    discard: bool,
    /// Whether the query has started.
    running: bool,
}

impl Answer {
    pub(crate) fn new(sender: mpsc::Sender<Result<Bytes>>, dialect: &CsvDialect, discard: bool) -> Self {
        let annotations = dialect.annotations.iter().filter_map(|name| Annotation::from_name(name)).collect();
        let dialect = Dialect { header: dialect.header, delimiter: dialect.delimiter, annotations };
        Self {
            sender,
            encoder: Encoder::new(dialect),
            buffer: Vec::new(),
            begun: false,
            discard,
            running: false,
        }
    }

    /// The query has started: if its rows are not wanted, what goes wrong from now on is all there is to be told.
    pub(crate) fn started(&mut self) {
        self.running = true;
    }

    /// Pulls a result to its end and writes its tables.
    pub(crate) fn write(&mut self, mut result: ResultStream) -> Result<(), FluxError> {
        while let Some(batch) = result.tables.next()? {
            if !self.discard {
                self.write_batch(&result.name, &batch)?;
            }
        }
        if !self.discard {
            self.encoder.finish_result(&mut self.buffer);
        }
        Ok(())
    }

    /// Writes a batch a few rows at a time.
    fn write_batch(&mut self, name: &str, batch: &TableBatch) -> Result<(), FluxError> {
        if batch.rows() <= ROWS {
            self.encoder.encode(name, batch, &mut self.buffer);
            return self.send_full();
        }
        let mut from = 0;
        while from < batch.runs() {
            let rows = batch.run(from);
            let fitting =
                batch.offsets.partition_point(|offset| *offset <= rows.start + ROWS).saturating_sub(1);
            let to = fitting.clamp(from + 1, batch.runs());
            if rows.len() <= ROWS {
                self.encoder.encode(name, &batch.slice_runs(from..to), &mut self.buffer);
                self.send_full()?;
            } else {
                for start in rows.clone().step_by(ROWS) {
                    let part = start..rows.end.min(start + ROWS);
                    let continues = start > rows.start || (from == 0 && batch.continues);
                    self.encoder.encode(name, &part_of(batch, from, part, continues), &mut self.buffer);
                    self.send_full()?;
                }
            }
            from = to;
        }
        Ok(())
    }

    fn send_full(&mut self) -> Result<(), FluxError> {
        if self.buffer.len() < PIECE { Ok(()) } else { self.send_all() }
    }

    fn send_all(&mut self) -> Result<(), FluxError> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        self.begun = true;
        let mut bytes = Bytes::from(std::mem::take(&mut self.buffer));
        while !bytes.is_empty() {
            let piece = bytes.split_to(bytes.len().min(PIECE));
            self.sender
                .blocking_send(Ok(piece))
                .map_err(|_| FluxError::new(ErrorCode::Canceled, "query was cancelled"))?;
        }
        Ok(())
    }

    /// Ends the answer: with what is left of it, or with what went wrong.
    pub(crate) fn finish(mut self, outcome: Result<(), FluxError>) {
        if let Err(error) = outcome {
            let told = self.discard && self.running;
            if !told && !self.begun && self.buffer.is_empty() {
                let error = Error::from(error);
                // Nobody waits for it any more if this fails.
                let _ = self.sender.blocking_send(Err(error));
                return;
            }
            if self.begun && self.buffer.is_empty() {
                self.buffer.extend_from_slice(b"\r\n");
                let mut table = Vec::new();
                self.encoder.error(&error.message, &mut table);
                let table = table.strip_prefix(b"\r\n").unwrap_or(&table);
                self.buffer.extend_from_slice(table);
            } else {
                self.encoder.error(&error.message, &mut self.buffer);
            }
        }
        // A reader that has gone away needs no ending.
        let _ = self.send_all();
    }
}

/// Some rows of one table.
fn part_of(batch: &TableBatch, run: usize, rows: Range<usize>, continues: bool) -> TableBatch {
    let column = |column: &Column| Column {
        data: match &column.data {
            ColumnData::Key(values) => ColumnData::Key(values.slice(run, 1)),
            ColumnData::Row(values) => ColumnData::Row(values.slice(rows.start, rows.len())),
        },
        ..column.clone()
    };
    let columns = batch.columns.iter().map(column).collect();
    TableBatch { columns, offsets: Arc::from([0, rows.len()]), continues }
}
