//! A querier: runs queries for gateways over the ingesters and the object store.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use weir_catalog::NodeRole;
use weir_proto::ScanService;
use weir_proto::grpc::Services;
use weir_router::Router;
use weir_store::MergedScan;

use super::Needs;
use super::parts::{self, Failure};
use crate::cluster::{self, Directory, Membership, WriterNumber};
use crate::health::Health;
use crate::options::Common;
use crate::{catalog, stop};

pub(super) async fn run(options: Common) -> Result<(), Failure> {
    let trust = options.trust()?;
    let needs = Needs::default();
    let for_catalog = needs.add("catalog", "the catalog's database has not been reached yet");
    let for_objects = needs.add("objects", "the object store has not been reached yet");
    let for_ingesters = needs.add("ingesters", "the ingesters have not been looked up yet");
    let joined = needs.add("membership", "this process has not joined the cluster yet");
    let health = Health::new(needs.checks());
    let closing = CancellationToken::new();
    let for_health = parts::listen(&options.listen_address()).await?;
    tokio::spawn(health.clone().serve(for_health, closing.clone()));

    let name = options.node_name();
    let start = async {
        let catalog = catalog::open(&options, for_catalog).await?;
        cluster::migrate(&catalog).await?;
        let number = WriterNumber::claim(catalog.clone(), &format!("{name}/querier")).await?;
        let ingesters = Directory::open(catalog.clone(), trust.clone(), options.replication).await?;
        let store = parts::store(&options, &catalog, for_objects).await?;
        let index = Arc::new(store.index().clone());
        let reader: Arc<dyn ScanService> = Arc::new(MergedScan::new(Arc::new(ingesters.clone()), store));
        let routing = weir_router::Options { writer: number.number(), replication: options.replication };
        let router = Router::new(index, Arc::new(ingesters.clone()), Some(Arc::clone(&reader)), routing);
        tokio::spawn(ingesters.watch(for_ingesters));
        let querier = parts::querier(&options, &catalog, reader, Arc::new(router));
        Ok::<_, Failure>((catalog, number, querier))
    };
    let (catalog, number, querier) = tokio::select! {
        () = stop::signalled() => return Ok(()),
        started = start => started?,
    };

    let listener = parts::listen(&options.grpc_listen_address()).await?;
    trust.tls.clone().map(|tls| tokio::spawn(tls.watch()));
    let services = Services { query: Some(Arc::new(querier.clone())), trust, ..Services::default() };
    let serving = tokio::spawn(services.serve(listener, closing.clone().cancelled_owned()));
    health.count(vec![Box::new(move |out| querier.render_metrics(out))]);

    let membership = Membership::join(catalog, &name, NodeRole::Querier, &options.advertised()).await?;
    joined.met();
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
