//! Every role in this process, with calls in memory.

use std::sync::Arc;

use weir_gateway::Collector;
use weir_ingester::Ingester;
use weir_model::Id;
use weir_proto::{ScanService, WriteService};
use weir_router::{OneIngester, Router};
use weir_store::MergedScan;

use super::parts::{self, Failure};
use super::{Door, Needs};
use crate::buckets::CatalogBuckets;
use crate::options::Common;
use crate::readiness::Need;
use crate::{catalog, stop};

/// The writer numbers of this process: sequences of the ingester and of the router differ by them.
const INGESTER_WRITER: u8 = 0;
const ROUTER_WRITER: u8 = 1;

pub(super) async fn run(options: Common) -> Result<(), Failure> {
    let needs = Needs::default();
    let for_catalog = needs.add("catalog", "the catalog's database has not been reached yet");
    let for_objects = needs.add("objects", "the object store has not been reached yet");
    let log = needs.add("log", "the write-ahead log is being replayed");
    let door = Door::open(&options, &needs).await?;
    let started = tokio::select! {
        () = stop::signalled() => None,
        started = start(&options, &needs, &door, for_catalog, for_objects) => Some(started?),
    };
    let Some(ingester) = started else {
        door.close().await;
        return Ok(());
    };
    // A log that cannot be replayed serves nobody: better to end with a clear error than to answer 503 for ever.
    let replayed = tokio::select! {
        () = stop::signalled() => None,
        replayed = ingester.ready() => Some(replayed),
    };
    match replayed {
        None => {}
        Some(Ok(())) => {
            log.met();
            tracing::info!("ready for queries and writes");
            stop::signalled().await;
        }
        Some(Err(error)) => tracing::error!(%error, "the log cannot be replayed"),
    }
    door.close().await;
    tracing::info!("flushing what is in memory");
    ingester.shutdown().await;
    Ok(())
}

/// Puts everything together behind the door.
async fn start(
    options: &Common,
    needs: &Needs,
    door: &Door,
    for_catalog: Need,
    for_objects: Need,
) -> Result<Ingester, Failure> {
    let catalog = catalog::open(options, for_catalog).await?;
    let store = parts::store(options, &catalog, for_objects).await?;
    let buckets = Arc::new(CatalogBuckets(catalog.clone()));
    let ingester = parts::ingester(options, buckets, store.clone(), INGESTER_WRITER).await?;

    let unflushed: Vec<Arc<dyn ScanService>> = vec![Arc::new(ingester.clone())];
    let index = Arc::new(store.index().clone());
    let reader: Arc<dyn ScanService> = Arc::new(MergedScan::new(Arc::new(unflushed), store));
    let service: Arc<dyn WriteService> = Arc::new(ingester.clone());
    let me = Id::new(1).ok_or("one is not zero")?;
    let routing = weir_router::Options { writer: ROUTER_WRITER, replication: 1 };
    let ingesters = Arc::new(OneIngester::new(me, service));
    let router = Arc::new(Router::new(index, ingesters, Some(Arc::clone(&reader)), routing));
    let querier = parts::querier(options, &catalog, reader, Arc::clone(&router));

    let for_metrics = querier.clone();
    let metrics: Vec<Collector> =
        vec![Box::new(move |out| for_metrics.render_metrics(out)), parts::ingester_metrics(&ingester)];
    let checks = needs.checks();
    door.entrance.open(parts::gateway(options, catalog, router, Arc::new(querier), metrics, checks));
    Ok(ingester)
}
