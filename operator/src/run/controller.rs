//! Runs the mechanism for one kind.

use std::{convert::Infallible, sync::Arc, time::Instant};

use futures::{FutureExt, Stream, StreamExt, channel::mpsc, future::BoxFuture, stream};
use jiff::Timestamp;
use kube::{
    ResourceExt,
    api::{Patch, PatchParams},
    runtime::{
        Config as ControllerConfig, Controller, Predicate, PredicateConfig, WatchStreamExt,
        controller::Action,
        predicates, reflector,
        watcher::{self, watcher},
    },
};
use serde_json::json;
use tokio::sync::broadcast;

use super::{
    FINALIZER,
    context::{Context, jittered},
};
use crate::{
    api::Failure,
    crd::{Home, Reference, Status},
    reconcile::{Cluster, Identity, Managed, Note, Organization, Problem, Record, Scope, conditions, settle},
};

/// How many resources of a kind are reconciled at a time.
const CONCURRENCY: u16 = 16;

/// Watches a kind and reconciles it, until `stop` is heard.
pub(crate) async fn control<K: Managed>(context: Arc<Context>, stop: broadcast::Sender<()>) {
    let (reader, writer) = reflector::store::<K>();
    let (poke, pokes) = mpsc::unbounded();
    context.shelves.add(reader.clone(), poke);
    // Only what a person or program wanted wakes the operator: its own status writes do not.
    let wanted = predicates::generation.combine(predicates::annotations).combine(predicates::finalizers);
    let events = watcher(context.everywhere::<K>(), watcher::Config::default())
        .default_backoff()
        .reflect(writer)
        .applied_objects()
        .predicate_filter(wanted, PredicateConfig::default());
    let changes = ticks(context.instance_changed.subscribe());
    let mut stopped = stop.subscribe();
    Controller::for_stream(events, reader)
        .with_config(ControllerConfig::default().concurrency(CONCURRENCY))
        .reconcile_all_on(changes)
        .reconcile_on(pokes)
        .graceful_shutdown_on(async move {
            let _ = stopped.recv().await;
        })
        .run(reconcile::<K>, |_, never: &Infallible, _| match *never {}, context)
        .for_each(|result| async move {
            if let Err(error) = result {
                tracing::debug!(kind = %K::kind(&()), %error, "the watch had a problem");
            }
        })
        .await;
}

