//! Dashboards, their cells, and the views in them.

use super::builder::{Document, op};
use super::labels::borne;
use super::schema::*;
use super::users::members;

const TAG: &str = "Dashboards";

pub(super) fn describe(doc: &mut Document) {
    let place = || from_to(-2_147_483_648, 2_147_483_647);
    doc.schema("ViewProperties", some_object());
    let view =
        object([("id!", id()), ("name!", text()), ("properties!", of("ViewProperties")), ("links", links())]);
    doc.schema("View", view);
    let cell = object([
        ("id!", id()),
        ("x!", number()),
        ("y!", number()),
        ("w!", number()),
        ("h!", number()),
        ("name", text()),
        ("properties", of("ViewProperties")),
        ("links!", links()),
    ]);
    doc.schema("Cell", cell);
    let meta = object([("createdAt!", time()), ("updatedAt!", time())]);
    let dashboard = object([
        ("id!", id()),
        ("orgID!", id()),
        ("name!", text()),
        ("description!", text()),
        ("meta!", meta),
        ("cells!", list(of("Cell"))),
        ("labels!", list(of("Label"))),
        ("links!", links()),
    ]);
    doc.schema("Dashboard", dashboard);
    let cell_place = || object([("x", place()), ("y", place()), ("w", place()), ("h", place())]);
    doc.schema("CellPlace", cell_place());

    let all = object([("links!", links()), ("dashboards!", list(of("Dashboard")))]);
    let listing = op(TAG, "List dashboards")
        .query("limit", from_to(1, 100))
        .query("offset", from_to(0, 1_000_000))
        .query("descending", flag())
        .query("sortBy", word(&["ID", "CreatedAt", "UpdatedAt", "Name"]))
        .query("id", list(id()))
        .query("ownerID", id())
        .org();
    doc.get("/api/v2/dashboards", listing.answers(200, all));
    let new = object([("orgID!", id()), ("name!", some_text()), ("description", text())]);
    doc.post(
        "/api/v2/dashboards",
        op(TAG, "Make a dashboard")
            .takes(new)
            .answers(201, of("Dashboard"))
            .makes("/api/v2/dashboards/{id}", "/id"),
    );
    doc.get(
        "/api/v2/dashboards/{id}",
        op(TAG, "A dashboard").query("include", word(&["properties"])).answers(200, of("Dashboard")),
    );
    let update = object([("name", some_text()), ("description", text())]);
    doc.patch(
        "/api/v2/dashboards/{id}",
        op(TAG, "Change a dashboard").takes(update).answers(200, of("Dashboard")),
    );
    doc.delete("/api/v2/dashboards/{id}", op(TAG, "Delete a dashboard with its cells").done());
    members!(doc, TAG, "/api/v2/dashboards/{id}");
    borne!(doc, TAG, "/api/v2/dashboards/{id}");

    let cells = "/api/v2/dashboards/{id}/cells";
    let new = object([
        ("x", place()),
        ("y", place()),
        ("w", place()),
        ("h", place()),
        ("name", text()),
        ("usingView", id()),
    ]);
    doc.post(cells, op(TAG, "Add a cell").takes(new).answers(201, of("Cell")));
    let known = object([("id!", id()), ("x", place()), ("y", place()), ("w", place()), ("h", place())]);
    let shown = object([("cells!", list(of("Cell"))), ("links!", links())]);
    doc.put(
        cells,
        op(TAG, "Put the cells in other places, or remove some").takes(list(known)).answers(201, shown),
    );
    let one = "/api/v2/dashboards/{id}/cells/{cell}";
    doc.patch(one, op(TAG, "Put a cell in another place").takes(of("CellPlace")).answers(200, of("Cell")));
    doc.delete(one, op(TAG, "Remove a cell").done());
    let view = "/api/v2/dashboards/{id}/cells/{cell}/view";
    doc.get(view, op(TAG, "The view of a cell").answers(200, of("View")));
    let update = object([("name", text()), ("properties", of("ViewProperties"))]);
    doc.patch(view, op(TAG, "Change the view of a cell").takes(update).answers(200, of("View")));
}
