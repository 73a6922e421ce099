//! A querier: runs queries for gateways over the object store and the ingesters' unflushed rows.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use weir_catalog::NodeRole;
use weir_proto::ScanService;
use weir_proto::grpc::Services;
use weir_querier::{Querier, World};
use weir_router::Router;
use weir_store::MergedScan;

use super::parts::{self, Failure};
use crate::cluster::{self, Directory, Membership, WriterNumber};
use crate::options::Common;
use crate::{catalog, stop};

pub(super) async fn run(options: Common) -> Result<(), Failure> {
    let catalog = catalog::open(&options).await?;
    cluster::migrate(&catalog).await?;
    let secret = options.secret()?;
    let name = options.node_name();
    // `to()` writes through a router of this process.
    let number = WriterNumber::claim(catalog.clone(), &format!("{name}/router")).await?;
    let ingesters = Directory::open(catalog.clone(), secret.clone()).await?;
    let store = parts::store(&options, &catalog).await?;
    let index = Arc::new(store.index().clone());
    let reader: Arc<dyn ScanService> = Arc::new(MergedScan::new(Arc::new(ingesters.clone()), store));
    let routing = weir_router::Options { writer: number.number(), replication: options.replication };
    let router = Router::new(index, Arc::new(ingesters.clone()), Some(reader.clone()), routing);
    let world = World { catalog: catalog.clone(), reader, writer: Arc::new(router) };
    let querier = Querier::new(world, options.querying());

    let listener = parts::listen(&options.rpc_listen_address()).await?;
    let services = Services { query: Some(Arc::new(querier)), secret, ..Services::default() };
    let closing = CancellationToken::new();
    let closed = closing.clone().cancelled_owned();
    let serving = tokio::spawn(services.serve(listener, closed));
    let watching = tokio::spawn(ingesters.watch());
    let membership = Membership::join(catalog, &name, NodeRole::Querier, &options.advertised()).await?;
    tokio::select! {
        () = stop::signalled() => {}
        () = number.hold() => {}
        () = membership.beat() => {}
    }
    // Gateways send nothing more to who has left; what runs is finished.
    membership.leave().await;
    closing.cancel();
    if tokio::time::timeout(options.drain_timeout, serving).await.is_err() {
        tracing::warn!("some queries did not finish in time");
    }
    watching.abort();
    Ok(())
}
