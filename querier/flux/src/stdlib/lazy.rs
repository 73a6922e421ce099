//! Streams whose tables are made at once, when they are first asked for.

use std::collections::VecDeque;

use weir_table::TableBatch;

use crate::error::Result;
use crate::exec::{BoxOperator, Operator};

/// A stream of the batches that `make` answers.
pub(crate) fn lazy(make: impl FnOnce() -> Result<Vec<TableBatch>> + Send + 'static) -> BoxOperator {
    Box::new(Lazy { make: Some(make), ready: VecDeque::new() })
}

struct Lazy<F> {
    make: Option<F>,
    ready: VecDeque<TableBatch>,
}

impl<F: FnOnce() -> Result<Vec<TableBatch>> + Send> Operator for Lazy<F> {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        if let Some(make) = self.make.take() {
            self.ready = make()?.into();
        }
        Ok(self.ready.pop_front())
    }
}
