//! A log in memory that outlives the ingester.

use std::sync::Arc;

use async_trait::async_trait;
use parking_lot::Mutex;
use weir_model::Result;
use weir_wal::Position;

use crate::log::{Log, Record, Replay};

#[derive(Debug, Default)]
struct Inner {
    records: Vec<(u64, Record)>,
    end: u64,
}

/// The place where logs lie.
#[derive(Debug, Clone)]
pub(super) struct Logs(Arc<Mutex<Inner>>);

impl Logs {
    pub(super) fn new() -> Self {
        Self(Arc::default())
    }

    pub(super) fn open(&self) -> (Box<dyn Log>, Replay) {
        let records: Vec<_> = self.0.lock().records.iter().map(|(_, record)| Ok(record.clone())).collect();
        (Box::new(Self(Arc::clone(&self.0))), Box::new(records.into_iter()))
    }

    /// How many records there are.
    pub(super) fn len(&self) -> usize {
        self.0.lock().records.len()
    }
}

#[async_trait]
impl Log for Logs {
    async fn append(&self, record: &Record) -> Result<()> {
        tokio::task::yield_now().await;
        let mut inner = self.0.lock();
        let at = inner.end;
        inner.records.push((at, record.clone()));
        inner.end += 1;
        Ok(())
    }

    fn cut(&self) -> Position {
        Position(self.0.lock().end)
    }

    async fn retire(&self, position: Position) -> Result<()> {
        self.0.lock().records.retain(|(at, _)| *at >= position.0);
        Ok(())
    }
}
