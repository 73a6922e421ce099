//! The mechanism: one way for every kind to make the server's object what the spec says.
//!
//! **Crashes.** The resource has its finalizer before anything is asked of the server: that is the recorded intent. What
//! is created carries a marker with the resource's uid until the first update, before which the id is recorded. So after a crash
//! between creating and recording, the object is found by its marker and known to be ours: it is neither orphaned nor in
//! need of adoption. An object of the desired name without the marker is somebody else's.
//!
//! **No write at rest.** Only what differs is written. A server that keeps a form of its own of what it was given (a
//! default added, a text formatted) is remembered in `accepted`, and not corrected until it or the spec changes.

use super::{
    Claim, Desired, Managed, Note, Problem, Scope, Standing, collection,
    compare::{acceptance, difference},
};
use crate::crd::{DeletionPolicy, Origin, Status};

/// Claims the name for this resource.
pub(crate) fn claim<K: Managed>(scope: &Scope<'_>, name: &str, has: bool) -> Standing {
    let organization = scope.organization.as_ref().filter(|_| K::ROUTE.organized);
    let claim = Claim {
        server: scope.server.to_owned(),
        kind: scope.me.kind.clone(),
        organization: organization.map(|o| o.id.clone()).unwrap_or_default(),
        name: name.to_owned(),
    };
    let standing = scope.claims.claim(claim, &scope.me, has);
    for rival in &standing.disturbed {
        scope.cluster.poke(&scope.me.kind, &rival.namespace, &rival.name);
    }
    standing
}

/// Makes the server's object what the spec says.
pub(crate) async fn settle<K: Managed>(
    object: &K,
    scope: &Scope<'_>,
    status: &mut Status,
    notes: &mut Vec<Note>,
) -> Result<(), Problem> {
    let before = status.clone();
    let desired = object.desired(scope).await?;
    let standing = claim::<K>(scope, &desired.name, status.id.is_some());
    if let Some(winner) = standing.winner {
        let (kind, name) = (&scope.me.kind, &desired.name);
        return Err(Problem::Conflict(format!(
            "{kind} {}/{} already manages {name:?} on this server",
            winner.namespace, winner.name
        )));
    }
    status.server = Some(scope.server.to_owned());
    status.organization_id = scope.organization.as_ref().map(|o| o.id.clone());
    let mut actual = None;
    if let Some(id) = &status.id {
        actual = object.read(scope, id).await?;
        if actual.is_none() {
            notes.push(Note::warning("Lost", format!("{id} is gone from the server")));
            forget(status);
        }
    }
    let mut actual = match actual {
        Some(actual) => actual,
        None => {
            let actual = obtain(object, scope, &desired, status, notes).await?;
            claim::<K>(scope, &desired.name, true); // from now on it has it, whoever comes
            actual
        }
    };
    let id = collection::id_of(&actual).unwrap_or_default().to_owned();
    let different = difference(&desired.fields, &actual);
    let secrets_changed = desired.secret_version != status.secrets;
    let accepted = status.accepted.as_deref() == Some(acceptance(&desired.fields, &actual).as_str());
    if secrets_changed || !(different.is_empty() || accepted) {
        let drifted = status.observed_generation == scope.me.generation && !secrets_changed;
        let names: Vec<&str> = different.keys().map(String::as_str).collect();
        let names = names.join(", ");
        let mut change = different.clone();
        if secrets_changed {
            change.extend(desired.secret.clone());
        }
        if status.id != before.id {
            // The update may take the marker away: from then on only what is recorded tells whose the object is.
            scope.record.record(status).await?;
        }
        object.update(scope, &actual, &desired, change).await?;
        status.secrets.clone_from(&desired.secret_version);
        notes.push(match (drifted, names.is_empty()) {
            (_, true) => Note::normal("Updated", format!("sent changed secrets to {id}")),
            (true, _) => Note::normal("Corrected", format!("put back {names} of {id}")),
            (false, _) => Note::normal("Updated", format!("changed {names} of {id}")),
        });
        actual = object.read(scope, &id).await?.unwrap_or(actual);
    }
    status.accepted = match difference(&desired.fields, &actual).is_empty() {
        true => None,
        false => Some(acceptance(&desired.fields, &actual)),
    };
    notes.extend(object.attend(scope, &id, &before, status).await?);
    Ok(())
}

