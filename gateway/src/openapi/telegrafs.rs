//! Configurations of Telegraf, and what it can be configured with.

use super::builder::{Document, op};
use super::labels::borne;
use super::schema::*;
use super::users::members;

const TAG: &str = "Telegrafs";

pub(super) fn describe(doc: &mut Document) {
    let metadata = || object([("buckets", or_null(list(text())))]);
    let telegraf = object([
        ("id!", id()),
        ("orgID!", id()),
        ("name", text()),
        ("description", text()),
        ("config", text()),
        ("metadata!", metadata()),
        ("labels", list(of("Label"))),
        ("links!", links()),
    ]);
    doc.schema("Telegraf", telegraf);
    let new = object([
        ("orgID!", id()),
        ("name!", some_text()),
        ("description", text()),
        ("config!", some_text()),
        ("metadata", metadata()),
    ]);
    doc.schema("NewTelegraf", new);
    let all = object([("configurations!", list(of("Telegraf")))]);
    doc.get("/api/v2/telegrafs", op(TAG, "List configurations").org().answers(200, all));
    doc.post(
        "/api/v2/telegrafs",
        op(TAG, "Keep a configuration")
            .takes(of("NewTelegraf"))
            .answers(201, of("Telegraf"))
            .makes("/api/v2/telegrafs/{id}", "/id"),
    );
    let one = op(TAG, "A configuration, as TOML unless JSON is asked for")
        .header("Accept", word(&["application/toml", "application/json", "application/octet-stream"]))
        .answers(200, of("Telegraf"))
        .answers_as(200, "application/toml", text())
        .answers_as(200, "application/octet-stream", text());
    doc.get("/api/v2/telegrafs/{id}", one);
    doc.put(
        "/api/v2/telegrafs/{id}",
        op(TAG, "Replace a configuration").takes(of("NewTelegraf")).answers(200, of("Telegraf")),
    );
    doc.delete("/api/v2/telegrafs/{id}", op(TAG, "Delete a configuration").done());
    members!(doc, TAG, "/api/v2/telegrafs/{id}");
    borne!(doc, TAG, "/api/v2/telegrafs/{id}");

    let plugin =
        object([("type!", text()), ("name!", text()), ("description!", text()), ("config!", text())]);
    let plugins = object([("version!", text()), ("os!", text()), ("plugins!", list(plugin))]);
    let kinds = word(&["input", "output", "processor", "aggregator", "bundle"]);
    doc.get(
        "/api/v2/telegraf/plugins",
        op(TAG, "Plugins of Telegraf").query("type", kinds).answers(200, plugins),
    );
}
