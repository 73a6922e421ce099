//! Remotes, and replications to them.

use super::builder::{Document, op};
use super::schema::*;

const TAG: &str = "Replications";

pub(super) fn describe(doc: &mut Document) {
    let remote = object([
        ("id!", id()),
        ("orgID!", id()),
        ("name!", text()),
        ("description", text()),
        ("remoteURL!", text()),
        ("remoteOrgID!", or_null(id())),
        ("allowInsecureTLS!", flag()),
    ]);
    doc.schema("Remote", remote);
    let all = object([("remotes!", or_null(list(of("Remote"))))]);
    let listing =
        op(TAG, "List remotes").must("orgID", id()).query("name", text()).query("remoteURL", text());
    doc.get("/api/v2/remotes", listing.answers(200, all));
    let new = object([
        ("orgID!", id()),
        ("name!", text()),
        ("description", text()),
        ("remoteURL!", text()),
        ("remoteAPIToken!", text()),
        ("remoteOrgID", id()),
        ("allowInsecureTLS", flag()),
    ]);
    doc.post(
        "/api/v2/remotes",
        op(TAG, "Make a remote").takes(new).answers(201, of("Remote")).makes("/api/v2/remotes/{id}", "/id"),
    );
    doc.get("/api/v2/remotes/{id}", op(TAG, "A remote").answers(200, of("Remote")));
    let update = object([
        ("name", text()),
        ("description", text()),
        ("remoteURL", text()),
        ("remoteAPIToken", text()),
        ("remoteOrgID", id()),
        ("allowInsecureTLS", flag()),
    ]);
    doc.patch("/api/v2/remotes/{id}", op(TAG, "Change a remote").takes(update).answers(200, of("Remote")));
    doc.delete("/api/v2/remotes/{id}", op(TAG, "Delete a remote").done());
    replications(doc);
}

fn replications(doc: &mut Document) {
    let replication = object([
        ("id!", id()),
        ("orgID!", id()),
        ("name!", text()),
        ("description", text()),
        ("remoteID!", id()),
        ("localBucketID!", id()),
        ("remoteBucketID!", or_null(id())),
        ("RemoteBucketName!", text()),
        ("maxQueueSizeBytes!", number()),
        ("currentQueueSizeBytes!", number()),
        ("remainingBytesToBeSynced!", number()),
        ("latestResponseCode", number()),
        ("latestErrorMessage", text()),
        ("dropNonRetryableData!", flag()),
        ("maxAgeSeconds!", number()),
    ]);
    doc.schema("Replication", replication);
    let all = object([("replications!", or_null(list(of("Replication"))))]);
    let listing = op(TAG, "List replications")
        .must("orgID", id())
        .query("name", text())
        .query("remoteID", id())
        .query("localBucketID", id());
    doc.get("/api/v2/replications", listing.answers(200, all));
    let queue = || from_to(33_554_430, i64::MAX);
    let age = || either(&[from_to(0, 0), from_to(60, 5_184_000)]);
    let new = object([
        ("orgID!", id()),
        ("name!", text()),
        ("description", text()),
        ("remoteID!", id()),
        ("localBucketID!", id()),
        ("remoteBucketID", id()),
        ("remoteBucketName", text()),
        ("maxQueueSizeBytes", queue()),
        ("maxAgeSeconds", age()),
        ("dropNonRetryableData", flag()),
    ]);
    let validate = || word(&["true", "false"]);
    let create = op(TAG, "Make a replication, or try whether one would work").query("validate", validate());
    let create = create.takes(new).answers(201, of("Replication")).done();
    doc.post("/api/v2/replications", create.makes("/api/v2/replications/{id}", "/id"));
    doc.get("/api/v2/replications/{id}", op(TAG, "A replication").answers(200, of("Replication")));
    let update = object([
        ("name", text()),
        ("description", text()),
        ("remoteID", id()),
        ("remoteBucketID", id()),
        ("remoteBucketName", text()),
        ("maxQueueSizeBytes", queue()),
        ("maxAgeSeconds", age()),
        ("dropNonRetryableData", flag()),
    ]);
    let change = op(TAG, "Change a replication, or try whether it would work").query("validate", validate());
    doc.patch("/api/v2/replications/{id}", change.takes(update).answers(200, of("Replication")).done());
    doc.delete("/api/v2/replications/{id}", op(TAG, "Delete a replication").done());
    doc.post("/api/v2/replications/{id}/validate", op(TAG, "Try whether a replication works").done());
}
