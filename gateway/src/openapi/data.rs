//! Writing, querying and deleting points, and what helps with it.

use super::builder::{Document, Operation, op};
use super::schema::*;

const TAG: &str = "Data";

fn write(summary: &'static str) -> Operation {
    op(TAG, summary)
        .header("Content-Encoding", word(&["gzip", "identity"]))
        .takes_as("text/plain", text())
        .done()
}

pub(super) fn describe(doc: &mut Document) {
    let precision = || word(&["ns", "us", "ms", "s"]);
    let lines = write("Write points in line protocol").org().must("bucket", some_text());
    doc.post("/api/v2/write", lines.query("precision", precision()));
    let lines = write("Write points, as to InfluxDB 1").must("db", some_text()).query("rp", text());
    doc.post("/write", lines.query("precision", text()).query("u", text()).query("p", text()));

    let delete = object([("start!", time()), ("stop!", time()), ("predicate", text())]);
    let delete = op(TAG, "Delete points").org().query("bucket", text()).query("bucketID", id()).takes(delete);
    doc.post("/api/v2/delete", delete.done());

    let dialect = object([
        ("header", flag()),
        ("delimiter", text()),
        ("annotations", list(word(&["group", "datatype", "default"]))),
        ("commentPrefix", text()),
        ("dateTimeFormat", word(&["RFC3339", "RFC3339Nano"])),
    ]);
    let query = object([
        ("query", text()),
        ("ast", some_object()),
        ("extern", some_object()),
        ("type", word(&["flux"])),
        ("dialect", dialect),
        ("now", time()),
        ("params", some_object()),
    ]);
    doc.schema("Query", query);
    let asked = op(TAG, "Run a script in Flux")
        .org()
        .header("Prefer", word(&["return-no-content", "return-no-content-with-error"]))
        .takes(of("Query"))
        .takes_as("application/vnd.flux", text())
        .answers_as(200, "text/csv", text());
    doc.post("/api/v2/query", asked.done());
    doc.schema("LanguageRequest", object([("query!", text()), ("type", text())]));
    let ast = object([("ast!", some_object())]);
    doc.post("/api/v2/query/ast", op(TAG, "Parse a script").takes(of("LanguageRequest")).answers(200, ast));
    let mistake =
        object([("line!", number()), ("column!", number()), ("character!", number()), ("message!", text())]);
    let errors = object([("errors!", list(mistake))]);
    doc.post(
        "/api/v2/query/analyze",
        op(TAG, "Find mistakes in a script").takes(of("LanguageRequest")).answers(200, errors),
    );
    doc.schema("Suggestion", object([("name!", text()), ("params!", map(text()))]));
    let all = object([("funcs!", list(of("Suggestion")))]);
    doc.get("/api/v2/query/suggestions", op(TAG, "The functions of Flux").answers(200, all));
    doc.get("/api/v2/query/suggestions/{name}", op(TAG, "A function of Flux").answers(200, of("Suggestion")));

    let series = object([
        ("name", text()),
        ("tags", map(text())),
        ("columns!", list(text())),
        ("values", list(list(any()))),
        ("partial", flag()),
    ]);
    let result = object([
        ("statement_id", number()),
        ("series", list(series)),
        ("error", text()),
        ("partial", flag()),
    ]);
    doc.schema("InfluxQLAnswer", object([("results", list(result)), ("error", text())]));
    let influxql = |summary| {
        op(TAG, summary)
            .query("db", text())
            .query("rp", text())
            .query("epoch", word(&["ns", "u", "ms", "s", "m", "h"]))
            .query("chunked", flag())
            .query("chunk_size", from_to(1, 1_000_000))
            .query("u", text())
            .query("p", text())
            .header(
                "Accept",
                word(&["application/json", "application/csv", "text/csv", "application/x-msgpack"]),
            )
            .answers(200, of("InfluxQLAnswer"))
            .answers_as(200, "application/csv", text())
            .answers_as(200, "text/csv", text())
            .answers_as(200, "application/x-msgpack", text())
    };
    doc.get("/query", influxql("Run InfluxQL").must("q", some_text()));
    let form = object([("q!", some_text()), ("db", text()), ("rp", text()), ("epoch", text())]);
    let sent = influxql("Run InfluxQL")
        .takes_as("application/x-www-form-urlencoded", form)
        .takes_as("application/vnd.influxql", some_text());
    doc.post("/query", sent);
}
