//! Every role in this process, with calls in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::net::TcpListener;
use weir_auth::Authenticator;
use weir_gateway::{App, Gateway, Metrics, Parts, Settings};
use weir_ingester::{Ingester, StoreTarget};
use weir_model::Id;
use weir_proto::{ScanService, WriteService};
use weir_router::{OneIngester, Router};
use weir_store::{FileIndex, MergedScan, Store, StoreOptions};

use crate::buckets::CatalogBuckets;
use crate::options::Common;
use crate::pending::Pending;
use crate::{catalog, objects, stop};

/// The writer numbers of this process: sequences of the ingester and of the router differ by them.
const INGESTER_WRITER: u8 = 0;
const ROUTER_WRITER: u8 = 1;

/// Runs until told to stop.
///
/// # Errors
/// When something cannot start.
pub(crate) async fn run(options: Common) -> Result<(), Box<dyn std::error::Error>> {
    let catalog = catalog::open(&options).await?;
    let buckets = Arc::new(CatalogBuckets(catalog.clone()));
    let index = FileIndex::open(catalog.database().clone(), buckets.clone()).await?;
    let store = Store::new(objects::open(&options)?, index.clone(), StoreOptions::default());

    let mut ingesting = weir_ingester::Options::new(options.data_dir.join("wal"));
    ingesting.writer = INGESTER_WRITER;
    let target = Arc::new(StoreTarget::new(store.clone(), buckets));
    let ingester = Ingester::start(ingesting, target).await?;

    let unflushed: Vec<Arc<dyn ScanService>> = vec![Arc::new(ingester.clone())];
    let reader: Arc<dyn ScanService> = Arc::new(MergedScan::new(Arc::new(unflushed), store));
    let service: Arc<dyn WriteService> = Arc::new(ingester.clone());
    let me = Id::new(1).ok_or("one is not zero")?;
    let routing = weir_router::Options { writer: ROUTER_WRITER, replication: 1 };
    let router =
        Router::new(Arc::new(index), Arc::new(OneIngester::new(me, service)), Some(reader), routing);

    let auth = weir_auth::Options {
        session_length: i64::from(options.session_length).saturating_mul(60_000_000_000),
        ..weir_auth::Options::default()
    };
    let for_health = ingester.clone();
    let gateway = Gateway::new(Parts {
        auth: Authenticator::new(catalog.clone(), auth),
        catalog,
        writer: Arc::new(router),
        queries: Arc::new(Pending),
        functions: BTreeMap::new(),
        ready: Box::new(move || for_health.is_ready()),
        settings: Settings { max_body_size: options.http_max_body_size, shown: options.shown() },
        metrics: Metrics::new(Vec::new()),
    });
    let address = options.listen_address();
    let listener = TcpListener::bind(&address).await.map_err(|error| format!("listening on {address}: {error}"))?;
    tracing::info!(address = %listener.local_addr()?, data = %options.data_dir.display(), "listening");
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
    weir_gateway::serve(listener, App::new(gateway), stop, options.drain_timeout).await?;
    tracing::info!("flushing what is in memory");
    ingester.shutdown().await;
    Ok(())
}
