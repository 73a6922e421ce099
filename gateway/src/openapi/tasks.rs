//! Tasks, their runs and logs.

use super::builder::{Document, op};
use super::labels::borne;
use super::schema::*;
use super::users::members;

const TAG: &str = "Tasks";

pub(super) fn describe(doc: &mut Document) {
    let status = || word(&["active", "inactive"]);
    let task = object([
        ("id!", id()),
        ("orgID!", id()),
        ("org", text()),
        ("ownerID", text()),
        ("name!", text()),
        ("description", text()),
        ("status", status()),
        ("flux!", text()),
        ("every", text()),
        ("cron", text()),
        ("offset", text()),
        ("latestCompleted", time()),
        ("lastRunStatus", text()),
        ("lastRunError", text()),
        ("createdAt", time()),
        ("updatedAt", time()),
        ("labels", list(of("Label"))),
        ("links!", links()),
    ]);
    doc.schema("Task", task);
    let listing = op(TAG, "List tasks")
        .org()
        .query("limit", from_to(1, 500))
        .query("after", id())
        .query("user", id())
        .query("name", text())
        .query("status", status())
        .query("type", word(&["basic", "system"]));
    let all = object([("links!", links()), ("tasks!", list(of("Task")))]);
    doc.get("/api/v2/tasks", listing.answers(200, all));
    let new = object([
        ("orgID", id()),
        ("org", text()),
        ("flux!", some_text()),
        ("status", status()),
        ("description", text()),
    ]);
    doc.post(
        "/api/v2/tasks",
        op(TAG, "Make a task").takes(new).answers(201, of("Task")).makes("/api/v2/tasks/{id}", "/id"),
    );
    doc.get("/api/v2/tasks/{id}", op(TAG, "A task").answers(200, of("Task")));
    let update = object([
        ("flux", text()),
        ("status", status()),
        ("name", text()),
        ("every", text()),
        ("cron", text()),
        ("offset", text()),
        ("description", text()),
    ]);
    doc.patch("/api/v2/tasks/{id}", op(TAG, "Change a task").takes(update).answers(200, of("Task")));
    doc.delete("/api/v2/tasks/{id}", op(TAG, "Delete a task").done());
    members!(doc, TAG, "/api/v2/tasks/{id}");
    borne!(doc, TAG, "/api/v2/tasks/{id}");

    let event = object([("runID", text()), ("time", text()), ("message!", text())]);
    doc.schema("Logs", object([("events!", or_null(list(event)))]));
    doc.get("/api/v2/tasks/{id}/logs", op(TAG, "What the runs of a task said").answers(200, of("Logs")));
    let run = object([
        ("id!", id()),
        ("taskID!", id()),
        ("status!", text()),
        ("scheduledFor!", time()),
        ("startedAt", time()),
        ("finishedAt", time()),
        ("requestedAt", time()),
        ("links!", links()),
    ]);
    doc.schema("Run", run);
    let runs = op(TAG, "List the runs of a task")
        .query("limit", from_to(1, 500))
        .query("after", id())
        .query("afterTime", time())
        .query("beforeTime", time());
    doc.get(
        "/api/v2/tasks/{id}/runs",
        runs.answers(200, object([("links!", links()), ("runs!", list(of("Run")))])),
    );
    let when = object([("scheduledFor", or_null(time()))]);
    doc.post("/api/v2/tasks/{id}/runs", op(TAG, "Run a task now").takes(when).answers(201, of("Run")));
    doc.get("/api/v2/tasks/{id}/runs/{run}", op(TAG, "A run").answers(200, of("Run")));
    doc.delete("/api/v2/tasks/{id}/runs/{run}", op(TAG, "Cancel a run").answers_nothing(200));
    doc.get("/api/v2/tasks/{id}/runs/{run}/logs", op(TAG, "What a run said").answers(200, of("Logs")));
    doc.post(
        "/api/v2/tasks/{id}/runs/{run}/retry",
        op(TAG, "Run a task for the same time again").answers(200, of("Run")),
    );
}
