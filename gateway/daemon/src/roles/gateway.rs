//! A gateway: the HTTP API over ingesters and queriers in other processes.

use std::sync::Arc;

use weir_proto::ScanService;
use weir_router::Router;
use weir_store::MergedScan;

use super::parts::{self, Failure};
use super::{Door, Needs};
use crate::cluster::{self, Directory, Queriers, WriterNumber};
use crate::options::Common;
use crate::{catalog, readiness, stop};

pub(super) async fn run(options: Common) -> Result<(), Failure> {
    let trust = options.trust()?;
    let needs = Needs::default();
    let for_catalog = needs.add("catalog", "the catalog's database has not been reached yet");
    let for_objects = needs.add("objects", "the object store has not been reached yet");
    let for_ingesters = needs.add("ingesters", "the ingesters have not been looked up yet");
    let for_queriers = needs.add("queriers", "the queriers have not been looked up yet");
    let door = Door::open(&options, &needs).await?;

    let work = async {
        let catalog = catalog::open(&options, for_catalog).await?;
        cluster::migrate(&catalog).await?;
        let holder = format!("{}/router", options.node_name());
        let number = WriterNumber::claim(catalog.clone(), &holder).await?;
        let ingesters = Directory::open(catalog.clone(), trust.clone(), options.replication).await?;
        let store = parts::store(&options, &catalog, for_objects).await?;
        let index = Arc::new(store.index().clone());
        let reader: Arc<dyn ScanService> = Arc::new(MergedScan::new(Arc::new(ingesters.clone()), store));
        let routing = weir_router::Options { writer: number.number(), replication: options.replication };
        let router = Router::new(index, Arc::new(ingesters.clone()), Some(reader), routing);
        let queriers = Queriers::new(catalog.clone(), trust.clone());
        tokio::spawn(readiness::meet_queriers(catalog.clone(), for_queriers));
        tokio::spawn(ingesters.watch(for_ingesters));
        trust.tls.map(|tls| tokio::spawn(tls.watch()));

        let checks = needs.checks();
        door.entrance.open(parts::gateway(
            &options,
            catalog,
            Arc::new(router),
            Arc::new(queriers),
            Vec::new(),
            checks,
        ));
        number.hold().await;
        Ok::<_, Failure>(())
    };
    let worked = tokio::select! {
        () = stop::signalled() => Ok(()),
        worked = work => worked,
    };
    door.close().await;
    worked
}
