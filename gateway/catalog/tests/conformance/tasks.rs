use weir_catalog::*;
use weir_database::sql;
use weir_model::*;

use crate::world::*;

use ErrorCode::{Internal, Invalid, NotFound};

const HOURLY: &str = "option task = {name: \"t\", every: 1h, offset: 5m}\nx = 1";
const SECOND: i64 = 1_000_000_000;

pub(crate) async fn life(w: World) {
    let c = &w.catalog;
    let (org, user) = (w.org("acme").await, w.user("ann").await);
    w.pass(5);
    let made = c.create_task(new_task(org.id, user.id, HOURLY)).await.unwrap();
    assert_eq!((made.name.as_str(), made.every.as_str(), made.cron.as_str()), ("t", "1h", ""));
    assert_eq!((made.offset, made.org.as_str(), made.kind.as_str()), (300 * SECOND, "acme", "system"));
    assert_eq!(made.latest_completed, Timestamp(1_700_000_000 * SECOND), "in whole seconds");
    assert_eq!(made.updated_at, None);
    assert_eq!(c.find_task(made.id).await.unwrap(), made);

    w.pass(90 * SECOND);
    let asleep = TaskUpdate { status: Some(Status::Inactive), ..TaskUpdate::default() };
    let slept = c.update_task(made.id, asleep.clone()).await.unwrap();
    assert_eq!((slept.status, slept.latest_completed), (Status::Inactive, made.latest_completed));
    assert!(slept.updated_at > Some(made.created_at));
    let woken = TaskUpdate { status: Some(Status::Active), ..asleep };
    let woken = c.update_task(made.id, woken).await.unwrap();
    assert_eq!(woken.latest_completed, Timestamp(1_700_000_090 * SECOND), "what it slept through is past");

    let options =
        TaskOptionsUpdate { name: "u".into(), cron: "0 * * * *".into(), ..TaskOptionsUpdate::default() };
    let update = TaskUpdate { options, description: Some("d".into()), ..TaskUpdate::default() };
    let edited = c.update_task(made.id, update).await.unwrap();
    assert_eq!(edited.flux, "option task = {name: \"u\", cron: \"0 * * * *\", offset: 5m}\n\nx = 1\n");
    assert_eq!((edited.name.as_str(), edited.every.as_str(), edited.cron.as_str()), ("u", "", "0 * * * *"));
    let script = TaskUpdate { flux: Some(HOURLY.into()), ..TaskUpdate::default() };
    let back = c.update_task(made.id, script).await.unwrap();
    assert_eq!((back.flux.as_str(), back.description.as_str(), back.cron.as_str()), (HOURLY, "d", ""));
    assert_eq!(c.find_task(made.id).await.unwrap(), back);

    let bad = TaskUpdate { flux: Some("x = 1".into()), ..TaskUpdate::default() };
    let refusal = c.update_task(made.id, bad).await;
    refused(refusal, Invalid, "invalid options: no task options defined");
    let days = c.create_task(new_task(org.id, user.id, &HOURLY.replace("5m", "1d"))).await;
    // The reference fails on days; they are as long as 24 hours.
    let days = days.unwrap();
    assert_eq!(days.offset, 86_400_000_000_000);
    c.delete_task(days.id).await.unwrap();
    let lost = c.create_task(new_task(nobody(), user.id, HOURLY)).await;
    refused(lost, NotFound, "organization not found");
    c.delete_task(made.id).await.unwrap();
    refused(c.delete_task(made.id).await, NotFound, "task not found");
    refused(c.find_task(made.id).await, NotFound, "task not found");
    refused(c.update_task(made.id, TaskUpdate::default()).await, NotFound, "task not found");
}

