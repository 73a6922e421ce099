//! An ingester: keeps points for gateways, and shows queriers what it has not flushed.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use weir_catalog::NodeRole;
use weir_proto::grpc::Services;

use super::parts::{self, Failure};
use crate::buckets::CatalogBuckets;
use crate::cluster::{self, Membership, Progress, WriterNumber};
use crate::health::Health;
use crate::options::Common;
use crate::{catalog, stop};

pub(super) async fn run(options: Common) -> Result<(), Failure> {
    let catalog = catalog::open(&options).await?;
    cluster::migrate(&catalog).await?;
    let name = options.node_name();
    let number = WriterNumber::claim(catalog.clone(), &format!("{name}/ingester")).await?;
    let store = parts::store(&options, &catalog).await?;
    let progress = Progress { buckets: CatalogBuckets(catalog.clone()), name: name.clone() };
    let ingester = parts::ingester(&options, Arc::new(progress), store, number.number()).await?;

    let listener = parts::listen(&options.grpc_listen_address()).await?;
    let services = Services {
        write: Some(Arc::new(ingester.clone())),
        scan: Some(Arc::new(ingester.clone())),
        secret: options.secret()?,
        ..Services::default()
    };
    let closing = CancellationToken::new();
    let closed = closing.clone().cancelled_owned();
    let serving = tokio::spawn(services.serve(listener, closed));
    let for_health = ingester.clone();
    let health = Health::new(vec![parts::ingester_metrics(&ingester)], move || for_health.is_ready());
    let for_health = parts::listen(&options.listen_address()).await?;
    tokio::spawn(health.serve(for_health, closing.clone()));
    // Others learn of it once it can answer.
    ingester.ready().await?;
    let membership = Membership::join(catalog, &name, NodeRole::Ingester, &options.advertised()).await?;
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
