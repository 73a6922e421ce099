//! Buckets, and the v1 names for them.

use super::builder::{Document, op};
use super::labels::borne;
use super::schema::*;
use super::users::members;

const TAG: &str = "Buckets";

pub(super) fn describe(doc: &mut Document) {
    let rule = |seconds| {
        object([("type", word(&["expire"])), (seconds, number()), ("shardGroupDurationSeconds", number())])
    };
    doc.schema("RetentionRule", rule("everySeconds!"));
    let bucket = object([
        ("id!", id()),
        ("orgID!", id()),
        ("type!", word(&["user", "system"])),
        ("name!", text()),
        ("description", text()),
        ("rp", text()),
        ("retentionRules!", list(of("RetentionRule"))),
        ("createdAt!", time()),
        ("updatedAt!", time()),
        ("links!", links()),
        ("labels", list(of("Label"))),
    ]);
    doc.schema("Bucket", bucket);
    let all = object([("links!", links()), ("buckets!", list(of("Bucket")))]);
    doc.get(
        "/api/v2/buckets",
        op(TAG, "List buckets").paged().org().query("name", text()).query("id", id()).answers(200, all),
    );
    let new = object([
        ("orgID!", id()),
        ("name!", some_text()),
        ("description", text()),
        ("rp", text()),
        ("retentionRules", list(of("RetentionRule"))),
    ]);
    doc.post(
        "/api/v2/buckets",
        op(TAG, "Make a bucket").takes(new).answers(201, of("Bucket")).makes("/api/v2/buckets/{id}", "/id"),
    );
    doc.get("/api/v2/buckets/{id}", op(TAG, "A bucket").answers(200, of("Bucket")));
    let update = object([
        ("name", some_text()),
        ("description", text()),
        ("retentionRules", list(rule("everySeconds"))),
    ]);
    doc.patch("/api/v2/buckets/{id}", op(TAG, "Change a bucket").takes(update).answers(200, of("Bucket")));
    doc.delete("/api/v2/buckets/{id}", op(TAG, "Delete a bucket with its points").done());
    members!(doc, TAG, "/api/v2/buckets/{id}");
    borne!(doc, TAG, "/api/v2/buckets/{id}");
    dbrps(doc);
}

fn dbrps(doc: &mut Document) {
    let dbrp = object([
        ("id!", id()),
        ("orgID!", id()),
        ("bucketID!", id()),
        ("database!", text()),
        ("retention_policy!", text()),
        ("default!", flag()),
        ("virtual", flag()),
    ]);
    doc.schema("DBRP", dbrp);
    let listing = op(TAG, "List v1 names of buckets")
        .org()
        .query("id", id())
        .query("bucketID", id())
        .query("db", text())
        .query("rp", text())
        .query("default", flag());
    doc.get("/api/v2/dbrps", listing.answers(200, object([("content!", list(of("DBRP")))])));
    let new = object([
        ("orgID", id()),
        ("org", text()),
        ("bucketID!", id()),
        ("database!", some_text()),
        ("retention_policy!", some_text()),
        ("default", flag()),
    ]);
    doc.post(
        "/api/v2/dbrps",
        op(TAG, "Give a bucket a v1 name")
            .takes(new)
            .answers(201, of("DBRP"))
            .makes("/api/v2/dbrps/{id}", "/id"),
    );
    let one = || object([("content!", of("DBRP"))]);
    doc.get("/api/v2/dbrps/{id}", op(TAG, "A v1 name").org().answers(200, one()));
    let update = object([("retention_policy", some_text()), ("default", flag())]);
    doc.patch("/api/v2/dbrps/{id}", op(TAG, "Change a v1 name").org().takes(update).answers(200, one()));
    doc.delete("/api/v2/dbrps/{id}", op(TAG, "Delete a v1 name").org().done());
}