pub(crate) async fn lists(w: World) {
    let c = &w.catalog;
    let (org, other) = (w.org("acme").await, w.org("else").await);
    let (ann, bob) = (w.user("ann").await, w.user("bob").await);
    let mut ids = Vec::new();
    for (org, user, name) in [(&org, &ann, "a"), (&org, &bob, "b"), (&other, &ann, "a"), (&org, &ann, "c")] {
        let script = format!("option task = {{name: \"{name}\", every: 1h}}");
        ids.push(c.create_task(new_task(org.id, user.id, &script)).await.unwrap().id);
    }
    let asleep = TaskUpdate { status: Some(Status::Inactive), ..TaskUpdate::default() };
    c.update_task(ids[3], asleep).await.unwrap();
    let all = TaskFilter { limit: 100, ..TaskFilter::default() };
    let listed = async |filter: TaskFilter| -> Vec<Id> {
        c.list_tasks(&filter).await.unwrap().iter().map(|task| task.id).collect()
    };
    assert_eq!(listed(all.clone()).await, ids);
    let here = TaskFilter { org_id: Some(org.id), ..all.clone() };
    assert_eq!(listed(here.clone()).await, [ids[0], ids[1], ids[3]]);
    assert_eq!(listed(TaskFilter { limit: 2, ..here.clone() }).await, [ids[0], ids[1]]);
    assert_eq!(listed(TaskFilter { after: Some(ids[0]), ..here.clone() }).await, [ids[1], ids[3]]);
    assert_eq!(listed(TaskFilter { status: Some(Status::Inactive), ..here.clone() }).await, [ids[3]]);
    assert_eq!(listed(TaskFilter { name: Some("a".into()), ..here.clone() }).await, [ids[0]]);
    assert_eq!(listed(TaskFilter { owner_id: Some(ann.id), ..here }).await, [ids[0], ids[3]]);
    assert_eq!(listed(TaskFilter { owner_id: Some(ann.id), ..all }).await, [ids[0], ids[2], ids[3]]);
}

