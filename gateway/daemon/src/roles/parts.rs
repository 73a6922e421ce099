//! What several roles need in the same way.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::net::TcpListener;
use weir_auth::Authenticator;
use weir_catalog::Catalog;
use weir_gateway::{App, Checks, Collector, Gateway, Metrics, Parts, Settings, Writer};
use weir_ingester::{Ingester, Retentions, StoreTarget};
use weir_model::Result;
use weir_proto::{QueryService, ScanService};
use weir_querier::{Querier, World};
use weir_router::Router;
use weir_store::{CacheSizes, FileIndex, Store, StoreOptions};

use crate::buckets::CatalogBuckets;
use crate::objects;
use crate::options::Common;
use crate::readiness::{self, Need};

/// What stops a process that cannot go on.
pub(super) type Failure = Box<dyn std::error::Error>;

/// The object store with its file index. Looks after `need` until the object store has answered.
///
/// # Errors
/// When one of them cannot be opened.
pub(super) async fn store(options: &Common, catalog: &Catalog, need: Need) -> Result<Store, Failure> {
    let buckets = Arc::new(CatalogBuckets(catalog.clone()));
    let index = FileIndex::open(catalog.database().clone(), buckets).await?;
    let caches = CacheSizes { chunks: options.cache_bytes, ..CacheSizes::default() };
    let store = StoreOptions { caches, ..StoreOptions::default() };
    let objects = objects::open(options)?;
    tokio::spawn(readiness::reach_objects(objects.clone(), need));
    Ok(Store::new(objects, index, store))
}

/// An ingester over the log in the data folder.
///
/// # Errors
/// When the log cannot be opened.
pub(super) async fn ingester(
    options: &Common,
    buckets: Arc<dyn Retentions>,
    store: Store,
    writer: u8,
) -> Result<Ingester> {
    let mut ingesting = weir_ingester::Options::new(options.data_dir.join("wal"));
    ingesting.writer = writer;
    ingesting.flush_bytes = options.flush_bytes;
    ingesting.flush_age = options.flush_age;
    ingesting.memory_limit = options.ingest_memory_bytes;
    Ingester::start(ingesting, Arc::new(StoreTarget::new(store, buckets))).await
}

/// What runs queries over everything that `reader` answers.
pub(super) fn querier(
    options: &Common,
    catalog: &Catalog,
    reader: Arc<dyn ScanService>,
    writer: Arc<Router>,
) -> Querier {
    let limits = weir_querier::Options {
        concurrency: options.query_concurrency,
        queue: options.query_queue_size,
        memory: options.query_memory_bytes,
        all_memory: options.query_max_memory(),
        spill: options.query_spill(),
        helpers: options.query_helpers(),
        hardened: options.hardening_enabled,
    };
    Querier::new(World { catalog: catalog.clone(), reader, writer }, limits)
}

/// The HTTP API.
pub(super) fn gateway(
    options: &Common,
    catalog: Catalog,
    writer: Arc<dyn Writer>,
    queries: Arc<dyn QueryService>,
    metrics: Vec<Collector>,
    ready: Checks,
) -> App {
    let auth = weir_auth::Options {
        session_length: i64::from(options.session_length).saturating_mul(60_000_000_000),
        ..weir_auth::Options::default()
    };
    App::new(Gateway::new(Parts {
        auth: Authenticator::new(catalog.clone(), auth),
        catalog,
        writer,
        queries,
        functions: functions(),
        ready,
        settings: Settings {
            max_body_size: options.http_max_body_size,
            shown: options.shown(),
            command_line: options.command_line(),
        },
        metrics: Metrics::new(metrics),
    }))
}

/// The functions that Flux scripts see without importing anything.
fn functions() -> BTreeMap<String, String> {
    let packages = ["universe", "influxdata/influxdb"].into_iter().filter_map(weir_flux::registry::package);
    let members = packages.flat_map(|found| found.package.members.iter());
    members.map(|member| (member.name.to_owned(), member.signature.to_owned())).collect()
}

/// Listens for HTTP.
///
/// # Errors
/// When the address is taken or none of ours.
pub(super) async fn listen(address: &str) -> Result<TcpListener, Failure> {
    let listener =
        TcpListener::bind(address).await.map_err(|error| format!("listening on {address}: {error}"))?;
    tracing::info!(address = %listener.local_addr()?, "listening");
    Ok(listener)
}

/// What an ingester has to say of itself.
pub(super) fn ingester_metrics(ingester: &Ingester) -> Collector {
    let ingester = ingester.clone();
    Box::new(move |out| {
        let name = "weir_ingester_buffered_bytes";
        weir_gateway::metrics_header(out, name, "gauge", "Bytes of memory that unflushed rows take");
        out.push_str(&format!("{name} {}\n", ingester.buffered_bytes()));
    })
}
