//! An ingester: keeps points for gateways, and shows queriers what it has not flushed.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use weir_catalog::NodeRole;
use weir_proto::grpc::Services;

use super::Needs;
use super::parts::{self, Failure};
use crate::buckets::CatalogBuckets;
use crate::cluster::{self, Membership, Progress, WriterNumber};
use crate::health::Health;
use crate::options::Common;
use crate::{catalog, stop};

pub(super) async fn run(options: Common) -> Result<(), Failure> {
    let trust = options.trust()?;
    let needs = Needs::default();
    let for_catalog = needs.add("catalog", "the catalog's database has not been reached yet");
    let for_objects = needs.add("objects", "the object store has not been reached yet");
    let log = needs.add("log", "the write-ahead log is being replayed");
    let joined = needs.add("membership", "this process has not joined the cluster yet");
    let health = Health::new(needs.checks());
    let closing = CancellationToken::new();
    let for_health = parts::listen(&options.listen_address()).await?;
    tokio::spawn(health.clone().serve(for_health, closing.clone()));

    let start = async {
        let catalog = catalog::open(&options, for_catalog).await?;
        cluster::migrate(&catalog).await?;
        let name = options.node_name();
        let number = WriterNumber::claim(catalog.clone(), &format!("{name}/ingester")).await?;
        let store = parts::store(&options, &catalog, for_objects).await?;
        let progress = Progress { buckets: CatalogBuckets(catalog.clone()), name };
        let ingester = parts::ingester(&options, Arc::new(progress), store, number.number()).await?;
        Ok::<_, Failure>((catalog, number, ingester))
    };
    let (catalog, number, ingester) = tokio::select! {
        () = stop::signalled() => return Ok(()),
        started = start => started?,
    };
    health.count(vec![parts::ingester_metrics(&ingester)]);

    let listener = parts::listen(&options.grpc_listen_address()).await?;
    let services = Services {
        write: Some(Arc::new(ingester.clone())),
        scan: Some(Arc::new(ingester.clone())),
        trust: trust.clone(),
        ..Services::default()
    };
    trust.tls.map(|tls| tokio::spawn(tls.watch()));
    let closed = closing.clone().cancelled_owned();
    let serving = tokio::spawn(services.serve(listener, closed));
    // Others learn of it once it can answer, and it is ready once they can learn of it: only then may the next one of a
    // rolling update go.
    ingester.ready().await?;
    log.met();
    let (name, role) = (options.node_name(), NodeRole::Ingester);
    let membership = Membership::join(catalog, &name, role, &options.advertised()).await?;
    joined.met();
    tokio::select! {
        () = stop::signalled() => {}
        () = number.hold() => {}
        () = membership.beat() => {}
    }
    tracing::info!("flushing what is in memory");
    ingester.shutdown().await;
    if ingester.buffered_bytes() == 0 {
        // Everything is in the object store: queries need not wait for this process to come back.
        membership.leave().await;
    }
    closing.cancel();
    serving.await??;
    Ok(())
}
