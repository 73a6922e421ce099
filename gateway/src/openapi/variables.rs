//! Variables of dashboards.

use serde_json::json;

use super::builder::{Document, op};
use super::labels::borne;
use super::schema::*;

const TAG: &str = "Variables";

pub(super) fn describe(doc: &mut Document) {
    let query = object([("query!", text()), ("language!", text())]);
    let arguments = either(&[
        object([("type!", word(&["constant"])), ("values!", list(text()))]),
        object([("type!", word(&["map"])), ("values!", map(text()))]),
        object([("type!", word(&["query"])), ("values!", query)]),
    ]);
    doc.schema("Arguments", arguments);
    let name = || json!({"type": "string", "pattern": "^[a-zA-Z_][a-zA-Z0-9_]*$", "minLength": 1});
    let variable = object([
        ("id!", id()),
        ("orgID!", id()),
        ("name!", text()),
        ("description", text()),
        ("selected", or_null(list(text()))),
        ("arguments!", of("Arguments")),
        ("createdAt!", time()),
        ("updatedAt!", time()),
        ("labels", list(of("Label"))),
        ("links!", links()),
    ]);
    doc.schema("Variable", variable);
    let new = object([
        ("orgID!", id()),
        ("name!", name()),
        ("description", text()),
        ("selected", or_null(list(text()))),
        ("arguments!", of("Arguments")),
    ]);
    doc.schema("NewVariable", new);
    let all = object([("links!", links()), ("variables!", list(of("Variable")))]);
    doc.get("/api/v2/variables", op(TAG, "List variables").paged().org().answers(200, all));
    doc.post(
        "/api/v2/variables",
        op(TAG, "Make a variable")
            .takes(of("NewVariable"))
            .answers(201, of("Variable"))
            .makes("/api/v2/variables/{id}", "/id"),
    );
    doc.get("/api/v2/variables/{id}", op(TAG, "A variable").answers(200, of("Variable")));
    doc.put(
        "/api/v2/variables/{id}",
        op(TAG, "Replace a variable").takes(of("NewVariable")).answers(200, of("Variable")),
    );
    let update = object([
        ("name", name()),
        ("description", text()),
        ("selected", or_null(list(text()))),
        ("arguments", of("Arguments")),
    ]);
    doc.patch(
        "/api/v2/variables/{id}",
        op(TAG, "Change a variable").takes(update).answers(200, of("Variable")),
    );
    doc.delete("/api/v2/variables/{id}", op(TAG, "Delete a variable").done());
    borne!(doc, TAG, "/api/v2/variables/{id}");
}
