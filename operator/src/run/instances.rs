//! Instances: whether their servers answer and let us in.

use std::{convert::Infallible, sync::Arc, time::Duration};

use futures::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use kube::{
    Resource, ResourceExt,
    runtime::{
        Controller, Predicate, PredicateConfig, WatchStreamExt,
        controller::Action,
        predicates, reflector,
        watcher::{self, watcher},
    },
};
use serde_json::Value;
use tokio::sync::{broadcast, watch};

use super::{
    context::{Context, jittered},
    controller::complaints,
};
use crate::{
    api::{Call, Remote},
    crd::{InstanceReference, Status},
    kinds::Instance,
    reconcile::{Identity, Problem, Standing, conditions},
};

/// How long a server that does not answer is left alone, at most: everything waits for it.
const LONGEST: Duration = Duration::from_secs(10);

/// Watches Instances, until `stop` is heard. Tells when all that there are have been `listed`.
pub(crate) async fn control(
    context: Arc<Context>,
    writer: reflector::store::Writer<Instance>,
    listed: watch::Sender<bool>,
    stop: broadcast::Sender<()>,
) {
    let reader = writer.as_reader();
    let changed = context.instance_changed.clone();
    let wanted = predicates::generation.combine(predicates::annotations);
    let events = watcher(context.everywhere::<Instance>(), watcher::Config::default())
        .default_backoff()
        .reflect(writer)
        .inspect_ok(move |event| match event {
            watcher::Event::InitDone => {
                listed.send_replace(true);
            }
            // What waits for it to be deleted waits in vain, and is let go.
            watcher::Event::Delete(_) => {
                let _ = changed.send(()); // nobody listens while controllers start, and they look anyway
            }
            _ => {}
        })
        .applied_objects()
        .predicate_filter(wanted, PredicateConfig::default());
    let mut stopped = stop.subscribe();
    Controller::for_stream(events, reader)
        .graceful_shutdown_on(async move {
            let _ = stopped.recv().await;
        })
        .run(reconcile, |_, never: &Infallible, _| match *never {}, context)
        .for_each(|_| async {})
        .await;
}

async fn reconcile(instance: Arc<Instance>, context: Arc<Context>) -> Result<Action, Infallible> {
    let uid = instance.uid().unwrap_or_default();
    Ok(match attend(&instance, &context).await {
        Ok(()) => {
            context.succeeded(&uid);
            Action::requeue(jittered(context.resync.min(Duration::from_secs(30))))
        }
        Err(problem) => {
            tracing::info!(instance = instance.name_any(), reason = problem.reason(), %problem, "not usable");
            Action::requeue(context.backoff(&uid).min(LONGEST))
        }
    })
}

async fn attend(instance: &Instance, context: &Context) -> Result<(), Problem> {
    let old = context.latest_status(instance, instance.status.as_ref());
    let mut status = old.clone();
    let result = look(instance, context, &mut status).await;
    let me =
        Identity { kind: "Instance".into(), generation: instance.meta().generation, ..Identity::default() };
    conditions::conclude(&mut status, &me, &Standing::default(), &result, Timestamp::now());
    if result.is_ok()
        && let Some(ready) = status.conditions.iter_mut().find(|c| c.kind == "Ready")
    {
        ready.message = "The server answers and takes the token.".into();
    }
    let notes = complaints(&old, &status);
    let ready = |status: &Status| status.conditions.iter().any(|c| c.kind == "Ready" && c.status == "True");
    let changed = ready(&status) && (!ready(&old) || old.observed_generation != status.observed_generation);
    if status != old {
        context.write_status(instance, &status).await?;
    }
    context.publish(instance, &notes).await;
    if changed {
        let namespace = instance.namespace().unwrap_or_default();
        let reference = InstanceReference { name: instance.name_any(), namespace: None };
        context.disconnect(&namespace, &reference);
        let _ = context.instance_changed.send(()); // nobody listens while controllers start, and they look anyway
    }
    result
}

/// Asks the server who it is, and for something that needs the token.
async fn look(instance: &Instance, context: &Context, status: &mut Status) -> Result<(), Problem> {
    let connection = context.connect(instance).await?;
    status.server = Some(connection.url.clone());
    let health = connection.remote.call(Call::get("/health")).await?;
    status.version = health.get("version").and_then(Value::as_str).map(str::to_owned);
    connection.remote.call(Call::get("/api/v2/orgs").with("limit", "1")).await?;
    if let Some(name) = &connection.organization {
        connection.organization(name).await?;
    }
    Ok(())
}
