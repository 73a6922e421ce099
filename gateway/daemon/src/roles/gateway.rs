//! A gateway: the HTTP API over ingesters and queriers in other processes.

use std::sync::Arc;

use weir_proto::ScanService;
use weir_router::Router;
use weir_store::MergedScan;

use super::parts::{self, Failure};
use crate::cluster::{self, Directory, Queriers, WriterNumber};
use crate::options::Common;
use crate::{catalog, stop};

pub(super) async fn run(options: Common) -> Result<(), Failure> {
    let catalog = catalog::open(&options).await?;
    cluster::migrate(&catalog).await?;
    let secret = options.secret()?;
    let number = WriterNumber::claim(catalog.clone(), &format!("{}/router", options.node_name())).await?;
    let ingesters = Directory::open(catalog.clone(), secret.clone(), options.replication).await?;
    let store = parts::store(&options, &catalog).await?;
    let index = Arc::new(store.index().clone());
    let reader: Arc<dyn ScanService> = Arc::new(MergedScan::new(Arc::new(ingesters.clone()), store));
    let routing = weir_router::Options { writer: number.number(), replication: options.replication };
    let router = Router::new(index, Arc::new(ingesters.clone()), Some(reader), routing);
    let queriers = Queriers::new(catalog.clone(), secret);

    let app = parts::gateway(&options, catalog, Arc::new(router), Arc::new(queriers), Vec::new(), || true);
    let listener = parts::listen(&options.listen_address()).await?;
    tokio::spawn(ingesters.watch());
    let stop = async move {
        tokio::select! {
            () = stop::signalled() => {}
            () = number.hold() => {}
        }
    };
    weir_gateway::serve(listener, app, stop, options.drain_timeout).await?;
    Ok(())
}
