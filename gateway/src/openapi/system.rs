//! What the server says about itself, setting it up, signing in and out.

use serde_json::json;

use super::builder::{Document, op};
use super::schema::*;

const TAG: &str = "System";

pub(super) fn describe(doc: &mut Document) {
    let codes = [
        "internal error",
        "not implemented",
        "not found",
        "conflict",
        "invalid",
        "unprocessable entity",
        "empty value",
        "unavailable",
        "forbidden",
        "too many requests",
        "unauthorized",
        "method not allowed",
        "request too large",
    ];
    doc.schema("Error", object([("code!", word(&codes)), ("message!", text())]));
    let health = object([
        ("name!", text()),
        ("message!", text()),
        ("status!", word(&["pass", "fail"])),
        ("checks!", list(some_object())),
        ("version!", text()),
        ("commit!", text()),
    ]);
    doc.schema("Health", health);

    doc.get(
        "/health",
        op(TAG, "Whether reads and writes are served")
            .open()
            .answers(200, of("Health"))
            .answers(503, of("Health")),
    );
    let ready = object([("status!", word(&["ready"])), ("started!", time()), ("up!", text())]);
    doc.get("/ready", op(TAG, "Since when the server runs").open().answers(200, ready));
    doc.get("/ping", op(TAG, "Whether the server is there").open().done());
    doc.get("/metrics", op(TAG, "Metrics for Prometheus").open().answers_as(200, "text/plain", text()));
    doc.get("/api/v2", op(TAG, "Where everything is").open().answers(200, some_object()));
    doc.get("/api/v2/swagger.json", op(TAG, "This document").open().answers(200, some_object()));
    doc.get("/api/v2/flags", op(TAG, "Switches of the user interface").answers(200, map(any())));
    doc.get(
        "/api/v2/config",
        op(TAG, "The flags the server runs with").answers(200, object([("config!", map(any()))])),
    );
    doc.get("/api/v2/resources", op(TAG, "The types of resources").answers(200, list(text())));

    let allowed = object([("allowed!", flag())]);
    doc.get(
        "/api/v2/setup",
        op(TAG, "Whether the server is still to be set up").open().answers(200, allowed),
    );
    let setup = object([
        ("username!", some_text()),
        ("password", json!({"type": "string", "minLength": 8, "maxLength": 72})),
        ("org!", some_text()),
        ("bucket!", some_text()),
        ("token", some_text()),
        ("retentionPeriodSeconds", from_to(0, 3_153_600_000)),
    ]);
    let made = object([
        ("user!", of("User")),
        ("org!", of("Organization")),
        ("bucket!", of("Bucket")),
        ("auth!", of("Authorization")),
    ]);
    doc.post(
        "/api/v2/setup",
        op(TAG, "Set up a fresh server: a user, an organization, a bucket, a token")
            .open()
            .takes(setup)
            .answers(201, made),
    );
    doc.post("/api/v2/signin", op(TAG, "Sign in with name and password, for a cookie").open().done());
    doc.post("/api/v2/signout", op(TAG, "End a session").open().done());
}
