//! A node whose tables several others take: run once, replayed to each.

use std::sync::Arc;

use parking_lot::Mutex;
use weir_table::TableBatch;

use super::{BoxOperator, Collected, Operator, Run};
use crate::error::{FluxError, Result};

struct State {
    source: Option<BoxOperator>,
    read: Collected,
    error: Option<FluxError>,
}

/// Hands out readers of one stream.
#[derive(Clone)]
pub(super) struct SharedSource {
    state: Arc<Mutex<State>>,
    run: Run,
}

impl SharedSource {
    /// Shares a stream.
    pub(super) fn new(source: BoxOperator, run: &Run) -> Self {
        let state = State { source: Some(source), read: Collected::default(), error: None };
        Self { state: Arc::new(Mutex::new(state)), run: run.clone() }
    }

    /// A reader from the beginning.
    pub(super) fn reader(&self) -> BoxOperator {
        Box::new(Reader { state: Arc::clone(&self.state), at: 0, run: self.run.clone() })
    }
}

struct Reader {
    state: Arc<Mutex<State>>,
    at: usize,
    run: Run,
}

impl Operator for Reader {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        let mut state = self.state.lock();
        if let Some(batch) = state.read.batches.get(self.at) {
            self.at += 1;
            return Ok(Some(batch.clone()));
        }
        if let Some(error) = &state.error {
            return Err(error.clone());
        }
        let Some(source) = &mut state.source else { return Ok(None) };
        match source.next() {
            Ok(Some(batch)) => {
                state.read.push(batch.clone(), &self.run.memory)?;
                self.at += 1;
                Ok(Some(batch))
            }
            Ok(None) => {
                state.source = None;
                Ok(None)
            }
            Err(error) => {
                state.source = None;
                state.error = Some(error.clone());
                Err(error)
            }
        }
    }
}
