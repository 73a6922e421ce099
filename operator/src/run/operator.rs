//! Puts everything together.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures::future::BoxFuture;
use k8s_openapi::api::coordination::v1::Lease;
use kube::{Api, Client, runtime::reflector};
use tokio::{
    signal::unix::SignalKind,
    sync::{broadcast, watch},
};

use super::{context::Context, controller::control, instances, leader::Election, pages};
use crate::{
    kinds::{
        Bucket, Check, Dashboard, Dbrp, Instance, NotificationEndpoint, NotificationRule, Organization,
        RemoteConnection, Replication, Task, Telegraf, Template, Token, User, Variable,
    },
    metrics::Metrics,
};

/// How the operator runs.
#[derive(Clone, Debug)]
pub struct Options {
    /// The namespace to watch; all when absent.
    pub namespace: Option<String>,
    /// Where the pages for probes and metrics are served.
    pub metrics_bind: SocketAddr,
    /// The namespace of the Lease.
    pub leader_election_namespace: String,
    /// The name of the Lease; no election when empty.
    pub lease_name: String,
    /// How long a leader that fell silent keeps the others waiting.
    pub lease_duration: Duration,
    /// How often every resource is compared with its server.
    pub resync: Duration,
}

/// Runs the operator until it is told to stop or loses its leadership.
///
/// # Errors
/// When the API server cannot be reached at all, the pages cannot be served, or leadership was lost.
pub async fn run(options: Options) -> Result<(), Box<dyn std::error::Error>> {
    // Two providers may be linked in; which one is used is not left to chance. It fails only when it was done before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let metrics = Arc::new(Metrics::default());
    let ready = Arc::new(AtomicBool::new(false));
    let mut pages = tokio::spawn(pages::serve(options.metrics_bind, metrics.clone(), ready.clone()));
    let client = Client::try_default().await?;
    let version = client.apiserver_version().await?;
    tracing::info!(version = version.git_version, "connected to the API server");
    ready.store(true, Ordering::Relaxed);
    metrics.set("weir_operator_leader", &[], 0.0);

    let mut terminate = tokio::signal::unix::signal(SignalKind::terminate())?;
    let mut interrupt = tokio::signal::unix::signal(SignalKind::interrupt())?;
    let election = Election {
        api: Api::<Lease>::namespaced(client.clone(), &options.leader_election_namespace),
        name: options.lease_name.clone(),
        identity: identity(),
        duration: options.lease_duration,
    };
    let elected = !options.lease_name.is_empty();
    if elected {
        tokio::select! {
            () = election.win() => {}
            _ = terminate.recv() => return Ok(()),
            _ = interrupt.recv() => return Ok(()),
            result = &mut pages => return Ok(result??),
        }
    }
    tracing::info!(identity = election.identity, "leading");
    metrics.set("weir_operator_leader", &[], 1.0);

    let (instances, writer) = reflector::store::<Instance>();
    let context =
        Arc::new(Context::new(client, options.namespace, options.resync, metrics.clone(), instances));
    let (stop, _) = broadcast::channel::<()>(1);
    let mut work = tokio::spawn(work(context, writer, stop.clone()));
    let lost = async {
        if elected {
            election.keep().await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = lost => return Err("the leadership is lost".into()),
        result = &mut work => result?,
        result = &mut pages => return Ok(result??),
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
    let _ = stop.send(());
    // What has begun is finished, within reason: an interruption is safe, only less neat.
    let _ = tokio::time::timeout(Duration::from_secs(10), work).await;
    if elected {
        election.release().await;
    }
    Ok(())
}

async fn work(
    context: Arc<Context>,
    writer: reflector::store::Writer<Instance>,
    stop: broadcast::Sender<()>,
) {
    let (listed, mut all_listed) = watch::channel(false);
    let first = tokio::spawn(instances::control(context.clone(), writer, listed, stop.clone()));
    // Everything else begins when all Instances are known; a resource of one that is not known would be told so.
    if all_listed.wait_for(|listed| *listed).await.is_err() {
        return; // stopped before it began
    }
    let controllers: Vec<BoxFuture<'static, ()>> = vec![
        Box::pin(control::<Organization>(context.clone(), stop.clone())),
        Box::pin(control::<User>(context.clone(), stop.clone())),
        Box::pin(control::<Token>(context.clone(), stop.clone())),
        Box::pin(control::<Bucket>(context.clone(), stop.clone())),
        Box::pin(control::<Task>(context.clone(), stop.clone())),
        Box::pin(control::<Dbrp>(context.clone(), stop.clone())),
        Box::pin(control::<Check>(context.clone(), stop.clone())),
        Box::pin(control::<NotificationEndpoint>(context.clone(), stop.clone())),
        Box::pin(control::<NotificationRule>(context.clone(), stop.clone())),
        Box::pin(control::<Dashboard>(context.clone(), stop.clone())),
        Box::pin(control::<Variable>(context.clone(), stop.clone())),
        Box::pin(control::<Telegraf>(context.clone(), stop.clone())),
        Box::pin(control::<Template>(context.clone(), stop.clone())),
        Box::pin(control::<RemoteConnection>(context.clone(), stop.clone())),
        Box::pin(control::<Replication>(context, stop)),
    ];
    futures::future::join_all(controllers).await;
    let _ = first.await;
}

/// A name no other process has: the Pod's, and a number for processes of one host.
fn identity() -> String {
    let host = std::env::var("HOSTNAME").unwrap_or_else(|_| "weir-operator".into());
    format!("{host}-{:08x}", rand::random::<u32>())
}
