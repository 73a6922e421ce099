//! Runs of tasks: what is to be seen of them. Starting and stopping them needs an engine, which this server does not
//! have yet; what can be refused without one is.

use axum::extract::Path;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};
use weir_catalog::{Run, RunFilter};
use weir_model::{Credential, Error, ErrorCode, Id, Timestamp};

use super::{DEFAULT_LIMIT, MAX_LIMIT, failed, id, number, undecoded, view};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, Query, RawBody, body};
use crate::json::Compact;
use crate::params::Params;
use crate::routes::builder::Routes;
use crate::time::parse_rfc3339;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/api/v2/tasks/{id}/logs", task_logs)
        .get("/api/v2/tasks/{id}/runs", list)
        .post("/api/v2/tasks/{id}/runs", force)
        .get("/api/v2/tasks/{id}/runs/{run}", get)
        .delete("/api/v2/tasks/{id}/runs/{run}", cancel)
        .get("/api/v2/tasks/{id}/runs/{run}/logs", run_logs)
        .post("/api/v2/tasks/{id}/runs/{run}/retry", retry)
}

fn no_engine() -> ApiError {
    ApiError::new(ErrorCode::NotImplemented, "this server keeps tasks but does not run them yet")
}

/// Sessions are asked first whether they see the task at all.
async fn check_session(access: &Access, task: Id) -> ApiResult<()> {
    if !matches!(access.caller.credential, Credential::Session { .. }) {
        return Ok(());
    }
    let unknown = |error: Error| match error.code {
        ErrorCode::Unavailable => error.into(),
        _ => failed("task ID unknown or unauthorized")(error).code(ErrorCode::Unauthorized),
    };
    access.catalog.find_task(task).await.map(drop).map_err(unknown)
}

fn moment(text: &str) -> ApiResult<Timestamp> {
    let bad = || ApiError::invalid(format!("parsing time {text:?} as RFC 3339: cannot parse it"));
    let nanoseconds = parse_rfc3339(text).ok_or_else(bad)?;
    let bounded = nanoseconds.clamp(i128::from(i64::MIN), i128::from(i64::MAX));
    Ok(Timestamp(i64::try_from(bounded).map_err(|_| bad())?))
}

fn filter(params: &Params) -> ApiResult<RunFilter> {
    let after = params.id("after")?;
    let limit = match params.get("limit").map(number).transpose()? {
        None => DEFAULT_LIMIT,
        Some(limit @ 1..=MAX_LIMIT) => limit,
        Some(_) => return Err(ApiError::invalid("run limit is out of bounds, must be between 1 and 500")),
    };
    let after_time = params.get("afterTime").map(moment).transpose()?;
    let before_time = params.get("beforeTime").map(moment).transpose()?;
    if let (Some(after), Some(before)) = (after_time, before_time)
        && before <= after
    {
        return Err(ApiError::invalid("beforeTime must be later than afterTime"));
    }
    Ok(RunFilter { after, after_time, before_time, limit })
}

async fn list(access: Access, Path(text): Path<String>, Query(params): Query) -> ApiResult<Compact<Value>> {
    let task = id(&text)?;
    let filter = filter(&params).map_err(undecoded)?;
    check_session(&access, task).await?;
    let runs = access.catalog.list_runs(task, &filter).await.map_err(failed("failed to find runs"))?;
    let this = format!("/api/v2/tasks/{task}");
    let runs: Vec<Value> = runs.iter().map(view::run).collect();
    Ok(Compact::ok(json!({"links": {"self": format!("{this}/runs"), "task": this}, "runs": runs})))
}

async fn get(access: Access, Path((task, run)): Path<(String, String)>) -> ApiResult<Compact<Value>> {
    let (task, run) = (id(&task)?, id(&run)?);
    check_session(&access, task).await?;
    let run = access.catalog.find_run(task, run).await.map_err(failed("failed to find run"))?;
    Ok(Compact::ok(view::run(&run)))
}

/// The logs of some runs; no events at all are null, as in the reference.
fn logs(runs: &[Run]) -> Compact<Value> {
    let events: Vec<Value> = runs.iter().flat_map(view::events).collect();
    Compact::ok(json!({"events": if events.is_empty() { Value::Null } else { events.into() }}))
}

async fn task_logs(access: Access, Path(text): Path<String>) -> ApiResult<Compact<Value>> {
    let task = id(&text)?;
    check_session(&access, task).await?;
    let filter = RunFilter { limit: DEFAULT_LIMIT, ..RunFilter::default() };
    let runs = access.catalog.list_runs(task, &filter).await;
    Ok(logs(&runs.map_err(failed("failed to find task logs"))?))
}

async fn run_logs(access: Access, Path((task, run)): Path<(String, String)>) -> ApiResult<Compact<Value>> {
    let (task, run) = (id(&task)?, id(&run)?);
    check_session(&access, task).await?;
    let run = access.catalog.find_run(task, run).await.map_err(failed("failed to find task logs"))?;
    Ok(logs(&[run]))
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Force {
    scheduled_for: Option<String>,
}

fn decode_force(bytes: &Bytes) -> ApiResult<()> {
    if bytes.is_empty() {
        return Ok(());
    }
    let force: Force = body::decode_loosely(bytes).map_err(ApiError::invalid)?;
    force.scheduled_for.filter(|text| !text.is_empty()).as_deref().map(moment).transpose().map(drop)
}

async fn force(
    access: Access,
    Path(text): Path<String>,
    RawBody(bytes): RawBody,
) -> ApiResult<Compact<Value>> {
    let task = id(&text)?;
    decode_force(&bytes).map_err(undecoded)?;
    access.catalog.task_to_run(task).await.map_err(failed("failed to force run"))?;
    Err(no_engine())
}

async fn cancel(access: Access, Path((task, run)): Path<(String, String)>) -> ApiResult<Compact<Value>> {
    let (run, task) = (id(&run)?, id(&task)?);
    access.catalog.run_to_cancel(task, run).await.map_err(failed("failed to cancel run"))?;
    Err(no_engine())
}

async fn retry(access: Access, Path((task, run)): Path<(String, String)>) -> ApiResult<Compact<Value>> {
    let (task, run) = (id(&task)?, id(&run)?);
    check_session(&access, task).await?;
    access.catalog.run_to_retry(task, run).await.map_err(failed("failed to retry run"))?;
    Err(no_engine())
}
