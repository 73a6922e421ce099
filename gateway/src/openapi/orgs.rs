//! Organizations and their secrets.

use super::builder::{Document, op};
use super::schema::*;
use super::users::members;

const TAG: &str = "Organizations";

pub(super) fn describe(doc: &mut Document) {
    let org = object([
        ("id!", id()),
        ("name!", text()),
        ("description", text()),
        ("createdAt!", time()),
        ("updatedAt!", time()),
        ("links!", links()),
    ]);
    doc.schema("Organization", org);
    let all = object([("links!", links()), ("orgs!", list(of("Organization")))]);
    doc.get(
        "/api/v2/orgs",
        op(TAG, "List organizations").paged().org().query("userID", id()).answers(200, all),
    );
    let new = object([("name!", some_text()), ("description", text())]);
    doc.post(
        "/api/v2/orgs",
        op(TAG, "Make an organization")
            .takes(new)
            .answers(201, of("Organization"))
            .makes("/api/v2/orgs/{id}", "/id"),
    );
    doc.get("/api/v2/orgs/{id}", op(TAG, "An organization").answers(200, of("Organization")));
    let update = object([("name", some_text()), ("description", text())]);
    doc.patch(
        "/api/v2/orgs/{id}",
        op(TAG, "Change an organization").takes(update).answers(200, of("Organization")),
    );
    doc.delete("/api/v2/orgs/{id}", op(TAG, "Delete an organization with its buckets").done());
    members!(doc, TAG, "/api/v2/orgs/{id}");

    let keys = object([("links!", links()), ("secrets!", list(text()))]);
    doc.get("/api/v2/orgs/{id}/secrets", op(TAG, "The names of secrets").answers(200, keys));
    doc.patch("/api/v2/orgs/{id}/secrets", op(TAG, "Set secrets").takes(map(text())).done());
    doc.delete("/api/v2/orgs/{id}/secrets/{key}", op(TAG, "Delete a secret").done());
    let names = object([("secrets!", list(text()))]);
    doc.post("/api/v2/orgs/{id}/secrets/delete", op(TAG, "Delete secrets").takes(names).done());
}
