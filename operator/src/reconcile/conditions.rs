//! Conditions of a status.

use jiff::Timestamp;

use super::{Identity, Problem, Standing};
use crate::crd::{Condition, Status};

/// Puts down how an attempt ended.
pub(crate) fn conclude(
    status: &mut Status,
    me: &Identity,
    standing: &Standing,
    result: &Result<(), Problem>,
    now: Timestamp,
) {
    status.observed_generation = me.generation;
    let mut put = writer(status, me, now);
    match result {
        Ok(()) => {
            put("Ready", true, "Synced", "The object on the server is what the spec says.");
            put("Synced", true, "Synced", "");
        }
        Err(problem) => {
            let text = problem.to_string();
            put("Ready", false, problem.reason(), &text);
            put("Synced", false, problem.reason(), &text);
        }
    }
    if let Some(winner) = &standing.winner {
        let text =
            format!("{} {}/{} claims the same object and keeps it", me.kind, winner.namespace, winner.name);
        put("Conflict", true, "ClaimedByOther", &text);
    } else if !standing.rivals.is_empty() {
        let others: Vec<String> =
            standing.rivals.iter().map(|r| format!("{}/{}", r.namespace, r.name)).collect();
        let text =
            format!("{} {} claims the same object, which stays with this one", me.kind, others.join(", "));
        put("Conflict", true, "AlsoClaimed", &text);
    } else if let Err(Problem::Conflict(text)) = result {
        put("Conflict", true, "Exists", text);
    }
}

/// Puts down why a resource that is being deleted is still there.
pub(crate) fn detain(status: &mut Status, me: &Identity, reason: &str, text: &str, now: Timestamp) {
    let mut put = writer(status, me, now);
    put("Ready", false, reason, text);
    put("Synced", false, reason, text);
}

/// Empties the conditions, and writes them anew: a status that stays keeps its time.
fn writer(status: &mut Status, me: &Identity, now: Timestamp) -> impl FnMut(&str, bool, &str, &str) {
    let before = std::mem::take(&mut status.conditions);
    let (conditions, generation) = (&mut status.conditions, me.generation);
    move |kind, truth, reason, message| {
        let word = if truth { "True" } else { "False" };
        let since =
            before.iter().find(|c| c.kind == kind && c.status == word).map(|c| &c.last_transition_time);
        conditions.push(Condition {
            kind: kind.into(),
            status: word.into(),
            reason: reason.into(),
            message: message.into(),
            last_transition_time: since.cloned().unwrap_or_else(|| stamp(now)),
            observed_generation: generation,
        });
    }
}

/// A time as Kubernetes writes it: whole seconds, UTC.
pub(crate) fn stamp(time: Timestamp) -> String {
    let whole = Timestamp::from_second(time.as_second()).unwrap_or(time);
    whole.to_string()
}
