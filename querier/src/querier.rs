//! The querier.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use async_trait::async_trait;
use futures::{StreamExt, stream};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use weir_catalog::Catalog;
use weir_flux::env::Environment;
use weir_flux::exec::Memory;
use weir_flux::{Engine, FluxError, Limits};
use weir_model::{Error, Result};
use weir_proto::{ByteStream, QueryLanguage, QueryRequest, QueryService, ScanService};
use weir_router::Router;

use crate::answer::{Answer, CancelOnDrop, PIECES};
use crate::influxql::Mappings;
use crate::metrics::{Counted, Ending, Metrics, Phase};
use crate::options::Options;
use crate::outgoing::Outgoing;
use crate::script;
use crate::slots::Slots;
use crate::threads::Threads;
use crate::world::CallersWorld;

/// What queries read and write.
pub struct World {
    /// Who may see which bucket.
    pub catalog: Catalog,
    /// All rows, flushed or not.
    pub reader: Arc<dyn ScanService>,
    /// Takes what `to()` writes.
    pub writer: Arc<Router>,
}

/// Runs queries. A clone is the same querier.
#[derive(Clone)]
pub struct Querier {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) world: Arc<World>,
    outgoing: Arc<Outgoing>,
    engine: Engine,
    /// What all queries take together.
    memory: Arc<Memory>,
    pub(crate) slots: Slots,
    metrics: Metrics,
    pub(crate) threads: Threads,
    /// What InfluxQL's databases mean.
    pub(crate) mappings: Arc<Mappings>,
}

impl fmt::Debug for Querier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Querier").finish_non_exhaustive()
    }
}

impl Querier {
    /// A querier over the world.
    pub fn new(world: World, options: Options) -> Self {
        let memory = Memory::new(options.all_memory);
        let inner = Inner {
            world: Arc::new(world),
            outgoing: Arc::new(Outgoing::new(options.hardened)),
            engine: Engine::new(Limits { memory: options.memory }).within(Arc::clone(&memory)),
            memory,
            slots: Slots::new(options.concurrency, options.queue),
            metrics: Metrics::default(),
            threads: Threads::default(),
            mappings: Arc::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Appends what was counted, in Prometheus' text format, under the names the reference gives it.
    pub fn render_metrics(&self, out: &mut String) {
        self.inner.metrics.render(self.inner.slots.waiting(), self.inner.memory.used(), out);
    }
}

#[async_trait]
impl QueryService for Querier {
    async fn query(&self, request: QueryRequest) -> Result<ByteStream> {
        if request.language == QueryLanguage::InfluxQl {
            return self.influxql(request).await;
        }
        let world = CallersWorld::of(Arc::clone(&self.inner.world), &request)?;
        let environment: Arc<dyn Environment> = Arc::new(world.sending(Arc::clone(&self.inner.outgoing)));
        let counted = Counted::begin(Arc::clone(&self.inner), request.org);
        let queued = counted.phase(Phase::Queueing);
        let place = self.inner.slots.enter().await;
        drop(queued);
        let place = match place {
            Ok(place) => place,
            Err(error) => {
                counted.end(Ending::QueueError);
                return Err(error);
            }
        };
        let cancelled = Arc::new(AtomicBool::new(false));
        let guard = CancelOnDrop(Arc::clone(&cancelled));
        let (sender, mut pieces) = mpsc::channel(PIECES);
        let runtime = Handle::current();
        let inner = Arc::clone(&self.inner);
        // A thread of its own: queries wait for object stores that use the runtime's blocking threads themselves, and
        // as many queries as those must not stop each other for ever.
        let work = move || {
            let _runtime = runtime.enter();
            let _place = place;
            let mut answer = Answer::new(sender, &request.dialect, request.discard);
            let mut ending = Ending::Success;
            let run = || inner.run(&request, environment, cancelled, &mut answer, &counted, &mut ending);
            let outcome = catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
                let message = panic_message(&*panic);
                tracing::error!(message, "a query panicked");
                Err(FluxError::internal("An internal error has occurred - check server logs"))
            });
            if let Err(error) = &outcome {
                tracing::debug!(%error, code = %error.code, "a query failed");
                if ending == Ending::Success {
                    ending = Ending::RuntimeError;
                }
            }
            counted.end(ending);
            answer.finish(outcome);
        };
        let thread = self.inner.threads.run(work);
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

impl Inner {
    fn run(
        &self,
        request: &QueryRequest,
        environment: Arc<dyn Environment>,
        cancelled: Arc<AtomicBool>,
        answer: &mut Answer,
        counted: &Counted<Self>,
        ending: &mut Ending,
    ) -> Result<(), FluxError> {
        let now = request.now.unwrap_or_else(|| self.world.catalog.now().nanoseconds());
        let compiling = counted.phase(Phase::Compiling);
        *ending = Ending::CompileError;
        let package = script::compile(&self.engine, request)?;
        drop(compiling);
        *ending = Ending::RuntimeError;
        let _executing = counted.phase(Phase::Executing);
        let outcome = self.engine.start(&package, environment, now, cancelled)?;
        answer.started();
        for result in outcome.results {
            answer.write(result)?;
        }
        *ending = Ending::Success;
        Ok(())
    }
}

impl AsRef<Metrics> for Inner {
    fn as_ref(&self) -> &Metrics {
        &self.metrics
    }
}

pub(crate) fn panic_message(panic: &(dyn std::any::Any + Send)) -> &str {
    match (panic.downcast_ref::<String>(), panic.downcast_ref::<&str>()) {
        (Some(text), _) => text,
        (None, Some(text)) => text,
        (None, None) => "of unknown kind",
    }
}
