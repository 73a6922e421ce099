//! Labels, and the labels of resources.

use super::builder::{Document, op};
use super::schema::*;

const TAG: &str = "Labels";

pub(super) fn describe(doc: &mut Document) {
    let label = [("id!", id()), ("orgID!", id()), ("name!", text()), ("properties", map(text()))];
    doc.schema("Label", object(label));
    doc.schema("LabelReply", object([("label!", of("Label")), ("links!", links())]));
    doc.schema("Labels", object([("labels!", list(of("Label"))), ("links!", links())]));
    doc.schema("LabelToAdd", object([("labelID!", id())]));

    doc.get(
        "/api/v2/labels",
        op(TAG, "List labels").query("orgID", id()).query("name", text()).answers(200, of("Labels")),
    );
    let new = object([("orgID!", id()), ("name!", some_text()), ("properties", map(text()))]);
    doc.post(
        "/api/v2/labels",
        op(TAG, "Make a label")
            .takes(new)
            .answers(201, of("LabelReply"))
            .makes("/api/v2/labels/{id}", "/label/id"),
    );
    doc.get("/api/v2/labels/{id}", op(TAG, "A label").answers(200, of("LabelReply")));
    let update = object([("name", some_text()), ("properties", map(text()))]);
    doc.patch("/api/v2/labels/{id}", op(TAG, "Change a label").takes(update).answers(200, of("LabelReply")));
    doc.delete("/api/v2/labels/{id}", op(TAG, "Delete a label").done());
}

/// Labels of the resources at a path.
pub(super) fn describe_borne(doc: &mut Document, tag: &'static str, all: &'static str, one: &'static str) {
    doc.get(all, op(tag, "List labels").answers(200, of("Labels")));
    doc.post(all, op(tag, "Add a label").takes(of("LabelToAdd")).answers(201, of("LabelReply")));
    doc.delete(one, op(tag, "Remove a label").done());
}

/// Labels of the resources at a path.
macro_rules! borne {
    ($doc:expr, $tag:expr, $path:literal) => {
        $crate::openapi::labels::describe_borne(
            $doc,
            $tag,
            concat!($path, "/labels"),
            concat!($path, "/labels/{label}"),
        )
    };
}
pub(super) use borne;