/// A stream of what a channel tells; what was missed counts as told.
pub(crate) fn ticks(receiver: broadcast::Receiver<()>) -> impl Stream<Item = ()> + Send {
    stream::unfold(receiver, |mut receiver| async move {
        match receiver.recv().await {
            Ok(()) | Err(broadcast::error::RecvError::Lagged(_)) => Some(((), receiver)),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    })
}

async fn reconcile<K: Managed>(resource: Arc<K>, context: Arc<Context>) -> Result<Action, Infallible> {
    let started = Instant::now();
    let kind = K::kind(&()).into_owned();
    let uid = resource.uid().unwrap_or_default();
    let result = if resource.meta().deletion_timestamp.is_some() {
        dismiss(&*resource, &context).await
    } else {
        attend(&*resource, &context).await
    };
    let word = match &result {
        Ok(_) => "success",
        Err(problem) => problem.reason(),
    };
    context.metrics.count("weir_operator_reconciles_total", &[("kind", &kind), ("result", word)]);
    let spent = started.elapsed().as_secs_f64();
    context.metrics.add("weir_operator_reconcile_seconds_sum", &[("kind", &kind)], spent);
    Ok(match result {
        Ok(action) => {
            context.succeeded(&uid);
            action
        }
        Err(problem) => {
            let name = resource.name_any();
            tracing::info!(%kind, namespace = resource.namespace(), %name, reason = problem.reason(), %problem, "not done");
            Action::requeue(context.backoff(&uid))
        }
    })
}

/// Makes the server's object what the spec says, and writes down how that went.
async fn attend<K: Managed>(resource: &K, context: &Context) -> Result<Action, Problem> {
    if !resource.finalizers().iter().any(|finalizer| finalizer == FINALIZER) {
        // The recorded intent: from here on the resource cannot go without us having looked at the server.
        let mut finalizers = resource.finalizers().to_vec();
        finalizers.push(FINALIZER.to_owned());
        set_finalizers(resource, context, &finalizers).await?;
    }
    let me = identity(resource);
    let old = context.latest_status(resource, resource.status());
    let mut status = old.clone();
    let mut notes = Vec::new();
    let now = Timestamp::now();
    let result = with_scope(resource, context, &me, now, None, async |scope| {
        resource.settle(scope, &mut status, &mut notes).await
    })
    .await;
    let standing = context.claims.standing(&me.uid);
    conditions::conclude(&mut status, &me, &standing, &result, now);
    notes.extend(complaints(&old, &status));
    if status != old {
        context.write_status(resource, &status).await?;
    }
    context.publish(resource, &notes).await;
    result?;
    let soon = resource.due(&status, now).unwrap_or(context.resync);
    Ok(Action::requeue(if soon < context.resync { soon } else { jittered(context.resync) }))
}

/// Takes leave of a resource that is being deleted.
async fn dismiss<K: Managed>(resource: &K, context: &Context) -> Result<Action, Problem> {
    let me = identity(resource);
    if resource.finalizers().iter().any(|finalizer| finalizer == FINALIZER) {
        let status = context.latest_status(resource, resource.status());
        let mut notes = Vec::new();
        if let Err(problem) = part(resource, context, &me, &status, &mut notes).await {
            held(resource, context, &me, status, &problem).await?;
            return Err(problem);
        }
        context.publish(resource, &notes).await;
        let others: Vec<String> = resource.finalizers().iter().filter(|f| *f != FINALIZER).cloned().collect();
        set_finalizers(resource, context, &others).await?;
    }
    context.gone(&me.kind, &me.uid);
    Ok(Action::await_change())
}

/// Does on the server what the resource's policy says.
async fn part<K: Managed>(
    resource: &K,
    context: &Context,
    me: &Identity,
    status: &Status,
    notes: &mut Vec<Note>,
) -> Result<(), Problem> {
    if settle::is_retained(resource, status) {
        settle::retain(status, notes);
        return Ok(());
    }
    // The organization is taken as known: the resource that named it may be gone before this one.
    let known = status.organization_id.clone();
    let work = async |scope: &Scope<'_>| settle::depart(resource, scope, status, notes).await;
    match with_scope(resource, context, me, Timestamp::now(), known, work).await {
        // Nothing was made: what is referred to never came to be, or the server has no such objects.
        Err(
            Problem::Waiting(_) | Problem::Invalid(_) | Problem::Server(Failure::Refused { status: 501, .. }),
        ) if status.id.is_none() => Ok(()),
        // Its server is not ours any more. A resource that waited for it would hold its namespace for ever.
        Err(Problem::NoInstance(why)) => {
            settle::abandon(status, &why, notes);
            Ok(())
        }
        other => other,
    }
}

/// Says on the resource why it is still there. An event for the first time, then the condition stands.
async fn held<K: Managed>(
    resource: &K,
    context: &Context,
    me: &Identity,
    old: Status,
    problem: &Problem,
) -> Result<(), Problem> {
    let text = format!("not deleted yet: {problem} (set deletionPolicy: Retain to let the resource go)");
    let mut status = old.clone();
    conditions::detain(&mut status, me, problem.reason(), &text, Timestamp::now());
    if status != old {
        context.write_status(resource, &status).await?;
        context.publish(resource, &[Note::warning("DeletionFailed", text)]).await;
    }
    Ok(())
}

/// Sets the finalizers, unless somebody changed the resource meanwhile.
async fn set_finalizers<K: Managed>(
    resource: &K,
    context: &Context,
    finalizers: &[String],
) -> Result<(), Problem> {
    let body = json!({
        "metadata": { "finalizers": finalizers, "resourceVersion": resource.resource_version() }
    });
    let patch = Patch::Merge(&body);
    let api = context.beside(resource);
    match api.patch_metadata(&resource.name_any(), &PatchParams::default(), &patch).await {
        Ok(_) => {
            context.wrote("finalizer");
            Ok(())
        }
        Err(kube::Error::Api(status)) if status.code == 404 => Ok(()), // gone already
        Err(error) => Err(error.into()),
    }
}

/// Finds the server and the organization, and lets `work` use them.
async fn with_scope<K: Managed, T>(
    resource: &K,
    context: &Context,
    me: &Identity,
    now: Timestamp,
    known: Option<String>,
    work: impl AsyncFnOnce(&Scope<'_>) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let reference = &resource.management().instance_ref;
    let connection = context.connection(&me.namespace, reference).await?;
    let organization = match resource.home() {
        None => None,
        Some(_) if known.is_some() => known.map(|id| Organization { id, name: None }),
        Some(Home { organization_ref: Some(Reference { name }), .. }) => {
            let found = context.sibling("Organization", &me.namespace, name);
            let found = found.ok_or_else(|| Problem::Waiting(format!("there is no Organization {name}")))?;
            let id = found.id.filter(|_| found.ready && found.server.as_deref() == Some(&connection.url));
            let id = id.ok_or_else(|| Problem::Waiting(format!("the Organization {name} is not ready")))?;
            Some(Organization { id, name: None })
        }
        Some(Home { organization, .. }) => match organization.as_ref().or(connection.organization.as_ref()) {
            Some(name) => Some(connection.organization(name).await?),
            None => {
                let text = "give organization or organizationRef: the Instance has no default organization";
                return Err(Problem::Invalid(text.into()));
            }
        },
    };
    let scope = Scope {
        remote: &connection.remote,
        cluster: context,
        record: &Recording { context, resource },
        claims: &context.claims,
        server: &connection.url,
        organization,
        me: me.clone(),
        now,
    };
    let result = work(&scope).await;
    if let Err(Problem::Server(Failure::Refused { status: 401, .. })) = &result {
        context.disconnect(&me.namespace, reference); // perhaps the token was replaced
    }
    result
}

/// Writes the status of one resource.
struct Recording<'a, K> {
    context: &'a Context,
    resource: &'a K,
}

impl<K: Managed> Record for Recording<'_, K> {
    fn record<'a>(&'a self, status: &'a Status) -> BoxFuture<'a, Result<(), Problem>> {
        self.context.write_status(self.resource, status).boxed()
    }
}

