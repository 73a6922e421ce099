//! Every role in this process, with calls in memory.

use std::sync::Arc;

use weir_gateway::Collector;
use weir_model::Id;
use weir_proto::{ScanService, WriteService};
use weir_router::{OneIngester, Router};
use weir_store::MergedScan;

use super::parts::{self, Failure};
use crate::buckets::CatalogBuckets;
use crate::options::Common;
use crate::{catalog, stop};

/// The writer numbers of this process: sequences of the ingester and of the router differ by them.
const INGESTER_WRITER: u8 = 0;
const ROUTER_WRITER: u8 = 1;

pub(super) async fn run(options: Common) -> Result<(), Failure> {
    let catalog = catalog::open(&options).await?;
    let store = parts::store(&options, &catalog).await?;
    let buckets = Arc::new(CatalogBuckets(catalog.clone()));
    let ingester = parts::ingester(&options, buckets, store.clone(), INGESTER_WRITER).await?;

    let unflushed: Vec<Arc<dyn ScanService>> = vec![Arc::new(ingester.clone())];
    let index = Arc::new(store.index().clone());
    let reader: Arc<dyn ScanService> = Arc::new(MergedScan::new(Arc::new(unflushed), store));
    let service: Arc<dyn WriteService> = Arc::new(ingester.clone());
    let me = Id::new(1).ok_or("one is not zero")?;
    let routing = weir_router::Options { writer: ROUTER_WRITER, replication: 1 };
    let ingesters = Arc::new(OneIngester::new(me, service));
    let router = Arc::new(Router::new(index, ingesters, Some(Arc::clone(&reader)), routing));
    let querier = parts::querier(&options, &catalog, reader, Arc::clone(&router));

    let for_health = ingester.clone();
    let for_metrics = querier.clone();
    let metrics: Vec<Collector> =
        vec![Box::new(move |out| for_metrics.render_metrics(out)), parts::ingester_metrics(&ingester)];
    let app =
        parts::gateway(&options, catalog, router, Arc::new(querier), metrics, move || for_health.is_ready());
    let listener = parts::listen(&options.listen_address()).await?;
    let replay = ingester.clone();
    let stop = async move {
        // A log that cannot be replayed serves nobody: better to end with a clear error than to answer 503 for ever.
        match replay.ready().await {
            Ok(()) => {
                tracing::info!("ready for queries and writes");
                stop::signalled().await;
            }
            Err(error) => tracing::error!(%error, "the log cannot be replayed"),
        }
    };
    weir_gateway::serve(listener, app, stop, options.drain_timeout).await?;
    tracing::info!("flushing what is in memory");
    ingester.shutdown().await;
    Ok(())
}