/// Finds our object, adopts another's when asked, or makes one.
async fn obtain<K: Managed>(
    object: &K,
    scope: &Scope<'_>,
    desired: &Desired,
    status: &mut Status,
    notes: &mut Vec<Note>,
) -> Result<serde_json::Value, Problem> {
    let mut found = object.candidates(scope, desired).await?;
    let (kind, name) = (&scope.me.kind, &desired.name);
    if let Some(position) = found.iter().position(|candidate| scope.is_marked(K::ROUTE, candidate)) {
        let ours = found.swap_remove(position);
        remember(status, &ours, Origin::Created);
        notes.push(Note::normal("Recovered", "found the object that was made before an interruption".into()));
        return Ok(ours);
    }
    if let Some(other) = found.pop() {
        let id = collection::id_of(&other).unwrap_or_default();
        if !object.management().adopt {
            return Err(Problem::Conflict(format!(
                "{name:?} already exists on the server ({id}); set adopt: true to take it over"
            )));
        }
        if !found.is_empty() {
            return Err(Problem::Conflict(format!(
                "the server has several objects named {name:?}: none is adopted"
            )));
        }
        if let Some(owner) = scope.cluster.owner(kind, scope.server, id, &scope.me.uid) {
            return Err(Problem::Conflict(format!("{kind} {owner} already manages {name:?} on this server")));
        }
        remember(status, &other, Origin::Adopted);
        notes.push(Note::normal("Adopted", format!("took over {name:?} ({id})")));
        return Ok(other);
    }
    let made = object.create(scope, desired).await?;
    remember(status, &made, Origin::Created);
    if K::SENDS_SECRETS_AT_CREATION {
        status.secrets.clone_from(&desired.secret_version);
    }
    notes.push(Note::normal(
        "Created",
        format!("made {name:?} ({})", status.id.as_deref().unwrap_or_default()),
    ));
    Ok(made)
}

fn remember(status: &mut Status, object: &serde_json::Value, origin: Origin) {
    status.id = collection::id_of(object).map(str::to_owned);
    status.origin = Some(origin);
}

fn forget(status: &mut Status) {
    status.id = None;
    status.origin = None;
    status.accepted = None;
    status.secrets = None;
}

/// Whether the object stays when the resource goes: by policy, or because it was not made by us.
pub(crate) fn is_retained<K: Managed>(object: &K, status: &Status) -> bool {
    object.management().deletion_policy == DeletionPolicy::Retain || status.origin == Some(Origin::Adopted)
}

/// Says that the object stays.
pub(crate) fn retain(status: &Status, notes: &mut Vec<Note>) {
    if let Some(id) = &status.id {
        notes.push(Note::normal("Retained", format!("{id} stays on the server")));
    }
}

/// Says that the object stays because nobody can reach its server any more.
pub(crate) fn abandon(status: &Status, why: &str, notes: &mut Vec<Note>) {
    if let Some(id) = &status.id {
        notes.push(Note::warning("Abandoned", format!("{id} stays on its server, untouched: {why}")));
    }
}

/// Takes the object away when the resource goes. It was made by us, or never recorded; then only what carries our marker
/// is ours.
pub(crate) async fn depart<K: Managed>(
    object: &K,
    scope: &Scope<'_>,
    status: &Status,
    notes: &mut Vec<Note>,
) -> Result<(), Problem> {
    let mut id = status.id.clone();
    if id.is_none() {
        id = stray(object, scope).await?;
    }
    if let Some(id) = id {
        object.delete(scope, &id).await?;
        notes.push(Note::normal("Deleted", format!("deleted {id} from the server")));
    }
    object.farewell(scope, status).await
}

/// What was made and never recorded. A resource whose references never came to be has made nothing.
async fn stray<K: Managed>(object: &K, scope: &Scope<'_>) -> Result<Option<String>, Problem> {
    let desired = match object.desired(scope).await {
        Ok(desired) => desired,
        Err(Problem::Waiting(_) | Problem::Invalid(_)) => return Ok(None),
        Err(problem) => return Err(problem),
    };
    let found = object.candidates(scope, &desired).await?;
    let ours = found.iter().find(|candidate| scope.is_marked(K::ROUTE, candidate));
    Ok(ours.and_then(collection::id_of).map(str::to_owned))
}
