//! What only the user interface uses: notebooks, annotations and their streams.

use super::builder::{Document, op};
use super::schema::*;

const TAG: &str = "Private";

pub(super) fn describe(doc: &mut Document) {
    let notebook = object([
        ("id!", id()),
        ("orgID!", id()),
        ("name!", text()),
        ("spec!", any()),
        ("createdAt!", time()),
        ("updatedAt!", time()),
    ]);
    doc.schema("Notebook", notebook);
    doc.schema("NewNotebook", object([("orgID!", id()), ("name!", some_text()), ("spec!", some_object())]));
    let all = "/api/v2private/notebooks";
    let one = "/api/v2private/notebooks/{id}";
    let flows = object([("flows!", list(of("Notebook")))]);
    doc.get(all, op(TAG, "List notebooks").must("orgID", id()).answers(200, flows));
    doc.post(
        all,
        op(TAG, "Make a notebook").takes(of("NewNotebook")).answers(200, of("Notebook")).makes(one, "/id"),
    );
    doc.get(one, op(TAG, "A notebook").answers(200, of("Notebook")));
    doc.put(one, op(TAG, "Replace a notebook").takes(of("NewNotebook")).answers(200, of("Notebook")));
    doc.patch(one, op(TAG, "Replace a notebook").takes(of("NewNotebook")).answers(200, of("Notebook")));
    doc.delete(one, op(TAG, "Delete a notebook").done());
    annotations(doc);
    streams(doc);
}

fn annotations(doc: &mut Document) {
    let shown = || {
        [
            ("id!", id()),
            ("stream", text()),
            ("summary!", text()),
            ("message", text()),
            ("stickers", map(text())),
            ("startTime!", time()),
            ("endTime!", time()),
        ]
    };
    doc.schema("Annotation", object(shown()));
    let new = object([
        ("stream", text()),
        ("summary!", some_text()),
        ("message", text()),
        ("stickers", map(text())),
        ("startTime", time()),
        ("endTime", time()),
    ]);
    doc.schema("NewAnnotation", new);
    let all = "/api/v2private/annotations";
    let one = "/api/v2private/annotations/{id}";
    let group = object([("stream!", text()), ("annotations!", list(of("Annotation")))]);
    let listing = op(TAG, "List annotations by stream")
        .must("orgID", id())
        .query("streamIncludes", list(text()))
        .query("startTime", time())
        .query("endTime", time());
    doc.get(all, listing.answers(200, list(group)));
    let create = op(TAG, "Make annotations").must("orgID", id()).takes(list(of("NewAnnotation")));
    doc.post(all, create.answers(200, list(of("Annotation"))).makes(one, "/0/id"));
    let delete = op(TAG, "Delete annotations")
        .must("orgID", id())
        .query("stream", text())
        .query("streamID", id())
        .must("startTime", time())
        .must("endTime", time());
    doc.delete(all, delete.done());
    doc.get(one, op(TAG, "An annotation").answers(200, of("Annotation")));
    doc.put(one, op(TAG, "Replace an annotation").takes(of("NewAnnotation")).answers(200, of("Annotation")));
    doc.delete(one, op(TAG, "Delete an annotation").done());
}

fn streams(doc: &mut Document) {
    let stream = object([
        ("id!", id()),
        ("stream!", text()),
        ("description", text()),
        ("createdAt!", time()),
        ("updatedAt!", time()),
    ]);
    doc.schema("Stream", stream);
    doc.schema("NewStream", object([("stream", text()), ("description", text())]));
    let all = "/api/v2private/streams";
    let one = "/api/v2private/streams/{id}";
    let listing = op(TAG, "List streams").must("orgID", id()).query("streamIncludes", list(text()));
    doc.get(all, listing.answers(200, list(of("Stream"))));
    let put = op(TAG, "Make or change a stream by its name").must("orgID", id());
    doc.put(all, put.takes(of("NewStream")).answers(200, of("Stream")).makes(one, "/id"));
    let delete = op(TAG, "Delete streams by name").must("orgID", id()).must("stream", list(some_text()));
    doc.delete(all, delete.done());
    doc.put(one, op(TAG, "Change a stream").takes(of("NewStream")).answers(200, of("Stream")));
    doc.delete(one, op(TAG, "Delete a stream").done());
}
