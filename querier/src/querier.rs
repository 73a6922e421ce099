//! The querier.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use async_trait::async_trait;
use weir_catalog::Catalog;
use weir_flux::env::Environment;
use weir_flux::exec::{Memory, SpillSpace, Threads, Workers};
use weir_flux::{Engine, FluxError, Limits};
use weir_model::Result;
use weir_proto::{ByteStream, QueryLanguage, QueryRequest, QueryService, ScanService};
use weir_router::Router;

use crate::answer::Answer;
use crate::influxql::Mappings;
use crate::metrics::{Counted, Ending, Metrics, Phase};
use crate::options::Options;
use crate::outgoing::Outgoing;
use crate::running::caught;
use crate::script;
use crate::slots::Slots;
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
        let spill = options.spill.map(|(folder, bytes)| SpillSpace::new(folder, bytes));
        let engine = Engine::new(Limits { memory: options.memory });
        let inner = Inner {
            world: Arc::new(world),
            outgoing: Arc::new(Outgoing::new(options.hardened)),
            engine: engine
                .within(Arc::clone(&memory))
                .spilling(spill)
                .helped_by(Workers::new(options.helpers)),
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
        let admitted = self.admitted(request.org).await?;
        let inner = Arc::clone(&self.inner);
        let work = move |sender, cancelled| {
            let counted = admitted.counted();
            let mut answer = Answer::new(sender, &request.dialect, request.discard);
            let mut ending = Ending::Success;
            let run = || inner.run(&request, environment, cancelled, &mut answer, counted, &mut ending);
            let outcome = caught(run, FluxError::internal);
            if let Err(error) = &outcome {
                tracing::debug!(%error, code = %error.code, "a query failed");
                if ending == Ending::Success {
                    ending = Ending::RuntimeError;
                }
            }
            counted.end(ending);
            answer.finish(outcome);
        };
        self.in_pieces(work).await
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
