//! How queries of both languages run: a place among those that may, a thread, and an answer in pieces.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use bytes::Bytes;
use futures::{StreamExt, stream};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use weir_model::{Error, Id, Result};
use weir_proto::ByteStream;

use crate::answer::{CancelOnDrop, PIECES};
use crate::metrics::{Counted, Ending, Phase};
use crate::querier::{Inner, Querier};

/// What a caller is told of a panic; the log has the rest.
pub(crate) const PANICKED: &str = "An internal error has occurred - check server logs";

/// A query that may run, for as long as this lives. Its parts are private: a closure that used one would keep that
/// alone, and let the place go.
pub(crate) struct Admitted {
    counted: Counted<Inner>,
    _place: OwnedSemaphorePermit,
}

impl Admitted {
    /// What is counted of it.
    pub(crate) fn counted(&self) -> &Counted<Inner> {
        &self.counted
    }
}

impl Querier {
    /// Counts a query of `org` and waits for its place.
    ///
    /// # Errors
    /// As many wait as may.
    pub(crate) async fn admitted(&self, org: Id) -> Result<Admitted> {
        let counted = Counted::begin(Arc::clone(&self.inner), org);
        let queued = counted.phase(Phase::Queueing);
        let place = self.inner.slots.enter().await;
        drop(queued);
        match place {
            Ok(place) => Ok(Admitted { counted, _place: place }),
            Err(error) => {
                counted.end(Ending::QueueError);
                Err(error)
            }
        }
    }

    /// Runs `work` on a thread of its own and hands on what it sends; when nobody reads any more, the flag is set. A
    /// thread, because queries wait for object stores that use the runtime's blocking threads themselves, and as many
    /// queries as those must not stop each other for ever.
    ///
    /// # Errors
    /// The first thing sent is an error, or there is no thread.
    pub(crate) async fn in_pieces(
        &self,
        work: impl FnOnce(mpsc::Sender<Result<Bytes>>, Arc<AtomicBool>) + Send + 'static,
    ) -> Result<ByteStream> {
        let cancelled = Arc::new(AtomicBool::new(false));
        let guard = CancelOnDrop(Arc::clone(&cancelled));
        let (sender, mut pieces) = mpsc::channel(PIECES);
        let runtime = Handle::current();
        let thread = self.inner.threads.run(move || {
            let _runtime = runtime.enter();
            work(sender, cancelled);
        });
        if let Err(error) = thread {
            tracing::error!(%error, "no thread for a query");
            return Err(Error::unavailable("the server has no thread for another query, try again"));
        }
        match pieces.recv().await {
            None => Ok(stream::empty().boxed()),
            Some(Err(error)) => Err(error),
            Some(Ok(first)) => {
                let rest = stream::unfold((pieces, guard), |(mut pieces, guard)| async move {
                    pieces.recv().await.map(|piece| (piece, (pieces, guard)))
                });
                Ok(stream::once(async { Ok(first) }).chain(rest).boxed())
            }
        }
    }
}

/// What `run` returns, and of a panic the error that `internal` makes of [`PANICKED`].
pub(crate) fn caught<E>(
    run: impl FnOnce() -> Result<(), E>,
    internal: impl FnOnce(&'static str) -> E,
) -> Result<(), E> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        let message = match (panic.downcast_ref::<String>(), panic.downcast_ref::<&str>()) {
            (Some(text), _) => text,
            (None, Some(text)) => *text,
            (None, None) => "of unknown kind",
        };
        tracing::error!(message, "a query panicked");
        Err(internal(PANICKED))
    })
}
