//! Templates, and the stacks they are applied to.

use super::builder::{Document, op};
use super::schema::*;

const TAG: &str = "Templates";

pub(super) fn describe(doc: &mut Document) {
    let resource = object([
        ("apiVersion", text()),
        ("resourceID", text()),
        ("kind", text()),
        ("templateMetaName", text()),
        ("associations", list(some_object())),
        ("links", links()),
    ]);
    let event = object([
        ("eventType!", text()),
        ("name", text()),
        ("description", text()),
        ("sources", or_null(list(text()))),
        ("resources", or_null(list(resource))),
        ("urls", or_null(list(text()))),
        ("updatedAt", time()),
    ]);
    let stack = object([("id!", id()), ("orgID!", id()), ("createdAt", time()), ("events!", list(event))]);
    doc.schema("Stack", stack);
    let listing = op(TAG, "List stacks").must("orgID", id()).query("name", text()).query("stackID", text());
    doc.get("/api/v2/stacks", listing.answers(200, object([("stacks!", list(of("Stack")))])));
    let new = object([("orgID!", id()), ("name", text()), ("description", text()), ("urls", list(text()))]);
    doc.post(
        "/api/v2/stacks",
        op(TAG, "Make a stack").takes(new).answers(201, of("Stack")).makes("/api/v2/stacks/{id}", "/id"),
    );
    doc.get("/api/v2/stacks/{id}", op(TAG, "A stack").answers(200, of("Stack")));
    let update = object([
        ("name", text()),
        ("description", text()),
        ("templateURLs", list(text())),
        (
            "additionalResources",
            list(object([("resourceID!", id()), ("kind!", text()), ("templateMetaName", text())])),
        ),
    ]);
    doc.patch("/api/v2/stacks/{id}", op(TAG, "Change a stack").takes(update).answers(200, of("Stack")));
    doc.delete(
        "/api/v2/stacks/{id}",
        op(TAG, "Delete a stack with its resources").must("orgID", id()).done(),
    );
    let uninstall = op(TAG, "Delete the resources of a stack").query("orgID", id());
    doc.post("/api/v2/stacks/{id}/uninstall", uninstall.answers(200, of("Stack")));

    let template = || {
        object([
            ("contentType", text()),
            ("sources", list(text())),
            ("contents", or_null(list(some_object()))),
        ])
    };
    let action = object([("action!", word(&["skipKind", "skipResource"])), ("properties!", some_object())]);
    let apply = object([
        ("dryRun", flag()),
        ("orgID!", id()),
        ("stackID", or_null(id())),
        ("template", template()),
        ("templates", list(template())),
        ("envRefs", map(any())),
        ("secrets", map(text())),
        ("remotes", list(object([("url!", text()), ("contentType", text())]))),
        ("actions", list(action)),
    ]);
    let applied = object([
        ("sources", or_null(list(text()))),
        ("stackID", or_null(text())),
        ("diff", some_object()),
        ("summary", some_object()),
        ("errors", or_null(list(any()))),
        ("code", text()),
        ("message", text()),
    ]);
    doc.schema("Applied", applied);
    let apply = op(TAG, "Apply templates").takes(apply);
    let apply = apply.answers(200, of("Applied")).answers(201, of("Applied")).answers(422, of("Applied"));
    doc.post("/api/v2/templates/apply", apply);
    let of_org = object([("orgID", id()), ("resourceFilters", some_object())]);
    let of_resource = object([("id", id()), ("kind", text()), ("name", text())]);
    let export = object([("stackID", id()), ("orgIDs", list(of_org)), ("resources", list(of_resource))]);
    let exported = op(TAG, "Write resources as a template")
        .header("Accept", word(&["application/json", "application/x-yaml"]))
        .takes(export)
        .answers(200, list(some_object()))
        .answers_as(200, "application/x-yaml", text());
    doc.post("/api/v2/templates/export", exported);
}