fn identity<K: Managed>(resource: &K) -> Identity {
    Identity {
        kind: K::kind(&()).into_owned(),
        namespace: resource.namespace().unwrap_or_default(),
        name: resource.name_any(),
        uid: resource.uid().unwrap_or_default(),
        created: resource.creation_timestamp().map(|time| time.0.to_string()).unwrap_or_default(),
        generation: resource.meta().generation,
        rotate: resource.annotations().get("weir.dev/rotate").cloned(),
    }
}

/// Warnings for what is newly wrong: the same trouble is told once.
pub(crate) fn complaints(old: &Status, new: &Status) -> Vec<Note> {
    let told = |kind: &str, truth: &str, status: &Status| {
        let found = status.conditions.iter().find(|c| c.kind == kind && c.status == truth);
        found.map(|c| (c.reason.clone(), c.message.clone()))
    };
    let mut notes = Vec::new();
    if let Some((reason, message)) = told("Ready", "False", new)
        && told("Ready", "False", old).as_ref() != Some(&(reason.clone(), message.clone()))
    {
        notes.push(Note::warning(known(&reason), message));
    }
    if let Some((reason, message)) = told("Conflict", "True", new)
        && reason == "AlsoClaimed"
        && told("Conflict", "True", old).as_ref() != Some(&(reason, message.clone()))
    {
        notes.push(Note::warning("Conflict", message));
    }
    notes
}

fn known(reason: &str) -> &'static str {
    const REASONS: &[&str] = &[
        "ReferenceNotReady",
        "InstanceNotReady",
        "Conflict",
        "Invalid",
        "ServerUnavailable",
        "Unauthorized",
        "Unsupported",
        "ServerError",
        "Refused",
        "ClusterError",
    ];
    REASONS.iter().find(|known| **known == reason).copied().unwrap_or("Failed")
}
