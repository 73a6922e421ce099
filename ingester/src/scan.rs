//! The scan service: unflushed rows.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;

use async_trait::async_trait;
use futures::StreamExt;
use futures::stream;
use weir_batch::{ScanRequest, SeriesBatch};
use weir_model::{Error, Result};
use weir_proto::{ScanService, ScanStream};

use crate::Ingester;
use crate::buffer::MeasurementSnapshot;

/// Tables of fewer rows are sorted where the caller is; longer work goes to a thread that may block.
const INLINE_ROWS: usize = 20_000;

#[async_trait]
impl ScanService for Ingester {
    async fn scan(&self, request: ScanRequest) -> Result<ScanStream> {
        if !self.inner.state.ready.load(Ordering::Acquire) {
            return Err(Error::unavailable("the server is still reading its log, try again"));
        }
        let snapshot = self.inner.state.rows.lock().buffer.snapshot(&request);
        let reader = Reader { ahead: snapshot.into(), current: None, rows: 0 };
        Ok(stream::try_unfold(reader, Reader::step).boxed())
    }
}

struct Reader {
    ahead: VecDeque<MeasurementSnapshot>,
    current: Option<Box<dyn Iterator<Item = SeriesBatch> + Send>>,
    rows: usize,
}

impl Reader {
    async fn step(self) -> Result<Option<(SeriesBatch, Self)>> {
        let next =
            if self.current.is_some() { self.rows } else { self.ahead.front().map_or(0, |m| m.rows()) };
        if next <= INLINE_ROWS && self.ahead.iter().take(16).all(|m| m.rows() <= INLINE_ROWS) {
            return Ok(self.next());
        }
        tokio::task::spawn_blocking(move || self.next()).await.map_err(|error| {
            tracing::error!(%error, "a scan of the buffer died");
            Error::internal("An internal error has occurred - check server logs")
        })
    }

    fn next(mut self) -> Option<(SeriesBatch, Self)> {
        loop {
            if let Some(batch) = self.current.as_mut().and_then(Iterator::next) {
                return Some((batch, self));
            }
            let measurement = self.ahead.pop_front()?;
            self.rows = measurement.rows();
            self.current = Some(Box::new(measurement.read()));
        }
    }
}
