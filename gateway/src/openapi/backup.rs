//! Copies of everything, and putting them back.

use super::builder::{Document, op};
use super::schema::*;

const TAG: &str = "Backup";
const BYTES: &str = "application/octet-stream";

pub(super) fn describe(doc: &mut Document) {
    doc.get("/api/v2/backup/kv", op(TAG, "Copy the resources").answers_as(200, BYTES, text()));
    doc.get(
        "/api/v2/backup/metadata",
        op(TAG, "Copy the resources and say what there is").answers_as(200, "multipart/mixed", text()),
    );
    let shard = op(TAG, "Copy a shard").query("since", time());
    doc.get("/api/v2/backup/shards/{id}", shard.answers_as(200, BYTES, text()));
    let token = object([("token", text())]);
    doc.post(
        "/api/v2/restore/kv",
        op(TAG, "Put the resources back").takes_as(BYTES, text()).answers(200, token),
    );
    doc.post(
        "/api/v2/restore/sql",
        op(TAG, "Put the rest of the resources back").takes_as(BYTES, text()).answers_nothing(200),
    );
    let mapping = object([("oldId!", number()), ("newId!", number())]);
    let mappings = || object([("id!", id()), ("name!", text()), ("shardMappings!", list(mapping.clone()))]);
    for path in ["/api/v2/restore/bucketMetadata", "/api/v2/restore/bucket-metadata"] {
        doc.post(
            path,
            op(TAG, "Put a bucket back, without points").takes(some_object()).answers(201, mappings()),
        );
    }
    doc.post(
        "/api/v2/restore/buckets/{id}",
        op(TAG, "Put a bucket back").takes_as(BYTES, text()).answers_as(200, BYTES, text()),
    );
    doc.post(
        "/api/v2/restore/shards/{id}",
        op(TAG, "Put a shard back").takes_as(BYTES, text()).answers_nothing(200),
    );
}
