//! The end that a query may be brought to from outside, known to all code that runs on its thread: kernels look here
//! in their long loops, without being told by whom they were called.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Run;
use crate::error::Result;

thread_local! {
    static FLAG: RefCell<Option<Arc<AtomicBool>>> = const { RefCell::new(None) };
}

/// So many rows are worked on between two looks. A power of two.
const STRIDE: usize = 1024;

/// Work for a query on this thread; when dropped, for the one before again.
pub struct Working(Option<Arc<AtomicBool>>);

/// From here on this thread works for the query that `cancelled` ends.
pub fn working_for(cancelled: &Arc<AtomicBool>) -> Working {
    Working(FLAG.replace(Some(Arc::clone(cancelled))))
}

impl Drop for Working {
    fn drop(&mut self) {
        FLAG.set(self.0.take());
    }
}

/// Fails if the query that this thread works for was cancelled.
///
/// # Errors
/// `Canceled`.
pub fn check() -> Result<()> {
    let cancelled = FLAG.with_borrow(|flag| flag.as_ref().is_some_and(|f| f.load(Ordering::Relaxed)));
    if cancelled { Err(Run::cancelled()) } else { Ok(()) }
}

/// [`check`], once in a while; `i` counts the rows of a loop.
///
/// # Errors
/// `Canceled`.
#[inline]
pub fn tick(i: usize) -> Result<()> {
    if i % STRIDE == STRIDE - 1 { check() } else { Ok(()) }
}
