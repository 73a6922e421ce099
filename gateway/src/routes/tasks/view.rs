//! How tasks and runs look.

use std::borrow::Cow;

use serde_json::{Value, json};
use weir_catalog::{Label, Run, Task, TaskFilter};
use weir_model::{Id, Timestamp};

use crate::params::encode_sorted;
use crate::routes::labels;

/// A task's times have no fractions.
fn seconds(time: Timestamp) -> Value {
    json!(Timestamp(time.0 - time.0.rem_euclid(1_000_000_000)))
}

/// An offset in the shortest words: `1h30m`, `-5s`, nothing for none.
fn offset(nanoseconds: i64) -> String {
    let mut rest = nanoseconds.unsigned_abs() / 1_000_000_000;
    let mut text = String::from(if nanoseconds < 0 { "-" } else { "" });
    for (length, unit) in [(3600, 'h'), (60, 'm'), (1, 's')] {
        if rest >= length {
            text.push_str(&format!("{}{unit}", rest / length));
            rest %= length;
        }
    }
    if nanoseconds == 0 { String::new() } else { text }
}

/// A task with all that is known of it.
pub(super) fn whole(task: &Task, labels: &[Label]) -> Value {
    shown(task, labels, true)
}

/// A task as lists of the type `basic` show it: without what is long or seldom asked for.
pub(super) fn basic(task: &Task, labels: &[Label]) -> Value {
    shown(task, labels, false)
}

fn shown(task: &Task, labels: &[Label], whole: bool) -> Value {
    let this = format!("/api/v2/tasks/{}", task.id);
    let below = |what: &str| json!(format!("{this}/{what}"));
    let links = json!({
        "labels": below("labels"),
        "logs": below("logs"),
        "members": below("members"),
        "owners": below("owners"),
        "runs": below("runs"),
        "self": this,
    });
    let mut view = json!({
        "links": links,
        "labels": labels.iter().map(labels::view).collect::<Vec<_>>(),
        "id": task.id,
        "orgID": task.org_id,
        "org": if whole { task.org.as_str() } else { "" },
        "ownerID": task.owner_id,
        "name": task.name,
    });
    let mut text = |key: &str, value: &str| {
        if !value.is_empty() {
            view[key] = json!(value);
        }
    };
    text("description", &task.description);
    text("status", task.status.as_str());
    view["flux"] = json!(if whole { task.flux.as_str() } else { "" });
    let mut text = |key: &str, value: &str| {
        if !value.is_empty() {
            view[key] = json!(value);
        }
    };
    text("every", &task.every);
    text("cron", &task.cron);
    text("offset", &offset(task.offset));
    view["latestCompleted"] = seconds(task.latest_completed);
    for (key, value) in [("lastRunStatus", &task.last_run_status), ("lastRunError", &task.last_run_error)] {
        if !value.is_empty() {
            view[key] = json!(value);
        }
    }
    if whole {
        view["createdAt"] = seconds(task.created_at);
        if let Some(time) = task.updated_at {
            view["updatedAt"] = seconds(time);
        }
    }
    view
}

/// The links of a page: this one, and the next if this one is full.
pub(super) fn links(filter: &TaskFilter, org_name: Option<&str>, tasks: &[Task]) -> Value {
    let link = |after: Option<Id>| {
        let mut pairs: Vec<(&str, Cow<'_, str>)> = vec![("limit", filter.limit.to_string().into())];
        pairs.extend(after.map(|id| ("after", id.to_string().into())));
        pairs.extend(filter.org_id.map(|id| ("orgID", id.to_string().into())));
        pairs.extend(org_name.map(|name| ("org", name.into())));
        pairs.extend(filter.owner_id.map(|id| ("user", id.to_string().into())));
        format!("/api/v2/tasks?{}", encode_sorted(&pairs))
    };
    let mut links = json!({"self": link(filter.after)});
    if tasks.len() >= filter.limit as usize
        && let Some(last) = tasks.last()
    {
        links["next"] = json!(link(Some(last.id)));
    }
    links
}

/// A run of a task.
pub(super) fn run(run: &Run) -> Value {
    let task = format!("/api/v2/tasks/{}", run.task_id);
    let this = format!("{task}/runs/{}", run.id);
    let mut view = json!({
        "links": {
            "logs": format!("{this}/logs"),
            "retry": format!("{this}/retry"),
            "self": this,
            "task": task,
        },
        "id": run.id,
        "taskID": run.task_id,
        "status": run.status,
        "scheduledFor": run.scheduled_for,
    });
    let moments =
        [("startedAt", run.started_at), ("finishedAt", run.finished_at), ("requestedAt", run.requested_at)];
    for (key, time) in moments {
        if let Some(time) = time {
            view[key] = json!(time);
        }
    }
    if !run.log.is_empty() {
        view["log"] = events(run).collect();
    }
    view
}

/// What happened in a run.
pub(super) fn events(run: &Run) -> impl Iterator<Item = Value> {
    run.log.iter().map(|event| json!({"runID": run.id, "time": event.time, "message": event.message}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_short() {
        let second = 1_000_000_000;
        for (seconds, text) in [(0, ""), (60, "1m"), (5430, "1h30m30s"), (-7200, "-2h"), (59, "59s")] {
            assert_eq!(offset(seconds * second), text);
        }
    }

    #[test]
    fn pages_lead_on_while_they_are_full() {
        let filter = TaskFilter { limit: 2, ..TaskFilter::default() };
        let links = links(&filter, Some("a b"), &[]);
        assert_eq!(links, json!({"self": "/api/v2/tasks?limit=2&org=a+b"}));
    }
}
