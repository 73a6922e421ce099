//! A querier: runs queries for gateways over the ingesters and the object store.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use weir_catalog::NodeRole;
use weir_proto::ScanService;
use weir_proto::grpc::Services;
use weir_router::Router;
use weir_store::MergedScan;

use super::parts::{self, Failure};
use crate::cluster::{self, Directory, Membership, WriterNumber};
use crate::health::Health;
use crate::options::Common;
use crate::{catalog, stop};

pub(super) async fn run(options: Common) -> Result<(), Failure> {
    let catalog = catalog::open(&options).await?;
    cluster::migrate(&catalog).await?;
    let secret = options.secret()?;
    let name = options.node_name();
    let number = WriterNumber::claim(catalog.clone(), &format!("{name}/querier")).await?;
    let ingesters = Directory::open(catalog.clone(), secret.clone(), options.replication).await?;
    let store = parts::store(&options, &catalog).await?;
    let index = Arc::new(store.index().clone());
    let reader: Arc<dyn ScanService> = Arc::new(MergedScan::new(Arc::new(ingesters.clone()), store));
    let routing = weir_router::Options { writer: number.number(), replication: options.replication };
    let router = Router::new(index, Arc::new(ingesters.clone()), Some(Arc::clone(&reader)), routing);
    let querier = parts::querier(&options, &catalog, reader, Arc::new(router));
    tokio::spawn(ingesters.watch());

    let closing = CancellationToken::new();
    let listener = parts::listen(&options.grpc_listen_address()).await?;
    let services = Services { query: Some(Arc::new(querier.clone())), secret, ..Services::default() };
    let serving = tokio::spawn(services.serve(listener, closing.clone().cancelled_owned()));
    let health = Health::new(vec![Box::new(move |out| querier.render_metrics(out))], || true);
    let for_health = parts::listen(&options.listen_address()).await?;
    tokio::spawn(health.serve(for_health, closing.clone()));

    let membership = Membership::join(catalog, &name, NodeRole::Querier, &options.advertised()).await?;
    tokio::select! {
        () = stop::signalled() => {}
        () = number.hold() => {}
        () = membership.beat() => {}
    }
    // No new queries, then an end to those that run.
    membership.leave().await;
    closing.cancel();
    if tokio::time::timeout(options.drain_timeout, serving).await.is_err() {
        tracing::warn!("some queries did not finish in time");
    }
    Ok(())
}
