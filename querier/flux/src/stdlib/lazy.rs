//! Streams whose tables are made at once, when they are first asked for.

use weir_table::TableBatch;

use crate::error::Result;
use crate::exec::{BoxOperator, Operator, Ready};

/// A stream of the batches that `make` answers.
pub(crate) fn lazy(make: impl FnOnce() -> Result<Vec<TableBatch>> + Send + 'static) -> BoxOperator {
    lazy_counted(move || Ok(make()?.into()))
}

/// The same for a `make` that has counted what it answers.
pub(crate) fn lazy_counted(make: impl FnOnce() -> Result<Ready> + Send + 'static) -> BoxOperator {
    Box::new(Lazy { make: Some(make), ready: Ready::default() })
}

struct Lazy<F> {
    make: Option<F>,
    ready: Ready,
}

impl<F: FnOnce() -> Result<Ready> + Send> Operator for Lazy<F> {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        if let Some(make) = self.make.take() {
            self.ready = make()?;
        }
        Ok(self.ready.pop())
    }
}