pub(crate) async fn runs(w: World) {
    let c = &w.catalog;
    let (org, user) = (w.org("acme").await, w.user("ann").await);
    let task = c.create_task(new_task(org.id, user.id, HOURLY)).await.unwrap().id;
    let ids: Vec<Id> = [3, 1, 2].map(|n: u64| Id::new(n).unwrap()).to_vec();
    for (id, hour) in ids.iter().zip([1, 2, 2]) {
        let insert =
            sql("INSERT INTO task_runs (id, task_id, status, scheduled_for, run_at, started_at, log)
             VALUES (?, ?, 'success', ?, ?, ?, ?)")
            .bind(*id)
            .bind(task)
            .bind(hour * 3600 * SECOND)
            .bind(hour * 3600 * SECOND)
            .bind(7_i64)
            .bind("[{\"time\": \"t\", \"message\": \"m\"}]");
        c.database().execute(insert).await.unwrap();
    }
    let listed = async |filter: RunFilter| -> Vec<Id> {
        let filter = RunFilter { limit: 10, ..filter };
        c.list_runs(task, &filter).await.unwrap().iter().map(|run| run.id).collect()
    };
    let hour = |n: i64| Some(Timestamp(n * 3600 * SECOND));
    assert_eq!(listed(RunFilter::default()).await, [ids[2], ids[1], ids[0]]);
    assert_eq!(listed(RunFilter { after: Some(ids[2]), ..RunFilter::default() }).await, [ids[1], ids[0]]);
    assert_eq!(listed(RunFilter { after: Some(nobody()), ..RunFilter::default() }).await, []);
    assert_eq!(listed(RunFilter { after_time: hour(1), ..RunFilter::default() }).await, [ids[2], ids[1]]);
    assert_eq!(listed(RunFilter { before_time: hour(2), ..RunFilter::default() }).await, [ids[0]]);
    let run = c.find_run(task, ids[0]).await.unwrap();
    assert_eq!((run.started_at, run.finished_at), (Some(Timestamp(7)), None));
    assert_eq!(run.log, [RunEvent { time: "t".into(), message: "m".into() }]);
    refused(c.find_run(nobody(), ids[0]).await, NotFound, "run not found");
    c.delete_task(task).await.unwrap();
    refused(c.find_run(task, ids[0]).await, NotFound, "run not found");
}

/// Tasks, their members and labels go with the organization; its users stay.
pub(crate) async fn go_with_their_org(w: World) {
    let c = &w.catalog;
    let (org, user) = (w.org("acme").await, w.user("ann").await);
    let task = c.create_task(new_task(org.id, user.id, HOURLY)).await.unwrap().id;
    let label = w.label(&org, "red").await;
    c.add_label(ResourceType::Tasks, task, label.id).await.unwrap();
    c.add_member(ResourceType::Tasks, task, user.id, Role::Member).await.unwrap();
    c.delete_org(org.id).await.unwrap();
    refused(c.find_task(task).await, NotFound, "task not found");
    for table in ["members", "label_mappings", "tasks", "task_runs"] {
        let count = sql(format!("SELECT count(*) AS n FROM {table}"));
        let row = c.database().fetch_optional(count).await.unwrap().unwrap();
        assert_eq!(row.get::<i64, _>("n").unwrap(), 0, "{table}");
    }
    // An owner may go; the task stays, and has no rights any more.
    let org = w.org("again").await;
    let task = c.create_task(new_task(org.id, user.id, HOURLY)).await.unwrap();
    c.delete_user(user.id).await.unwrap();
    assert_eq!(c.find_task(task.id).await.unwrap().owner_id, user.id);
}

/// Tasks break the rule: what is not allowed is no 401 here, and the gateway says what was attempted.
pub(crate) async fn refusals(w: World) {
    let (org, user) = (w.org("acme").await, w.user("ann").await);
    let task = w.catalog.create_task(new_task(org.id, user.id, HOURLY)).await.unwrap();
    let id = task.id;
    let held = |action| Permission::new(action, Resource::in_org(ResourceType::Tasks, org.id));
    let (none, reader) = (w.holding(user.id, vec![]), w.holding(user.id, vec![held(Action::Read)]));
    assert_eq!(reader.find_task(id).await.unwrap(), task);
    let all = TaskFilter { limit: 10, ..TaskFilter::default() };
    assert_eq!(none.list_tasks(&all).await.unwrap().len(), 0);
    assert_eq!(reader.list_tasks(&all).await.unwrap().len(), 1);
    assert_eq!(reader.list_runs(id, &RunFilter::default()).await.unwrap(), []);
    refused(reader.find_run(id, nobody()).await, NotFound, "run not found");
    refused(none.find_task(id).await, Internal, "unauthorized");
    refused(none.list_runs(id, &RunFilter::default()).await, Internal, "unauthorized");
    refused(none.find_run(id, nobody()).await, Internal, "unauthorized");
    for caller in [&none, &reader] {
        refused(caller.create_task(new_task(org.id, user.id, "")).await, Internal, "unauthorized");
        refused(caller.update_task(id, TaskUpdate::default()).await, Internal, "unauthorized");
        refused(caller.delete_task(id).await, Internal, "unauthorized");
        refused(caller.task_to_run(id).await, Internal, "unauthorized");
        refused(caller.run_to_retry(id, nobody()).await, Internal, "unauthorized");
        refused(caller.run_to_cancel(id, nobody()).await, Internal, "unauthorized");
    }
    let writer = w.holding(user.id, vec![held(Action::Write)]);
    refused(writer.run_to_retry(id, nobody()).await, NotFound, "run not found");
    refused(writer.run_to_cancel(id, nobody()).await, NotFound, "run not found");
    writer.task_to_run(id).await.unwrap();
    let asleep = TaskUpdate { status: Some(Status::Inactive), ..TaskUpdate::default() };
    writer.update_task(id, asleep).await.unwrap();
    refused(none.task_to_run(id).await, Invalid, "inactive task");
    refused(none.task_to_run(nobody()).await, NotFound, "task not found");
    writer.delete_task(id).await.unwrap();
}
